from __future__ import annotations

from datetime import date, timedelta
from itertools import islice, pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.periods import Cycle, Period, Schedule
from reconciler.model.assumptions import PartPeriod

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
CYCLES = st.sampled_from(get_args(Cycle))


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    start = draw(DAYS)
    length = draw(st.none() | st.integers(0, 1200))
    return Schedule(
        start,
        draw(CYCLES),
        calendar=draw(st.booleans()),
        end=None if length is None else start + timedelta(days=length),
        anchor_day=draw(st.none() | st.integers(1, 31)),
    )


@pytest.mark.parametrize("end", [None, date(2026, 12, 31), date(2026, 3, 15)])
def test_the_periods_within_days_end_with_the_last_of_them(end: date | None) -> None:
    schedule = Schedule(date(2026, 1, 1), "monthly", calendar=True, end=end)
    found = islice(schedule.within(date(2026, 1, 10), date(2026, 3, 1)), 5)
    assert [period.first.month for period in found] == [1, 2, 3]


@given(schedules(), st.integers(0, 400), st.integers(-40, 400))
def test_the_periods_within_days_are_those_that_begin_by_the_last(
    schedule: Schedule, day: int, more: int
) -> None:
    first = schedule.start + timedelta(days=day)
    last = first + timedelta(days=more)
    if not schedule.holds(first):
        with pytest.raises(ValueError, match="outside the contract"):
            list(schedule.within(first, last))
        return
    found = list(schedule.within(first, last))
    assert found[0] == schedule.containing(first)
    assert all(schedule.following(one) == other for one, other in pairwise(found))
    assert all(period.first <= last for period in found[1:])
    after = schedule.following(found[-1])
    assert after is None or after.first > last


@given(schedules(), st.integers(1, 40))
def test_periods_follow_each_other_without_gap_or_overlap(schedule: Schedule, count: int) -> None:
    period = schedule.containing(schedule.start)
    assert period.first == schedule.start
    for _ in range(count):
        assert period.whole_first <= period.first < period.end <= period.whole_end
        following = schedule.following(period)
        if following is None:
            assert schedule.end == period.last
            break
        assert following.first == period.end
        period = following


@given(schedules(), st.integers(0, 1200))
def test_every_day_of_a_period_finds_that_period(schedule: Schedule, offset: int) -> None:
    day = schedule.start + timedelta(days=offset)
    if schedule.end is not None and day > schedule.end:
        with pytest.raises(ValueError, match="outside"):
            schedule.containing(day)
        return
    period = schedule.containing(day)
    assert period.first <= day <= period.last
    assert schedule.containing(period.first) == schedule.containing(period.last) == period


@given(schedules(), st.integers(0, 1200))
def test_only_the_first_and_the_last_period_are_stubs(schedule: Schedule, offset: int) -> None:
    day = schedule.start + timedelta(days=offset)
    if schedule.end is not None and day > schedule.end:
        return
    period = schedule.containing(day)
    if period.first != period.whole_first:
        assert period.first == schedule.start
    if period.end != period.whole_end:
        assert period.last == schedule.end


@given(DAYS)
def test_a_day_before_the_contract_has_no_period(start: date) -> None:
    with pytest.raises(ValueError, match="outside"):
        Schedule(start, "monthly").containing(start - timedelta(days=1))


@pytest.mark.parametrize("day", [29, 30, 31])
def test_an_anchor_at_the_month_end_clamps_and_comes_back(day: int) -> None:
    schedule = Schedule(date(2026, 1, day), "monthly")
    firsts = [schedule.containing(schedule.start)]
    for _ in range(4):
        following = schedule.following(firsts[-1])
        assert following is not None
        firsts.append(following)
    assert [p.first for p in firsts] == [
        date(2026, 1, day),
        date(2026, 2, 28),
        date(2026, 3, day),
        date(2026, 4, min(day, 30)),
        date(2026, 5, day),
    ]


def test_a_leap_february_holds_the_29th() -> None:
    schedule = Schedule(date(2028, 1, 31), "monthly")
    assert schedule.containing(date(2028, 2, 29)).first == date(2028, 2, 29)
    assert schedule.containing(date(2028, 2, 28)).first == date(2028, 1, 31)


def test_a_yearly_contract_from_a_leap_day_comes_back_to_it() -> None:
    schedule = Schedule(date(2024, 2, 29), "yearly")
    assert schedule.containing(date(2025, 6, 1)).first == date(2025, 2, 28)
    assert schedule.containing(date(2028, 6, 1)).first == date(2028, 2, 29)


def test_a_calendar_contract_that_starts_within_a_month_has_a_leading_stub() -> None:
    period = Schedule(date(2026, 1, 17), "monthly", calendar=True).containing(date(2026, 1, 20))
    assert (period.first, period.end) == (date(2026, 1, 17), date(2026, 2, 1))
    assert (period.whole_first, period.whole_end) == (date(2026, 1, 1), date(2026, 2, 1))


@pytest.mark.parametrize(
    ("cycle", "first", "end"),
    [
        ("weekly", date(2026, 5, 3), date(2026, 5, 10)),
        ("monthly", date(2026, 5, 1), date(2026, 6, 1)),
        ("quarterly", date(2026, 4, 1), date(2026, 7, 1)),
        ("yearly", date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_calendar_periods_are_those_of_the_calendar(cycle: Cycle, first: date, end: date) -> None:
    period = Schedule(date(2025, 1, 1), cycle, calendar=True).containing(date(2026, 5, 6))
    assert (period.first, period.end) == (first, end)


def test_quarters_run_from_the_contract_start() -> None:
    period = Schedule(date(2026, 2, 17), "quarterly").containing(date(2026, 8, 16))
    assert (period.first, period.end) == (date(2026, 5, 17), date(2026, 8, 17))


@pytest.mark.parametrize(
    ("start", "anchor_day", "first", "whole_first"),
    [
        (date(2026, 1, 20), 15, date(2026, 1, 20), date(2026, 1, 15)),
        (date(2026, 1, 10), 15, date(2026, 1, 10), date(2025, 12, 15)),
        (date(2026, 1, 15), 15, date(2026, 1, 15), date(2026, 1, 15)),
        (date(2026, 3, 1), 31, date(2026, 3, 1), date(2026, 2, 28)),
    ],
)
def test_an_anchor_day_moves_the_boundaries(
    start: date, anchor_day: int, first: date, whole_first: date
) -> None:
    period = Schedule(start, "monthly", anchor_day=anchor_day).containing(start)
    assert (period.first, period.whole_first) == (first, whole_first)


def test_the_last_period_ends_with_the_contract() -> None:
    schedule = Schedule(date(2026, 1, 1), "monthly", calendar=True, end=date(2026, 2, 10))
    period = schedule.containing(date(2026, 2, 10))
    assert (period.last, period.whole_end) == (date(2026, 2, 10), date(2026, 3, 1))
    assert schedule.following(period) is None


def test_the_last_day_of_a_contract_can_be_a_period_of_its_own() -> None:
    schedule = Schedule(date(2026, 1, 1), "monthly", end=date(2026, 2, 1))
    january = schedule.containing(date(2026, 1, 1))
    following = schedule.following(january)
    assert following is not None
    assert (following.first, following.last) == (date(2026, 2, 1), date(2026, 2, 1))
    assert schedule.following(following) is None


@pytest.mark.parametrize(
    ("cycle", "start", "whole_first", "whole_end"),
    [
        # The anchor day is still to come in that month: the stub runs up to it.
        ("monthly", date(2026, 2, 10), date(2026, 1, 15), date(2026, 2, 15)),
        ("quarterly", date(2026, 2, 10), date(2025, 11, 15), date(2026, 2, 15)),
        ("yearly", date(2026, 2, 10), date(2025, 2, 15), date(2026, 2, 15)),
        # It is over: the stub runs up to the same day one cycle later.
        ("monthly", date(2026, 2, 20), date(2026, 2, 15), date(2026, 3, 15)),
        ("quarterly", date(2026, 2, 20), date(2026, 2, 15), date(2026, 5, 15)),
        ("yearly", date(2026, 2, 20), date(2026, 2, 15), date(2027, 2, 15)),
        # It is the start itself: no stub.
        ("quarterly", date(2026, 2, 15), date(2026, 2, 15), date(2026, 5, 15)),
        ("yearly", date(2026, 2, 15), date(2026, 2, 15), date(2027, 2, 15)),
    ],
)
def test_longer_cycles_too_are_anchored_in_the_month_of_the_start(
    cycle: Cycle, start: date, whole_first: date, whole_end: date
) -> None:
    schedule = Schedule(start, cycle, anchor_day=15)
    period = schedule.containing(start)
    assert (period.first, period.end) == (start, whole_end)
    assert (period.whole_first, period.whole_end) == (whole_first, whole_end)
    following = schedule.following(period)
    assert following is not None
    assert following.first == following.whole_first


def test_a_week_has_no_day_of_the_month_to_be_anchored_on() -> None:
    assert Schedule(date(2026, 2, 10), "weekly", anchor_day=15).containing(
        date(2026, 2, 10)
    ).end == date(2026, 2, 17)


def test_an_anchor_day_that_the_first_month_lacks_comes_back() -> None:
    schedule = Schedule(date(2026, 2, 28), "monthly", anchor_day=31)
    assert schedule.containing(date(2026, 3, 30)).whole_end == date(2026, 3, 31)
    assert schedule.containing(date(2026, 3, 31)).whole_end == date(2026, 4, 30)


@pytest.mark.parametrize("part_period", ["prorated", "full"])
def test_a_price_is_for_the_whole_period_unless_short_ones_are_billed_in_full(
    part_period: PartPeriod,
) -> None:
    schedule = Schedule(
        date(2026, 1, 17), "monthly", calendar=True, end=date(2026, 3, 9), part_period=part_period
    )
    first, last = (
        schedule.containing(date(2026, month, 20 if month == 1 else 2)) for month in (1, 3)
    )
    whole = schedule.containing(date(2026, 2, 1))
    assert whole.priced == (date(2026, 2, 1), date(2026, 3, 1))
    assert (first.is_cut, whole.is_cut, last.is_cut) == (True, False, True)
    assert (first.first, last.end) == (date(2026, 1, 17), date(2026, 3, 10))
    if part_period == "full":
        assert first.priced == (date(2026, 1, 17), date(2026, 2, 1))
        assert last.priced == (date(2026, 3, 1), date(2026, 3, 10))
    else:
        assert first.priced == (date(2026, 1, 1), date(2026, 2, 1))
        assert last.priced == (date(2026, 3, 1), date(2026, 4, 1))


def test_short_periods_are_prorated_unless_told_otherwise() -> None:
    schedule = Schedule(date(2026, 1, 17), "monthly", calendar=True)
    assert schedule.containing(schedule.start).priced[0] == date(2026, 1, 1)
    first, end, whole, whole_end = (date(2026, 1, day) for day in (5, 9, 1, 31))
    assert Period(first, end, whole, whole_end).priced[0] == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("end", "stop"),
    [
        (date(2026, 1, 30), date(2026, 1, 31)),
        (date(2026, 1, 31), date(2026, 2, 1)),
        (date(2026, 2, 1), date(2026, 2, 1)),
        (date.max, date(2026, 2, 1)),
    ],
)
def test_a_period_ends_with_the_contract_or_where_the_next_one_begins(
    end: date, stop: date
) -> None:
    schedule = Schedule(date(2026, 1, 1), "monthly", end=end)
    assert schedule.containing(date(2026, 1, 5)).end == stop
