"""A month of daily runs, a month with missed days and a replay of the same readings agree."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from reconciler.engine.simulated import Simulation
from reconciler.model.errors import LedgerError, WrongUsage
from reconciler.runs.simulating import SimulateOptions, run_simulation
from reconciler.sandbox import Behaviour
from tests.runs.conftest import MakeWorld
from tests.runs.truth import Rules, billed
from tests.runs.world import World

DAY = timedelta(days=1)
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
READINGS = {day: (5, 8, 7, 9, 9, 6, 6, 7)[day // 4] for day in range(30)}
MISSED = (2, 4, 11, 12, 25)
"""Days of November with a run, beside the one of 1 December."""

POLICIES = [
    Rules(),
    Rules(decrease="never"),
    Rules(increase="next-period", decrease="next-period"),
    Rules(increase="period-start", decrease="next-period"),
    Rules("month-end", "peak", "period-start", "next-period"),
    Rules("month-end", "last", "change-date", "change-date"),
]


def november(world: World, days: Sequence[int], policy: str) -> World:
    """Readings of November arrive day by day; runs happen on some days and on 1 December."""
    world.service("edr")
    world.row("edr", 5)
    world.sandbox.set_clock(date(2026, 11, 2))
    world.configure(edr=policy)
    world.baseline()
    for day in (*(date(2026, 11, day) for day in days), DECEMBER):
        world.sandbox.set_clock(day)
        known = {NOVEMBER + DAY * n: READINGS[n] for n in range((day - NOVEMBER).days)}
        world.read("edr", known)
        world.apply()
    return world


def replayed(world: World, first: date = NOVEMBER, last: date = NOVEMBER) -> Simulation:
    return run_simulation(world.around, world.ledger, SimulateOptions(first, last))


def truth(world: World, month: date = NOVEMBER, price: int = 10) -> Decimal:
    """What the sandbox's own tables come to, day by day."""
    length = monthrange(month.year, month.month)[1]
    units = sum(billed(world, "edr", month + DAY * n) for n in range(length))
    exact = Fraction(units * price, length)
    scaled = Decimal(exact.numerator) / Decimal(exact.denominator)
    return scaled.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize("rules", [POLICIES[0], POLICIES[4]], ids=["daily", "month-end"])
def test_daily_runs_missed_days_and_a_replay_bill_the_same(
    rules: Rules, make_world: MakeWorld
) -> None:
    daily = november(make_world(), range(2, 31), rules.yaml())
    missed = november(make_world(), MISSED, rules.yaml())
    one, other = replayed(daily), replayed(missed)
    assert truth(daily) == truth(missed)
    assert one.base == other.base == truth(daily)
    assert one.would == other.would == truth(daily)
    assert one.months[0].days_missing == 0


@pytest.mark.parametrize("rules", POLICIES, ids=lambda rules: rules.yaml())
def test_every_policy_is_replayed_to_what_it_billed(rules: Rules, make_world: MakeWorld) -> None:
    world = november(make_world(), MISSED, rules.yaml())
    found = replayed(world)
    assert found.base == found.would == truth(world)


def test_a_replay_under_upsert_bills_the_same(make_world: MakeWorld) -> None:
    world = november(make_world(behaviour=Behaviour(line_update="upsert")), MISSED, "")
    found = replayed(world)
    assert found.base == found.would == truth(world)


def test_what_was_billed_does_not_lead_the_replay(make_world: MakeWorld) -> None:
    """Under a fixed number everything the daily runs wrote is gone."""
    world = november(make_world(), MISSED, "")
    world.configure(edr="units: {fixed: 4, reason: a test}")
    found = replayed(world)
    assert found.base == truth(world)
    assert found.would == Decimal("40.00")
    assert found.months[0].would_units == ((NOVEMBER, 4),)


def test_a_policy_edit_shows_what_it_would_have_cost(make_world: MakeWorld) -> None:
    world = november(make_world(), MISSED, "")
    world.configure(
        edr="adjust: month-end, over: peak, increase: period-start,"
        " decrease: next-period, late: prorated-transaction"
    )
    found = replayed(world)
    assert found.would == Decimal("90.00"), "the peak, for the whole month"
    assert found.difference == Decimal("90.00") - truth(world)


def test_two_configurations_are_compared_with_each_other(make_world: MakeWorld) -> None:
    world, other = november(make_world(), MISSED, ""), make_world()
    other.services, other.homes = world.services, world.homes
    other.configure(edr="minimum: 20")
    found = run_simulation(
        world.around, world.ledger, SimulateOptions(NOVEMBER, NOVEMBER, other.config)
    )
    assert (found.base, found.would) == (Decimal("200.00"), truth(world))
    assert found.against is not None


def test_a_new_price_counts_and_the_old_one_is_what_was_billed(make_world: MakeWorld) -> None:
    world = november(make_world(), (2,), "")
    before = truth(world)
    world.configure(edr="price: 12.00")
    world.apply()
    found = replayed(world)
    assert found.base == before
    assert found.would == (before * Decimal("1.2")).quantize(Decimal("0.01"))


def test_a_period_that_is_not_over_is_said_and_not_counted(make_world: MakeWorld) -> None:
    world = november(make_world(), (2,), "")
    found = replayed(world, last=DECEMBER)
    assert [one.month for one in found.months] == [NOVEMBER]
    (left,) = found.not_replayed
    assert left.months == (DECEMBER,)
    assert "2026-12-31 is not over" in left.why


def test_months_without_readings_are_said_and_not_counted(make_world: MakeWorld) -> None:
    world = november(make_world(), (2,), "")
    found = replayed(world, first=date(2026, 9, 1))
    assert [one.month for one in found.months] == [NOVEMBER]
    (left,) = found.not_replayed
    assert [month.month for month in left.months] == [9, 10]
    assert left.why == "no complete reading"


def test_months_before_the_contract_are_said(make_world: MakeWorld) -> None:
    world = november(make_world(start=date(2026, 10, 10)), (2,), "")
    found = replayed(world, first=date(2026, 9, 1))
    whys = {month.month: one.why for one in found.not_replayed for month in one.months}
    assert whys == {9: "the contract starts on 2026-10-10", 10: "no complete reading"}


def test_a_line_whose_units_nobody_knows_is_never_billed_as_zero(make_world: MakeWorld) -> None:
    world = make_world()
    world.service("edr")
    world.service("other")
    world.row("edr", 5)
    world.row("other", 3)
    world.configure()
    world.steady("edr", 5)
    world.plan()
    world.sandbox.set_clock(DECEMBER)
    found = replayed(world)
    assert found.months == ()
    assert {one.why for one in found.not_replayed} == {"nobody knows its units"}


def test_a_line_that_bms_lacks_was_billed_nothing(make_world: MakeWorld) -> None:
    world = november(make_world(), (2,), "")
    world.service("new", price="7.00")
    world.configure()
    world.read("new", {date(2026, 11, 16) + DAY * n: 2 for n in range(15)})
    world.plan()
    found = replayed(world)
    line = next(one for one in found.months if one.line.service == "new")
    assert (line.base, line.would) == (Decimal("0.00"), Decimal("7.00"))
    assert line.days_missing == 15


def test_a_line_that_the_configuration_does_not_name_is_counted_as_left_alone(
    make_world: MakeWorld,
) -> None:
    world = make_world()
    world.service("gone")
    world.row("gone", 2)
    november(world, (2,), "")
    del world.services["gone"]
    world.configure()
    found = replayed(world)
    assert found.left_alone == 1
    assert {one.line.service for one in found.months} == {"edr"}


def test_a_simulation_changes_nothing(make_world: MakeWorld) -> None:
    world = november(make_world(), (2,), "")
    calls, facts = len(world.sandbox.tables().requests()), world.ledger.remember()
    replayed(world)
    assert len(world.sandbox.tables().requests()) == calls
    assert world.ledger.remember() == facts


def test_months_that_make_no_sense_are_refused(make_world: MakeWorld) -> None:
    world = november(make_world(), (), "")
    for first, last in (
        (NOVEMBER, date(2026, 10, 1)),
        (DECEMBER, DECEMBER),
        (date(2001, 1, 1), NOVEMBER),
    ):
        with pytest.raises(WrongUsage):
            replayed(world, first, last)
    with pytest.raises(WrongUsage, match="no account"):
        run_simulation(
            world.around, world.ledger, SimulateOptions(NOVEMBER, NOVEMBER, None, ("Nobody",))
        )


def test_without_a_look_at_bms_there_is_nothing_to_replay(make_world: MakeWorld) -> None:
    world = make_world()
    world.service("edr")
    world.configure()
    with pytest.raises(LedgerError, match="never read"):
        replayed(world, date(2026, 10, 1), date(2026, 10, 1))
