from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.periods import Cycle, Period, Schedule
from reconciler.engine.proration import (
    DayCount,
    RoundingMode,
    amount,
    days_billed,
    exponent,
    monthly,
    rest_of_period,
    rounded,
)

PRICES = st.decimals(0, 5000, places=2)
DAY_COUNTS = st.sampled_from(get_args(DayCount))
CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "KWD"])


@st.composite
def periods(draw: st.DrawFn) -> tuple[Period, Cycle]:
    start = draw(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
    cycle: Cycle = draw(st.sampled_from(get_args(Cycle)))
    schedule = Schedule(start, cycle, calendar=draw(st.booleans()))
    return schedule.containing(start + timedelta(days=draw(st.integers(0, 800)))), cycle


@given(periods(), DAY_COUNTS, st.integers(0, 500), PRICES)
def test_a_whole_period_costs_exactly_its_price(
    found: tuple[Period, Cycle], day_count: DayCount, units: int, price: Decimal
) -> None:
    period, cycle = found
    days, of = days_billed(period.whole_first, period.whole_end, period, cycle, day_count)
    assert amount(units, price, days, of) == Fraction(price) * units


@pytest.mark.parametrize("month", [1, 2, 4])
def test_a_whole_month_of_whatever_length_has_30_fixed_days(month: int) -> None:
    period = Schedule(date(2026, month, 1), "monthly").containing(date(2026, month, 1))
    assert days_billed(period.first, period.end, period, "monthly", "fixed-30") == (30, 30)


@given(periods(), DAY_COUNTS, st.data())
def test_a_part_is_never_less_than_nothing_or_more_than_the_whole(
    found: tuple[Period, Cycle], day_count: DayCount, data: st.DataObject
) -> None:
    period, cycle = found
    day = data.draw(st.dates(period.first, period.end))
    days, of = rest_of_period(day, period, cycle, day_count)
    assert 0 <= days <= of


@given(periods(), st.data())
def test_actual_days_of_two_parts_add_up_to_the_whole(
    found: tuple[Period, Cycle], data: st.DataObject
) -> None:
    period, cycle = found
    cut = data.draw(st.dates(period.first, period.end))
    before, of = days_billed(period.first, cut, period, cycle, "actual")
    after, _ = days_billed(cut, period.end, period, cycle, "actual")
    assert before + after == (period.end - period.first).days
    assert of == (period.whole_end - period.whole_first).days


@given(periods(), DAY_COUNTS, st.data())
def test_a_later_change_never_costs_more(
    found: tuple[Period, Cycle], day_count: DayCount, data: st.DataObject
) -> None:
    period, cycle = found
    first = data.draw(st.dates(period.first, period.end))
    later = data.draw(st.dates(first, period.end))
    days, _ = rest_of_period(first, period, cycle, day_count)
    fewer, _ = rest_of_period(later, period, cycle, day_count)
    assert fewer <= days


@given(periods(), DAY_COUNTS)
def test_a_change_on_the_end_belongs_to_the_next_period(
    found: tuple[Period, Cycle], day_count: DayCount
) -> None:
    period, cycle = found
    assert rest_of_period(period.end, period, cycle, day_count)[0] == 0


@given(st.fractions(-(10**6), 10**6), CURRENCIES)
def test_a_reversal_is_the_same_money_with_the_other_sign(money: Fraction, currency: str) -> None:
    assert rounded(-money, currency) == -rounded(money, currency)


@given(st.fractions(-(10**6), 10**6), CURRENCIES)
def test_rounded_money_is_whole_minor_units_and_the_nearest(money: Fraction, currency: str) -> None:
    result = rounded(money, currency)
    minor = Fraction(1, 10 ** exponent(currency))
    assert Fraction(result) % minor == 0
    assert abs(Fraction(result) - money) <= minor / 2


@pytest.mark.parametrize(
    ("money", "currency", "expected"),
    [
        (Fraction("74.985"), "USD", "74.99"),
        (Fraction("-74.985"), "USD", "-74.99"),
        (Fraction("322.58"), "JPY", "323"),
        (Fraction("1.0005"), "KWD", "1.001"),
        (Fraction("0.0049"), "EUR", "0.00"),
        (Fraction("19.95") / 30, "USD", "0.67"),
    ],
)
def test_halves_go_away_from_zero_at_the_currencys_exponent(
    money: Fraction, currency: str, expected: str
) -> None:
    assert str(rounded(money, currency)) == expected


NOVEMBER = Schedule(date(2026, 1, 1), "monthly", calendar=True).containing(date(2026, 11, 15))


def test_the_day_of_a_change_is_billed_unless_it_is_assumed_free() -> None:
    day = date(2026, 11, 15)
    assert rest_of_period(day, NOVEMBER, "monthly", "actual") == (16, 30)
    free = rest_of_period(day, NOVEMBER, "monthly", "actual", change_day_billed=False)
    assert free == (15, 30)


def test_a_change_on_the_first_day_is_the_whole_period_even_if_change_days_are_free() -> None:
    first = NOVEMBER.first
    free = rest_of_period(first, NOVEMBER, "monthly", "actual", change_day_billed=False)
    assert free == (30, 30)


def test_a_stub_is_measured_by_the_anchored_period_it_is_part_of() -> None:
    stub = Schedule(date(2026, 1, 17), "monthly", calendar=True).containing(date(2026, 1, 17))
    assert days_billed(stub.first, stub.end, stub, "monthly", "actual") == (15, 31)


@pytest.mark.parametrize("day_count", get_args(DayCount))
@given(st.integers(1, 31), st.integers(0, 35))
def test_a_short_period_that_is_billed_in_full_has_all_its_days(
    day_count: DayCount, start: int, length: int
) -> None:
    first = date(2026, 1, start)
    end = first + timedelta(days=length)
    schedule = Schedule(first, "monthly", calendar=True, end=end, part_period="full")
    for period in {schedule.containing(first), schedule.containing(end)}:
        days, of = days_billed(period.first, period.end, period, "monthly", day_count)
        assert days == of > 0


def test_a_change_in_a_short_period_that_is_billed_in_full_is_for_the_days_it_has() -> None:
    schedule = Schedule(
        date(2026, 1, 1), "monthly", calendar=True, end=date(2026, 1, 20), part_period="full"
    )
    period, day = schedule.containing(date(2026, 1, 5)), date(2026, 1, 16)
    assert rest_of_period(day, period, "monthly", "actual") == (5, 20)
    assert rest_of_period(day, period, "monthly", "30-360") == (5, 20)
    assert rest_of_period(day, period, "monthly", "fixed-30") == (5, 30)


def test_a_30th_alone_is_billed_in_full_by_30_360_too() -> None:
    only = Schedule(
        date(2026, 1, 30), "monthly", calendar=True, end=date(2026, 1, 30), part_period="full"
    ).containing(date(2026, 1, 30))
    assert days_billed(only.first, only.end, only, "monthly", "30-360") == (1, 1)


def test_thirty_day_months_count_february_and_july_alike() -> None:
    schedule = Schedule(date(2026, 1, 1), "monthly", calendar=True)
    for month in (2, 7):
        period = schedule.containing(date(2026, month, 1))
        half = rest_of_period(date(2026, month, 16), period, "monthly", "30-360")
        assert half == (15, 30)


@pytest.mark.parametrize(
    ("cycle", "per_month"),
    [("weekly", "43.33"), ("monthly", "10.00"), ("quarterly", "3.33"), ("yearly", "0.83")],
)
def test_money_per_month_follows_the_billing_cycle(cycle: Cycle, per_month: str) -> None:
    assert str(rounded(monthly(1, Decimal(10), cycle), "USD")) == per_month


def test_money_per_month_is_of_all_units() -> None:
    assert monthly(3, Decimal(10), "monthly") == 30


@pytest.mark.parametrize(
    ("first", "end", "days"),
    [
        (date(2026, 1, 15), date(2026, 1, 30), 15),
        (date(2026, 1, 15), date(2026, 1, 31), 15),
        (date(2026, 1, 31), date(2026, 2, 28), 30),
        (date(2028, 2, 15), date(2028, 2, 28), 13),
        (date(2028, 2, 15), date(2028, 2, 29), 15),
        (date(2025, 12, 15), date(2026, 1, 15), 30),
    ],
)
def test_by_30_360_every_month_ends_on_its_30th(first: date, end: date, days: int) -> None:
    year = Schedule(date(2025, 1, 1), "yearly").containing(first)
    assert days_billed(first, end, year, "yearly", "30-360") == (days, 360)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("half-up", "1.02"), ("half-even", "1.02"), ("up", "1.02"), ("down", "1.01")],
)
def test_each_mode_rounds_to_whole_minor_units(mode: RoundingMode, expected: str) -> None:
    assert str(rounded(Fraction("1.015"), "USD", mode)) == expected
    assert str(rounded(Fraction("1.0101"), "USD", mode)) == ("1.02" if mode == "up" else "1.01")
    assert str(rounded(Fraction("-1.0101"), "USD", mode)) == ("-1.02" if mode == "up" else "-1.01")
