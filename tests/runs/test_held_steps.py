"""Steps of a line that wait, and what is computed on top of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from reconciler.desired import load_approvals
from reconciler.desired.approving import approve
from reconciler.model.plan import Change, Plan
from reconciler.runs.accepting import accept
from reconciler.sandbox import Behaviour
from tests.runs.conftest import MakeWorld
from tests.runs.truth import billed, posts
from tests.runs.world import TODAY, World

D = date
DAY = timedelta(days=1)
BOTH = pytest.mark.parametrize("update", ["append", "upsert"])


def edr(make_world: MakeWorld, units: int, *, settings: str = "", **options: object) -> World:
    """One line in step with its readings, and nothing waiting."""
    world = make_world(**options)
    world.service("edr")
    world.row("edr", units)
    world.configure(edr=settings)
    world.steady("edr", units)
    return world


def days(first: date, last: date, units: int) -> dict[date, int]:
    return {first + n * DAY: units for n in range((last - first).days + 1)}


def row(world: World, service: str) -> int:
    rows = world.sandbox.tables().rows()
    return [r.row_id for r in rows if r.service_id == world.services[service]][-1]


def next_day(world: World) -> None:
    world.sandbox.set_clock(world.sandbox.today() + DAY)


def stand(plan: Plan) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(change.kind, change.standing, change.because) for change in plan.changes]


def only(plan: Plan) -> Change:
    (change,) = plan.changes
    return change


def test_what_is_held_under_an_invoice_moves_no_day_after_it(make_world: MakeWorld) -> None:
    late = "increase: period-start, decrease: change-date, late: hold"
    world = edr(make_world, 10, settings=late, billing_starts=D(2026, 10, 1))
    world.read("edr", days(D(2026, 9, 1), D(2026, 10, 31), 10))
    world.baseline()
    world.sandbox.add_invoice(world.contract, D(2026, 10, 1), D(2026, 10, 31))
    assert world.plan().verdict == "in-step"
    world.read("edr", days(D(2026, 10, 10), D(2026, 10, 31), 15))
    assert stand(world.plan()) == [
        ("units", "held", ("POL001",)),
    ]
    world.apply("schedule")
    assert [billed(world, "edr", day) for day in (D(2026, 10, 15), TODAY)] == [10, 10]


def test_a_spike_is_held_with_its_way_back(make_world: MakeWorld) -> None:
    guards = "{percent: 30, line: 500, account: 2000, run: 5000}"
    world = edr(make_world, 10, guards=guards)
    world.baseline()
    world.apply()
    world.read("edr", {TODAY: 5000})
    next_day(world)
    world.apply("schedule")
    world.read("edr", {TODAY + DAY: 10})
    next_day(world)
    found = world.plan()
    assert [(c.units_after, c.standing, c.because) for c in found.changes] == [
        (5000, "held", ("GRD001", "GRD002")),
        (10, "held", ("GRD001", "GRD002")),
    ]
    before = posts(world)
    world.apply("schedule")
    assert posts(world) == before


def test_a_rise_of_the_price_does_not_hide_behind_fewer_units(make_world: MakeWorld) -> None:
    world = edr(make_world, 100, guards="{percent: 60, line: 50}")
    world.baseline()
    world.apply()
    world.configure(edr="price: 20.00")
    world.read("edr", {TODAY: 50})
    next_day(world)
    assert {change.standing for change in world.plan().changes} == {"held"}


def test_the_second_of_two_steps_is_not_approved_alone(make_world: MakeWorld) -> None:
    world = edr(make_world, 10, guards="{percent: 30, line: 50}")
    world.read("edr", days(D(2026, 11, 10), D(2026, 11, 15), 100))
    world.read("edr", days(D(2026, 11, 16), D(2026, 11, 22), 20))
    world.baseline()
    found = world.plan()
    approve(world.config, [found.changes[1]], found.as_of, "the second alone")
    assert {change.standing for change in world.plan().changes} == {"held"}
    approve(world.config, found.changes, found.as_of, "both")
    world.apply("schedule")
    assert [billed(world, "edr", D(2026, 11, day)) for day in (9, 12, 23)] == [10, 100, 20]


def test_approved_steps_are_written_although_a_new_one_waits(make_world: MakeWorld) -> None:
    world = edr(make_world, 10, guards="{percent: 30, line: 50}")
    world.read("edr", {TODAY - DAY: 100})
    world.baseline()
    found = world.plan()
    approve(world.config, found.changes, found.as_of, "a new office")
    world.read("edr", {TODAY: 200})
    next_day(world)
    assert [change.standing for change in world.plan().changes] == ["ready", "held"]
    world.apply("schedule")
    assert world.units("edr") == 100


def test_an_approval_of_a_price_is_for_its_units_and_money(make_world: MakeWorld) -> None:
    world = edr(make_world, 5, guards="{percent: 1000, line: 50}")
    world.baseline()
    world.apply()
    world.configure(edr="price: 24.00")
    found = world.plan()
    approve(world.config, found.changes, found.as_of, "agreed, 70 a month")
    world.configure()
    for n in range(5):
        world.read("edr", {TODAY + n * DAY: 9 + 4 * n})
        next_day(world)
        world.apply("schedule")
    world.configure(edr="price: 24.00")
    assert stand(world.plan()) == [("price", "held", ("GRD002",))]


def test_an_approved_price_is_still_approved_the_day_after(make_world: MakeWorld) -> None:
    world = edr(make_world, 5, guards="{percent: 1000, line: 50}")
    world.baseline()
    world.apply()
    world.configure(edr="price: 24.00")
    found = world.plan()
    approve(world.config, found.changes, found.as_of, "agreed, 70 a month")
    world.read("edr", {TODAY: 5})
    next_day(world)
    assert stand(world.plan()) == [("price", "ready", ())]


def test_an_approval_whose_words_are_not_its_changes_is_none(make_world: MakeWorld) -> None:
    world = edr(make_world, 10, guards="{percent: 30, line: 50}")
    world.read("edr", {D(2026, 11, 22): 5000})
    world.baseline()
    found = world.plan()
    approve(world.config, found.changes, found.as_of, "one more")
    file = world.config / "approvals" / "2026-11.yaml"
    right = file.read_text(encoding="utf-8")
    file.write_text(right.replace("to_units: 5000", "to_units: 11"), encoding="utf-8")
    wrong = world.plan()
    assert only(wrong).because == ("GRD001", "GRD002", "GRD007")
    (said,) = [f for f in wrong.findings if f.code == "GRD007"]
    assert "to_units 11 where the change has 5000" in said.message
    approve(world.config, wrong.changes, wrong.as_of, "read again")
    assert len(load_approvals(world.config)) == 2
    assert only(world.plan()).standing == "ready"


def test_an_approval_lets_its_change_pass_once(make_world: MakeWorld) -> None:
    world = edr(make_world, 10, guards="{percent: 30, line: 50}")
    world.read("edr", {D(2026, 11, 22): 100})
    world.baseline()
    found = world.plan()
    approve(world.config, found.changes, found.as_of, "a new office")
    world.apply("schedule")
    assert world.units("edr") == 100
    world.sandbox.ui.delete_line(row(world, "edr"))
    world.plan()
    accept(world.around, world.ledger, str(world.contract), {"edr": 10}, "disputed, undone")
    again = world.run_plan()
    assert only(again.planned.plan).id == only(found).id
    assert only(again.planned.plan).standing == "held"
    assert approve(world.config, found.changes, found.as_of, "settled").added == 0
    done = again.remembered.done_changes
    assert approve(world.config, found.changes, found.as_of, "settled", done).added == 1
    assert only(world.plan()).standing == "ready"


def test_a_price_that_comes_back_needs_an_approval_each_time(make_world: MakeWorld) -> None:
    """Its id says nothing of the day, so that it is the same change again."""
    world = edr(make_world, 10, guards="{percent: 1000, line: 10}")
    world.baseline()
    world.apply()
    world.configure(edr="price: 25.00")
    for _ in range(3):
        run = world.run_plan()
        found = run.planned.plan
        assert only(found).standing == "held"
        done = run.remembered.done_changes
        assert approve(world.config, found.changes, found.as_of, "agreed", done).added == 1
        assert only(world.plan()).standing == "ready"
        world.apply("schedule")
        world.sandbox.ui.reprice(row(world, "edr"), "10.00")


def priced_by_hand(make_world: MakeWorld, update: str, units: int) -> World:
    """Ten at 10.00, a price that only a person can change, and the reading of its day."""
    world = edr(make_world, 10, behaviour=Behaviour(line_update=update))  # type: ignore[arg-type]
    world.baseline()
    world.apply()
    world.sandbox.ui.exclude_from_bulk(row(world, "edr"))
    world.configure(edr="price: 24.00")
    world.apply("schedule")
    world.read("edr", {TODAY: units})
    next_day(world)
    return world


@BOTH
def test_units_wait_for_a_price_that_is_changed_by_hand(make_world: MakeWorld, update: str) -> None:
    world = priced_by_hand(make_world, update, 12)
    assert stand(world.plan()) == [
        ("price", "by-hand", ("KNW007",)),
        ("units", "held", ("POL006",)),
    ]


@BOTH
def test_units_wait_for_a_price_that_is_held(make_world: MakeWorld, update: str) -> None:
    behaviour = Behaviour(line_update=update)  # type: ignore[arg-type]
    world = edr(make_world, 10, behaviour=behaviour, guards="{percent: 30, line: 50}")
    world.baseline()
    world.apply()
    world.configure(edr="price: 24.00")
    world.apply("schedule")
    world.read("edr", {TODAY: 15})
    next_day(world)
    found = world.plan()
    units = [change for change in found.changes if change.kind == "units"]
    approve(world.config, units, found.as_of, "only the units")
    assert [change.standing for change in world.plan().changes] == ["held", "held"]
    before = posts(world)
    world.apply("schedule")
    assert posts(world) == before


@BOTH
def test_a_credit_at_the_price_it_was_billed_at_waits_for_no_other(
    make_world: MakeWorld, update: str
) -> None:
    found = priced_by_hand(make_world, update, 8).plan()
    assert stand(found) == [("units", "ready", ()), ("price", "by-hand", ("KNW007",))]
    assert [change.price for change in found.changes] == [Decimal("10.00"), Decimal("24.00")]


@BOTH
def test_units_of_a_day_before_the_price_wait_for_none(make_world: MakeWorld, update: str) -> None:
    world = edr(make_world, 10, behaviour=Behaviour(line_update=update))  # type: ignore[arg-type]
    world.baseline()
    world.apply()
    world.sandbox.ui.exclude_from_bulk(row(world, "edr"))
    world.read("edr", {TODAY: 8})
    next_day(world)
    world.configure(edr="price: 24.00")
    found = world.plan()
    assert stand(found) == [("units", "ready", ()), ("price", "by-hand", ("KNW007",))]
    assert [change.price for change in found.changes] == [Decimal("10.00"), Decimal("24.00")]


@pytest.mark.parametrize(
    ("settings", "starts"),
    [
        ("price: 12.00", D(2026, 12, 1)),
        ("from: 2026-12-01, price: 12.00", D(2026, 11, 1)),
        ("last_day: 2026-10-31, price: 12.00", D(2026, 11, 1)),
    ],
)
def test_a_price_is_written_only_while_units_may_be(
    make_world: MakeWorld, settings: str, starts: date
) -> None:
    world = edr(make_world, 5, settings=settings, billing_starts=starts)
    world.baseline()
    found = world.plan()
    assert [change for change in found.changes if change.kind == "price"] == []
    assert all(change.price == Decimal("10.00") for change in found.changes)
