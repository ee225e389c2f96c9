"""Edits of the configuration without a date count from the day they are first applied."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.model.bms import LineKey
from reconciler.model.ledgered import KnownFact
from reconciler.model.reading import Reading
from reconciler.runs.applying import ApplyOptions, apply
from reconciler.sandbox import Behaviour
from tests.runs.world import HOME, METRIC, PRODUCT, TODAY, World

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(params=["append", "upsert"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    world = World(tmp_path, Behaviour(line_update=request.param))
    world.service("edr")
    world.row("edr", 5)
    world.configure()
    world.steady("edr", 5)
    world.baseline()
    world.apply()
    return world


def next_day(world: World, units: int) -> None:
    world.sandbox.set_clock(world.sandbox.today() + timedelta(days=1))
    world.steady("edr", units)


def test_the_first_configuration_counts_from_where_billing_starts(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.service("edr")
    world.row("edr", 5)
    world.configure()
    world.steady("edr", 8)
    world.baseline()
    assert [change.day for change in world.plan().changes] == [date(2026, 11, 1)]


def test_an_undated_edit_counts_from_today_and_stays_so(world: World) -> None:
    world.configure(edr="minimum: 8")
    assert [(c.day, c.units_after) for c in world.plan().changes] == [(TODAY, 8)]
    world.apply()
    assert world.units("edr") == 8
    next_day(world, 5)
    assert world.plan().verdict == "in-step"


def test_an_edit_that_was_only_planned_is_not_remembered(world: World) -> None:
    world.configure(edr="minimum: 8")
    world.plan()
    world.configure()
    assert world.plan().verdict == "in-step"
    assert world.ledger.remember().rules[-1].day == date.min


def test_a_dated_edit_counts_from_its_own_day(world: World) -> None:
    world.configure(edr="changes: [{from: 2026-11-10, minimum: 8}]")
    assert [(c.day, c.units_after) for c in world.plan().changes] == [(date(2026, 11, 10), 8)]


def test_a_maximum_lowers_from_today_only(world: World) -> None:
    world.configure(edr="maximum: 3")
    assert [(c.day, c.units_after) for c in world.plan().changes] == [(TODAY, 3)]


def test_an_organization_taken_away_stops_counting_today(world: World) -> None:
    world.configure(edr="minimum: 1")
    world.apply()
    text = (world.config / "accounts/brass.yaml").read_text(encoding="utf-8")
    text = text.replace(
        "edr: {organizations: {datto-edr: edr}", "edr: {organizations: {datto-edr: []}"
    )
    (world.config / "accounts/brass.yaml").write_text(text, encoding="utf-8")
    # Nothing left to count is not a count of 0: the line keeps its units.
    plan = world.plan()
    assert not [change for change in plan.changes if change.standing != "scheduled"]
    assert "USG009" in {finding.code for finding in plan.findings}


def test_a_policy_edited_in_mid_period_waits_for_the_next_one(world: World) -> None:
    world.read("edr", {YESTERDAY: 7})
    world.apply()
    assert world.units("edr") == 7
    world.configure(edr="policy: month-end")
    # Under the old policy until the end of November: what daily wrote is not taken back.
    assert world.plan().verdict == "in-step"
    world.apply()
    next_day(world, 7)
    world.read("edr", {TODAY: 9})
    world.apply()
    assert world.units("edr") == 9


def test_the_new_policy_rules_the_next_period(world: World) -> None:
    world.configure(edr="policy: month-end")
    world.apply()
    world.sandbox.set_clock(date(2026, 12, 10))
    world.steady("edr", 5, first=date(2026, 11, 23))
    world.read("edr", {date(2026, 12, 3): 9})
    world.apply()
    assert world.units("edr") == 5, "the month's peak counts when the month is over"
    world.sandbox.set_clock(date(2027, 1, 1))
    world.steady("edr", 5, first=date(2026, 12, 4))
    world.apply()
    assert [(c.day, c.units_after) for c in world.plan().changes if c.standing == "ready"] == []
    history = [(entry.date, entry.units) for entry in world.sandbox.tables().history()]
    assert history[-1][0] >= date(2026, 12, 1)


def test_a_line_that_joins_later_is_not_counted_before_it_did(world: World) -> None:
    world.service("late")
    world.row("late", 5)
    world.configure()
    world.steady("late", 9)
    world.baseline()
    assert [(c.day, c.units_after) for c in world.plan().changes] == [(TODAY, 9)]
    world.apply()
    next_day(world, 5)
    world.steady("late", 9)
    assert world.plan().verdict == "in-step"


def test_edited_twice_on_a_day_the_last_word_counts(world: World) -> None:
    world.configure(edr="minimum: 8")
    world.apply()
    world.configure(edr="minimum: 6")
    world.apply()
    assert world.units("edr") == 6
    assert world.plan().verdict == "in-step"


def days(first: date, last: date, units: int) -> dict[date, int]:
    return {first + timedelta(n): units for n in range((last - first).days + 1)}


def changed(world: World) -> list[tuple[date, int]]:
    return [(change.day, change.units_after) for change in world.plan().changes]


def edit(world: World, file: str, old: str, new: str) -> None:
    path = world.config / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_an_edit_beside_an_older_dated_change_counts_from_today(world: World) -> None:
    world.configure(edr="changes: [{from: 2026-11-05, maximum: 90}]")
    world.apply()
    next_day(world, 5)
    world.configure(edr="minimum: 8, changes: [{from: 2026-11-05, maximum: 90}]")
    assert changed(world) == [(world.sandbox.today(), 8)]
    world.apply()
    next_day(world, 5)
    assert world.plan().verdict == "in-step"


def test_a_dated_change_taken_out_counted_until_today(world: World) -> None:
    world.configure(edr="changes: [{from: 2026-11-05, minimum: 8}]")
    world.apply()
    next_day(world, 5)
    world.configure()
    assert changed(world) == [(world.sandbox.today(), 5)]
    world.apply()
    next_day(world, 5)
    assert world.plan().verdict == "in-step"


def test_a_dated_change_that_is_new_beside_another_counts_from_its_own_day(world: World) -> None:
    world.configure(edr="changes: [{from: 2026-11-05, maximum: 90}]")
    world.apply()
    next_day(world, 5)
    world.configure(
        edr="changes: [{from: 2026-11-05, maximum: 90}, {from: 2026-11-12, minimum: 8}]"
    )
    assert changed(world) == [(date(2026, 11, 12), 8)]


def test_an_exclusion_leaves_out_from_today_and_counts_again_from_when_it_goes(
    world: World,
) -> None:
    edit(world, "accounts/brass.yaml", "[edr]", "[edr, other]")
    edit(world, "accounts/brass.yaml", "{datto-edr: edr}", "{datto-edr: [edr, other]}")
    world.read("other", days(date(2026, 11, 1), YESTERDAY, 5))
    world.apply()
    assert world.units("edr") == 10
    rule = "exclude:\n  - {organization: other, reason: our own}\n"
    edit(world, "billing.yaml", "mode: apply\n", f"mode: apply\n{rule}")
    next_day(world, 5)
    world.read("other", {TODAY: 5})
    assert changed(world) == [(world.sandbox.today(), 5)]
    world.apply()
    next_day(world, 5)
    world.read("other", {TODAY + timedelta(1): 5})
    assert world.plan().verdict == "in-step"
    edit(world, "billing.yaml", rule, "")
    assert changed(world) == [(world.sandbox.today(), 10)]


def test_a_second_edit_in_the_period_does_not_bring_the_policy_in_force(world: World) -> None:
    world.configure(edr="policy: month-end")
    world.apply()
    world.sandbox.set_clock(date(2026, 12, 10))
    world.steady("edr", 5, first=date(2026, 11, 23))
    world.apply()
    world.configure(edr="policy: daily")
    world.apply()
    for settings in ("policy: daily", "policy: daily, maximum: 100"):
        world.read("edr", {world.sandbox.today(): 9})
        world.sandbox.set_clock(world.sandbox.today() + timedelta(days=1))
        world.configure(edr=settings)
        world.apply()
        assert world.units("edr") == 5


def test_after_a_pilot_of_one_account_the_others_count_from_where_billing_starts(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    world.service("edr")
    world.row("edr", 5)
    world.configure()
    world.steady("edr", 5)
    other = world.sandbox.add_account("Copper Mill")
    contract = world.sandbox.add_contract(other, HOME, world.start, date(2027, 12, 31))
    world.sandbox.add_line(contract, world.services["edr"], 5, world.start)
    (world.config / "accounts/copper.yaml").write_text(
        "version: 1\naccount: Copper Mill\norganizations:\n  datto-edr: [copper]\n"
        f"contracts:\n  - contract: {HOME}\n    services:\n      edr: {{}}\n",
        encoding="utf-8",
    )
    world.read("copper", days(date(2026, 11, 1), YESTERDAY, 8))
    world.ledger.append_facts(
        [
            KnownFact(
                LineKey(account, row.contract_id, row.service_id),
                row.row_id,
                row.date,
                "add",
                row.units,
                "baseline",
            )
            for row in world.sandbox.tables().rows()
            for account in (other if row.contract_id == contract else world.account,)
        ]
    )
    pilot = ApplyOptions("a test", "terminal", ("Brass Building Supplies",))
    apply(world.around, world.ledger, pilot)
    assert [(c.line.account, c.day) for c in world.plan().changes] == [
        ("Copper Mill", date(2026, 11, 1))
    ]


@pytest.mark.parametrize("first", ["apply", "plan"])
def test_a_name_that_gets_its_id_with_the_first_readings_is_no_edit(
    tmp_path: Path, first: str
) -> None:
    """An apply before the first readings remembers the organization by its name."""
    world = World(tmp_path)
    world.service("edr")
    world.row("edr", 10)
    world.configure()
    world.baseline()
    world.apply() if first == "apply" else world.plan()
    readings = [
        Reading(PRODUCT, "7", "edr", METRIC, "", date(2026, 11, day), Decimal(units), "test")
        for day, units in [(n, 10 if n < 5 else 12) for n in range(1, 23)]
    ]
    world.ledger.record_pull("file usage/*.csv", readings, world.sandbox.now())
    (change,) = world.plan().changes
    assert (change.day, change.units_before, change.units_after) == (date(2026, 11, 5), 10, 12)


def test_a_true_up_is_no_first_plan_of_what_it_leaves_out(tmp_path: Path) -> None:
    world = World(tmp_path)
    for name in ("alpha", "beta"):
        world.service(name)
        world.row(name, 5)
    world.configure(alpha="policy: month-end, over: peak, increase: period-start")
    november = [date(2026, 11, 1) + timedelta(n) for n in range(30)]
    for name in ("alpha", "beta"):
        world.read(name, dict.fromkeys(november, 8))
    world.baseline()
    world.sandbox.set_clock(date(2026, 12, 1))

    def of_beta() -> list[tuple[date, int, str, str]]:
        mine = (c for c in world.plan().changes if c.line.service == "beta")
        return [(c.day, c.units_after, c.cause, c.standing) for c in mine]

    before = of_beta()
    assert before == [(date(2026, 11, 1), 8, "usage", "ready")]
    done = world.apply(reviewed=world.plan(true_up=date(2026, 11, 1)))
    assert [one.change.line.service for one in done.applied] == ["alpha"]
    assert of_beta() == before
