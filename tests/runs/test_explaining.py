"""An explanation as of a past day knows nothing of later days; a customer's nothing of staff."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from reconciler.ledger import Approval
from reconciler.model.errors import WrongUsage
from reconciler.model.explanation import Explanation
from reconciler.model.reading import Reading
from reconciler.report.explain_text import dumps
from reconciler.runs.accepting import accept_prices
from reconciler.runs.explaining import ExplainOptions, explain
from reconciler.sandbox import Behaviour
from tests.apply.story import readings
from tests.runs.conftest import MakeWorld
from tests.runs.world import METRIC, PRODUCT, TODAY, World

BEFORE, AFTER = date(2026, 11, 18), date(2026, 11, 20)


def told(world: World, as_of: date | None = None) -> Explanation:
    (one,) = explain(
        world.around, world.ledger, ExplainOptions("Brass Building Supplies", None, as_of)
    )
    return one


def stand(world: World, **settings: str) -> World:
    """Ten endpoints that were 12 from the 9th on and 15 from the 20th; written on the 23rd."""
    world.service("endpoint")
    world.row("endpoint", 10)
    world.configure(**settings)
    world.baseline()
    world.read("endpoint", readings((1, 10), (9, 12), (20, 15)))
    return world


@pytest.fixture(params=["append", "upsert"])
def world(request: pytest.FixtureRequest, make_world: MakeWorld) -> World:
    return stand(make_world(behaviour=Behaviour(line_update=request.param)))


def test_what_was_made_later_is_not_shown(world: World) -> None:
    world.apply()
    now, then = told(world), told(world, BEFORE)
    assert (now.units, now.wanted, len(now.writes), len(now.known)) == (15, 15, 2, 3)
    assert (then.units, then.wanted, then.writes) == (10, 12, ())
    assert [(fact.day, fact.units) for fact in then.known] == [(date(2026, 1, 1), 10)]
    assert [day for day, _ in then.desired if day > BEFORE] == []
    assert all(reading.day < BEFORE for reading in then.readings)


def test_rows_of_different_prices_count_at_their_own(make_world: MakeWorld) -> None:
    world = stand(make_world())
    world.apply()
    world.sandbox.ui.reprice(world.sandbox.tables().rows()[0].row_id, "9.00")
    accept_prices(world.around, world.ledger, "agreed")
    world.plan()
    same = told(world)
    assert same.by_price == ((Decimal("9.00"), 10), (Decimal("10.00"), 5))
    assert (same.price, same.monthly) == (Decimal("10.00"), Decimal("140.00"))
    world.sandbox.advance(timedelta(days=1))
    world.read("endpoint", {date(2026, 11, 23): 12})
    less = told(world)
    assert (less.by_price, less.monthly) == (same.by_price, same.monthly)
    (change,) = less.changes
    assert less.wanted_monthly - Decimal("140.00") == change.money.monthly == Decimal("-30.00")


@pytest.mark.parametrize("price", ["", "price: 12.00, "], ids=["later", "configured"])
def test_now_is_what_bms_bills_whatever_waits(make_world: MakeWorld, price: str) -> None:
    later = "changes: [{from: 2026-12-01, price: 13.00}]"
    world = stand(make_world())
    world.apply()
    world.configure(endpoint=f"{price}{later}")
    one = told(world)
    assert (one.price, one.by_price, one.monthly) == (Decimal("10.00"), (), Decimal("150.00"))
    assert one.wanted_monthly == Decimal("180.00" if price else "150.00")
    assert [change.kind for change in one.changes] == (["price"] if price else [])
    (begins,) = one.later
    assert (begins.name, begins.after, begins.day) == ("price", "13.00", date(2026, 12, 1))
    assert told(world, BEFORE).later == ()


def test_a_line_that_bms_does_not_have_bills_nothing_now(make_world: MakeWorld) -> None:
    world = make_world()
    world.service("endpoint")
    world.configure()
    world.read("endpoint", readings((9, 12)))
    world.plan()
    one = told(world)
    assert (one.units, one.price, one.monthly) == (0, None, Decimal("0.00"))
    assert one.wanted_monthly == Decimal("120.00")


def test_before_rows_differed_in_price_they_count_at_what_they_had(make_world: MakeWorld) -> None:
    world = stand(make_world())
    world.apply()
    world.sandbox.advance(timedelta(days=2))
    world.read("endpoint", {date(2026, 11, n): 15 for n in (23, 24)})
    world.configure(endpoint="price: 12.00")
    world.apply()
    then = told(world, TODAY)
    assert (then.by_price, then.monthly) == ((), Decimal("150.00"))


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2025, 12, 1), "Managed Services of Brass Building Supplies starts on 2026-01-01"),
        (date(2028, 5, 1), "Managed Services of Brass Building Supplies ended on 2027-12-31"),
    ],
)
def test_a_day_without_a_contract_says_when_there_is_one(
    world: World, day: date, told: str
) -> None:
    world.plan()
    asked = ExplainOptions("Brass Building Supplies", None, day)
    with pytest.raises(WrongUsage, match=f"has no line on {day}: {told}"):
        explain(world.around, world.ledger, asked)


def test_what_is_dated_later_is_not_shown(world: World) -> None:
    world.plan()
    assert [change.day.day for change in told(world).changes] == [9, 20]
    assert [change.day.day for change in told(world, BEFORE).changes] == [9]


def test_a_later_price_is_not_shown(make_world: MakeWorld) -> None:
    world = stand(make_world())
    world.apply()
    world.sandbox.advance(timedelta(days=2))
    world.read("endpoint", {date(2026, 11, 23): 15, date(2026, 11, 24): 15})
    world.configure(endpoint="price: 12.00")
    world.apply()
    assert str(told(world).price) == "12.00"
    assert str(told(world, TODAY).price) == "10.00"
    assert len(told(world, TODAY).writes) == 2


def test_a_line_that_a_later_write_began_was_not_there(make_world: MakeWorld) -> None:
    world = make_world()
    world.service("endpoint")
    world.configure()
    world.read("endpoint", readings((9, 12)))
    world.apply()
    assert told(world).units == 12
    assert (told(world, BEFORE).units, told(world, BEFORE).known) == (0, ())


def test_settings_are_shown_as_they_are_written(make_world: MakeWorld) -> None:
    fixed = "{fixed: 4, until: 2026-12-31, reason: dispute of October}"
    world = stand(make_world(), endpoint=f"units: {fixed}, gaps: {{allow: 3d}}, per: 2.50")
    world.plan()
    shown = {setting.name: setting.value for setting in told(world).settings}
    assert (shown["units"], shown["gaps"], shown["per"]) == (fixed, "{allow: 3d}", "2.50")


def test_a_line_that_ended_says_so_and_where_that_stands(make_world: MakeWorld) -> None:
    world = stand(make_world(), endpoint="from: 2026-01-01, last_day: 2026-11-15")
    world.plan()
    one, before = told(world), told(world, date(2026, 11, 15))
    assert one.wanted == 0
    for steps in (one.steps, one.customer_steps):
        last = [(step.what, step.value) for step in steps[-2:]]
        ended = ("last day of the line", "2026-11-15, 0 from 2026-11-16 on")
        assert last == [("units", "12"), ended]
    shown = {setting.name: setting for setting in one.settings}
    assert (shown["from"].value, shown["last_day"].value) == ("2026-01-01", "2026-11-15")
    text = (world.config / "accounts/brass.yaml").read_text("utf-8").splitlines()
    for key in ("from", "last_day"):
        file, _, line = shown[key].place.rpartition(":")
        assert file == "billing-config/accounts/brass.yaml"
        assert key in text[int(line) - 1]
    assert before.steps[-1].what == "units"
    assert before.settings == one.settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("units", "{{fixed: 4, until: {}, reason: dispute of October}}"),
        ("commitment", "{{floor: 4, until: {}, reason: agreed}}"),
    ],
)
def test_what_a_person_agreed_to_is_over_from_the_day_after(
    make_world: MakeWorld, name: str, value: str
) -> None:
    for until, over in (("2026-11-22", ", over since 2026-11-23"), ("2026-11-23", "")):
        world = stand(make_world(), endpoint=f"{name}: {value.format(until)}")
        world.plan()
        (shown,) = (one.value for one in told(world).settings if one.name == name)
        assert shown == f"{value.format(until)}{over}"


@pytest.mark.parametrize(
    ("settings", "step"),
    [
        ("units: {fixed: 4, reason: our mistake}", ("agreed", "4")),
        (
            "commitment: {floor: 4, until: 2027-06-30, reason: our mistake}",
            ("agreed minimum", "4 until 2027-06-30"),
        ),
        ("minimum: 3, note: our mistake", ("at least", "3")),
    ],
)
def test_a_customer_reads_names_and_no_reasons(
    make_world: MakeWorld, settings: str, step: tuple[str, str]
) -> None:
    world = stand(make_world(), endpoint=settings)
    world.plan()
    one = told(world)
    assert step in [(s.what, s.value) for s in one.customer_steps]
    text: Any = dumps([one], customer=True)
    assert not [word for word in ("our mistake", "datto-edr", "total-devices") if word in text]
    assert "Datto EDR" in text


def test_each_write_names_who_let_that_very_write(make_world: MakeWorld) -> None:
    """A plan that is applied again is approved again; what was written before was not."""
    world = stand(make_world())
    world.apply()
    (first, second) = told(world).writes
    world.sandbox.advance(timedelta(hours=1))
    again = Approval("another", "merge", world.sandbox.now())
    world.ledger.save_plan(first.plan, "", again)
    assert [write.approved_by for write in told(world).writes] == ["a test (terminal)"] * 2
    assert first.plan == second.plan


def test_a_row_whose_day_has_not_come_says_nothing_of_the_price_now(make_world: MakeWorld) -> None:
    world = make_world()
    world.service("endpoint")
    world.row("endpoint", 10)
    later = world.row("endpoint", 5, date(2026, 12, 15))
    world.sandbox.ui.reprice(later, "9.00")
    world.configure()
    world.baseline()
    world.read("endpoint", readings((1, 10)))
    world.plan()
    one = told(world)
    assert (one.units, one.price, one.monthly) == (10, Decimal("10.00"), Decimal("100.00"))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Delta Dental", "did you mean 'Brass Building Supplies'?"),
        ("d-1", "did you mean 'Brass Building Supplies'?"),
        ("our own office", "an organization of datto-edr that is excluded"),
        ("Echo", "an organization of datto-edr that no account claims: map it"),
        ("echo ", "an organization of datto-edr that no account claims: map it"),
        ("Foxtrot", "take the name as it stands after `account:`"),
    ],
)
def test_an_organization_is_called_what_it_is(world: World, asked: str, told: str) -> None:
    account, billing = world.config / "accounts" / "brass.yaml", world.config / "billing.yaml"
    mapped = account.read_text("utf-8").replace(": [endpoint]", ": [endpoint, {id: d-1}]")
    account.write_text(mapped, "utf-8")
    excluded = "exclude: [{organization: Our Own Office, reason: ours}]\n"
    billing.write_text(billing.read_text("utf-8") + excluded, "utf-8")
    named = (("d-1", "Delta Dental"), ("o-1", "Our Own Office"), ("e-1", "Echo"))
    found = [
        Reading(PRODUCT, key, name, METRIC, "", BEFORE, Decimal(3), "test") for key, name in named
    ]
    world.ledger.record_pull("file usage/*.csv", found, world.sandbox.now())
    with pytest.raises(WrongUsage) as raised:
        explain(world.around, world.ledger, ExplainOptions(asked))
    assert told in str(raised.value.remedy)
