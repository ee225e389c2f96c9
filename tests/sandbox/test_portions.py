"""The part of a price that the sandbox bills is the engine's, found in another way."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, cast, get_args

from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.engine.periods import Cycle, Schedule
from reconciler.engine.proration import DayCount, rest_of_period
from reconciler.model.assumptions import PartPeriod
from reconciler.sandbox import Behaviour
from reconciler.sandbox.periods import Period, of_contract
from reconciler.sandbox.portions import portion, sold

ONE_DAY = timedelta(days=1)
NOISE = Decimal("1e-20")
STARTS, CYCLES = st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.sampled_from(get_args(Cycle))


def row(schedule: Schedule, end: date) -> sqlite3.Row:
    """A contract as the sandbox keeps it."""
    kept: dict[str, Any] = {
        "starts": schedule.start.isoformat(),
        "ends": end.isoformat(),
        "cycle": schedule.cycle.title(),
        "fiscal": int(schedule.calendar),
    }
    return cast("sqlite3.Row", kept)


@given(STARTS, st.integers(0, 2000), CYCLES, st.booleans())
def test_a_contracts_periods_are_those_of_the_engine(
    start: date, days: int, cycle: Cycle, calendar: bool
) -> None:
    schedule, day = Schedule(start, cycle, calendar=calendar), start + timedelta(days)
    period = schedule.containing(day)
    whole = Period(period.whole_first, period.whole_end - ONE_DAY)
    assert of_contract(row(schedule, date(2040, 1, 1)), day) == whole


@given(
    STARTS,
    st.integers(0, 800),
    st.integers(0, 800),
    CYCLES,
    st.booleans(),
    st.sampled_from(get_args(DayCount)),
    st.sampled_from(("billed", "free")),
    st.sampled_from(get_args(PartPeriod)),
)
@example(date(2026, 11, 12), 400, 8, "monthly", True, "fixed-30", "billed", "full")
@example(date(2026, 11, 12), 4, 2, "weekly", True, "actual", "billed", "prorated")
@example(date(2026, 11, 12), 400, 8, "monthly", True, "30-360", "free", "full")
@example(date(2026, 2, 1), 800, 27, "monthly", True, "30-360", "billed", "prorated")
@example(date(2028, 1, 31), 800, 28, "monthly", False, "30-360", "free", "prorated")
@example(date(2026, 2, 10), 400, 60, "quarterly", True, "actual", "free", "prorated")
def test_a_change_is_for_the_same_days_though_the_contract_cuts_its_period_short(
    start: date,
    length: int,
    at: int,
    cycle: Cycle,
    calendar: bool,
    day_count: DayCount,
    change_day: Literal["billed", "free"],
    side: PartPeriod,
) -> None:
    end, day = start + timedelta(length), start + timedelta(min(at, length))
    schedule = Schedule(start, cycle, calendar=calendar, end=end, part_period=side)
    period = schedule.containing(day)
    billed, of = rest_of_period(
        day, period, cycle, day_count, change_day_billed=change_day == "billed"
    )
    behaviour = Behaviour(day_count=day_count, change_day=change_day, part_period=side)
    one = sold(row(schedule, end), Period(period.first, period.last), behaviour)
    assert abs(portion(behaviour, day, one) - Decimal(billed) / of) < NOISE
