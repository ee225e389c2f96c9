"""What engines that bill must keep true, one property each, through whole plans where a plan has
a part in it. Readings are drawn, runs are lived through, and BMS's own units are billed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.billed import Part, always, parts_money, period_money
from reconciler.engine.calculator import Case, CaseError, Change, bill
from reconciler.engine.periods import Cycle, Period, Schedule
from reconciler.engine.proration import (
    DayCount,
    amount,
    days_billed,
    exponent,
    rest_of_period,
    rounded,
)
from reconciler.model.assumptions import Assumptions
from reconciler.model.reading import MetricKey
from reconciler.model.settings import LineSettings
from reconciler.model.timeline import Timeline
from tests.engine import builders as make
from tests.engine.play import UPSERT, World, brass

START, PRICE = make.START, Decimal("20.00")
FEBRUARY = date(2026, 2, 1)
LAST = date(2026, 2, 10)
JANUARY = make.monthly().containing(START)
DAYS = (LAST - START).days

READINGS = st.lists(st.integers(0, 30), min_size=DAYS, max_size=DAYS)
RUNS = st.sets(st.dates(START + make.ONE_DAY, LAST))
PERIODS = st.builds(
    lambda start, cycle, calendar: Schedule(start, cycle, calendar=calendar).containing(start),
    st.dates(date(2019, 1, 1), date(2030, 12, 31)),
    st.sampled_from(get_args(Cycle)),
    st.booleans(),
)
DAY_COUNTS = st.sampled_from(get_args(DayCount))
POLICIES = st.sampled_from(
    [
        make.settings(),
        make.settings(per=Decimal(10)),
        make.settings(included=Decimal(3), minimum=2, maximum=20),
        make.settings(multiply=Decimal("1.5"), round="nearest"),
    ]
)


def world(values: Iterable[int | None], policy: LineSettings | None = None, **more: Any) -> World:
    """Ten units at 20.00 before the year began, then the readings."""
    accounts = (make.desired_account(make.line(policy or make.settings())),)
    return brass(*values, accounts=accounts, **more)


def live(one: World, runs: Iterable[date]) -> World:
    for day in sorted(runs):
        one.apply(one.plan(day))
    return one


def by_day(one: World) -> list[int]:
    """What BMS bills on each day, under append."""
    return [one.units(100, day) for day in make.days(START, LAST)]


def january(one: World) -> Fraction:
    return period_money(timeline(one), PRICE, JANUARY, "monthly", Assumptions())


def timeline(one: World) -> Timeline:
    return Timeline.of(zip(make.days(START, LAST), by_day(one), strict=True))


@settings(max_examples=25)
@given(st.integers(0, 50))
def test_whole_is_price(units: int) -> None:
    lived = live(world([units] * DAYS), [START + make.ONE_DAY, LAST])
    assert january(lived) == units * Fraction(PRICE)


@given(PERIODS, st.integers(0, 50), st.data())
def test_split_invariance(period: Period, units: int, data: st.DataObject) -> None:
    cut = data.draw(st.dates(period.first, period.end))
    parts = [(period.first, cut), (cut, period.end)]
    counted = [days_billed(a, b, period, "monthly", "actual") for a, b in parts]
    whole = days_billed(period.first, period.end, period, "monthly", "actual")
    money = [amount(units, PRICE, days, of) for days, of in counted]
    assert sum(money) == amount(units, PRICE, *whole)


@given(PERIODS, DAY_COUNTS, st.integers(0, 50), st.integers(1, 50), st.data())
def test_reversal_symmetry(
    period: Period, count: DayCount, low: int, more: int, data: st.DataObject
) -> None:
    day = data.draw(st.dates(period.first, period.end - make.ONE_DAY))
    up = period_money(steps(low, {day: low + more}), PRICE, period, "monthly", assumed(count))
    down = period_money(steps(low + more, {day: low}), PRICE, period, "monthly", assumed(count))
    both = period_money(steps(2 * low + more, {}), PRICE, period, "monthly", assumed(count))
    assert up + down == both


@given(
    PERIODS,
    DAY_COUNTS,
    st.integers(0, 50),
    st.dictionaries(st.integers(0, 400), st.integers(0, 50)),
)
def test_credit_cap(period: Period, count: DayCount, first: int, later: dict[int, int]) -> None:
    so_far = Decimal(0)
    found = bill(case(period, first, later, count))
    for money in (found.base, *(part.amount for part in found.adjustments)):
        so_far += money
        assert so_far >= 0


@settings(max_examples=25)
@given(READINGS, RUNS, POLICIES, st.sampled_from([None, UPSERT]))
def test_idempotence(
    values: list[int], runs: set[date], policy: LineSettings, assume: Assumptions | None
) -> None:
    lived = live(world(values, policy, **({"assume": assume} if assume else {})), {*runs, LAST})
    assert lived.plan(LAST).plan.changes == ()
    assert lived.apply(lived.plan(LAST)) == 0


@settings(max_examples=25)
@given(READINGS, RUNS)
def test_no_double_billing_and_coverage(values: list[int], runs: set[date]) -> None:
    """Every day is billed once, at that day's own reading, whenever runs were."""
    lived = live(world(values), {*runs, date(2026, 1, 31), LAST})
    assert by_day(lived)[:-1] == values
    assert january(lived) == sum(Fraction(n) * Fraction(PRICE) / 31 for n in values[:31])


@settings(max_examples=25)
@given(READINGS, st.sets(st.integers(0, DAYS - 1), max_size=20), RUNS)
def test_order_independence(values: list[int], late: set[int], runs: set[date]) -> None:
    """Readings that come late, in any order, end where readings in time do."""
    in_time = live(world(values), {LAST})
    some = world([None if n in late else value for n, value in enumerate(values)])
    live(some, {day for day in runs if day < FEBRUARY})
    some.series = in_time.series
    assert by_day(live(some, {LAST})) == by_day(in_time)


@settings(max_examples=25)
@given(READINGS, RUNS, st.sampled_from(["last", "peak"]), POLICIES)
def test_cumulative_rating(
    values: list[int], runs: set[date], over: Any, policy: LineSettings
) -> None:
    """Many small runs come to what one run over the whole period comes to."""
    policy = replace(policy, over=over)
    often, once = live(world(values, policy), {*runs, LAST}), live(world(values, policy), {LAST})
    assert by_day(often) == by_day(once)


@given(PERIODS, DAY_COUNTS, st.integers(-40, 800))
def test_bounds(period: Period, count: DayCount, offset: int) -> None:
    day = period.first + timedelta(days=offset)
    days, of = rest_of_period(day, period, "monthly", count)
    assert 0 <= days <= of
    if day >= period.end:
        assert days == 0
    if day <= period.whole_first == period.first and period.end == period.whole_end:
        assert days == of


@given(PERIODS, DAY_COUNTS, st.integers(0, 50), st.integers(0, 50), st.data())
def test_monotone(
    period: Period, count: DayCount, first: int, more: int, data: st.DataObject
) -> None:
    early = data.draw(st.dates(period.first, period.end - make.ONE_DAY))
    later = data.draw(st.dates(early, period.end - make.ONE_DAY))
    sooner, afterwards, fewer = (
        period_money(steps(first, {day: units}), PRICE, period, "monthly", assumed(count))
        for day, units in ((early, first + more), (later, first + more), (later, first))
    )
    assert sooner >= afterwards >= fewer


@given(st.dates(date(2019, 1, 1), date(2030, 12, 31)), st.integers(1, 60))
def test_anchor_stability(start: date, count: int) -> None:
    schedule = Schedule(start, "monthly")
    period = schedule.containing(start)
    for _ in range(count):
        following = schedule.following(period)
        assert following is not None
        assert schedule.containing(following.first - make.ONE_DAY) == period
        last_day = (following.first + make.ONE_DAY).month != following.first.month
        assert following.first.day == start.day or (following.first.day < start.day and last_day)
        period = following


@given(PERIODS, DAY_COUNTS, st.integers(0, 50), st.integers(0, 50))
def test_boundary_ownership(period: Period, count: DayCount, first: int, then: int) -> None:
    at_end = steps(first, {period.end: then})
    money = period_money(at_end, PRICE, period, "monthly", assumed(count))
    assert money == period_money(steps(first, {}), PRICE, period, "monthly", assumed(count))


@given(PERIODS, st.lists(st.integers(0, 50), min_size=1, max_size=6))
def test_lines_sum_to_the_invoice(period: Period, units: list[int]) -> None:
    parts = tuple(Part(steps(n, {}), always(PRICE)) for n in units)
    together = period_money(steps(sum(units), {}), PRICE, period, "monthly", Assumptions())
    assert parts_money(parts, period, "monthly", Assumptions()) == together


@given(st.fractions(-(10**6), 10**6), st.sampled_from(["USD", "JPY", "KWD"]))
def test_minor_units(money: Fraction, currency: str) -> None:
    assert Fraction(rounded(money, currency)) % Fraction(1, 10 ** exponent(currency)) == 0


@settings(max_examples=10)
@given(READINGS, st.sampled_from(["America/New_York", "Pacific/Auckland", "UTC"]))
def test_time_zone(values: list[int], zone: str) -> None:
    """The same local days give the same bill in any zone."""
    there = live(world(values, state={"time_zone": zone}), {LAST})
    assert by_day(there) == by_day(live(world(values), {LAST}))


@pytest.mark.parametrize("day", [-1, -400])
@given(period=PERIODS)
def test_input_validation(day: int, period: Period) -> None:
    before = period.whole_first + timedelta(days=day)
    with pytest.raises(CaseError, match="before the period"):
        bill(Case(period, PRICE, Decimal(1), [Change(before, Decimal(2))]))


@given(
    PERIODS,
    DAY_COUNTS,
    st.integers(0, 50),
    st.dictionaries(st.integers(0, 400), st.integers(0, 50)),
)
def test_same_coefficient_everywhere(
    period: Period, count: DayCount, first: int, later: dict[int, int]
) -> None:
    """The calculator and the plan's own proration differ by their roundings alone."""
    one = case(period, first, later, count)
    days = {change.day: int(change.units) for change in one.changes}
    cycle = cycle_for(period)
    exact = period_money(steps(first, days), PRICE, period, cycle, assumed(count))
    found = bill(one)
    assert abs(exact - Fraction(found.total)) <= Fraction(len(found.adjustments) + 1, 200)


@settings(max_examples=10)
@given(READINGS)
def test_no_mutation(values: list[int]) -> None:
    one = world(values)
    before = deepcopy(one.series[("Brass", "total-devices")])
    usage = one.entry(LAST).usage
    live(one, {LAST})
    assert one.series[("Brass", "total-devices")] == before
    assert usage.series[MetricKey("datto-rmm", "Brass", "total-devices")] == before


def steps(first: int, later: dict[date, int]) -> Timeline:
    return Timeline.of([(date.min, first), *later.items()])


def assumed(count: DayCount) -> Assumptions:
    return Assumptions(day_count=count)


def case(period: Period, first: int, later: dict[int, int], count: DayCount) -> Case:
    length = (period.end - period.first).days
    changes: Sequence[Change] = [
        Change(period.first + timedelta(days=n % length), Decimal(units))
        for n, units in sorted(later.items(), key=lambda item: item[0] % length)
    ]
    return Case(period, PRICE, Decimal(first), changes, count)


def cycle_for(period: Period) -> Cycle:
    days = (period.whole_end - period.whole_first).days
    return (
        "weekly"
        if days < 20
        else "monthly"
        if days < 60
        else "quarterly"
        if days < 200
        else "yearly"
    )
