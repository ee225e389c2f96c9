"""Worked examples that other billing engines publish, to the cent.

Where our rule is theirs the amounts agree; where ours differs on purpose the case says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from reconciler.engine.calculator import Case, Change, bill
from reconciler.engine.periods import Period, Schedule
from reconciler.engine.proration import DayCount, RoundingMode


@dataclass(frozen=True)
class Example:
    """``part`` is the part of the whole period that is billed."""

    source: str
    price: str
    units: str
    whole: tuple[date, date]
    part: tuple[date, date]
    amount: str
    currency: str = "USD"
    rounding: RoundingMode = "half-up"
    day_count: DayCount = "actual"


def d(text: str) -> date:
    return date.fromisoformat(text)


JANUARY = (d("2025-01-01"), d("2025-02-01"))
FEBRUARY = (d("2025-02-01"), d("2025-03-01"))
APRIL = (d("2025-04-01"), d("2025-05-01"))
JUNE = (d("2020-06-01"), d("2020-07-01"))
JULY = (d("2025-07-01"), d("2025-08-01"))
YEAR = (d("2025-01-01"), d("2026-01-01"))

SAME = [
    Example("OpenMeter, first part of a split", "5.00", "1", JANUARY,
            (d("2025-01-01"), d("2025-01-15")), "2.26"),
    Example("OpenMeter, second part of the split", "5.00", "1", JANUARY,
            (d("2025-01-15"), d("2025-02-01")), "2.74"),
    Example("OpenMeter, 22 of 28 days", "12.00", "1", FEBRUARY,
            (d("2025-02-01"), d("2025-02-23")), "9.43"),
    Example("OpenMeter, 6 of 28 days", "12.00", "1", FEBRUARY,
            (d("2025-02-23"), d("2025-03-01")), "2.57"),
    Example("Kill Bill, 6 of 30 days", "29.95", "1", APRIL,
            (d("2025-04-01"), d("2025-04-07")), "5.99"),
    Example("Kill Bill, 24 of 30 days", "29.95", "1", APRIL,
            (d("2025-04-07"), d("2025-05-01")), "23.96"),
    Example("Kill Bill, 30 days of a year", "2399.95", "1", YEAR,
            (d("2025-01-01"), d("2025-01-31")), "197.26"),
    Example("Kill Bill, the rest of that year", "2399.95", "1", YEAR,
            (d("2025-01-31"), d("2026-01-01")), "2202.69"),
    Example("Kill Bill, a tie goes up", "249.95", "1", APRIL,
            (d("2025-04-22"), d("2025-05-01")), "74.99"),
    Example("the same tie by bankers' rounding", "249.95", "1", APRIL,
            (d("2025-04-22"), d("2025-05-01")), "74.98", rounding="half-even"),
    Example("AppXite, 500 licences for 27 of 31 days", "51.93", "500", JANUARY,
            (d("2025-01-05"), d("2025-02-01")), "22614.68"),
    Example("ConnectWise, 17 of 31 days of a seat", "22.00", "1", JANUARY,
            (d("2025-01-15"), d("2025-02-01")), "12.06"),
    Example("OpenMeter, yen have no minor unit", "1000", "1", JANUARY,
            (d("2025-01-22"), d("2025-02-01")), "323", currency="JPY"),
    Example("Gradient, half a month of a unit at 10", "10.00", "1", JUNE,
            (d("2020-06-16"), d("2020-07-01")), "5.00"),
    Example("BMS A, one unit from 10 June: 21 of 30 days", "100.00", "1", JUNE,
            (d("2020-06-10"), d("2020-07-01")), "70.00"),
    Example("BMS D, a unit at 2500 from 15 July: 17 of 31 days", "2500.00", "1", JULY,
            (d("2025-07-15"), d("2025-08-01")), "1370.97"),
    Example("Zuora, strict 30/360: 27-28 February is 4 of 30", "300.00", "1", FEBRUARY,
            (d("2025-02-27"), d("2025-03-01")), "40.00", day_count="30-360"),
    Example("Zuora, strict 30/360: 27-31 January is 4 of 30", "300.00", "1", JANUARY,
            (d("2025-01-27"), d("2025-02-01")), "40.00", day_count="30-360"),
    Example("Polar, 166 of 366 days where the year holds 29 February", "366.00", "1",
            (d("2023-06-01"), d("2024-06-01")), (d("2023-06-01"), d("2023-11-14")), "166.00"),
    Example("Polar, 166 of 365 days where it does not", "365.00", "1",
            (d("2024-06-01"), d("2025-06-01")), (d("2024-06-01"), d("2024-11-14")), "166.00"),
]  # fmt: skip

OTHERWISE = [
    Example("Kill Bill rounds the fraction first and bills 0.66", "19.95", "1", APRIL,
            (d("2025-04-30"), d("2025-05-01")), "0.67"),
    Example("OpenMeter counts seconds and bills 6.51; we count whole days", "20.00", "1", JANUARY,
            (d("2025-01-21"), d("2025-02-01")), "7.10"),
    Example("Microsoft rounds each licence first and bills 7.74", "29.00", "2", APRIL,
            (d("2025-04-27"), d("2025-05-01")), "7.73"),
    Example("Lago rounds each of 5 seats and bills 72.60", "30.00", "5", JANUARY,
            (d("2025-01-17"), d("2025-02-01")), "72.58"),
    Example("BMS's own text says 15 days from 15 July; the calendar says 17", "31.00", "1", JULY,
            (d("2025-07-15"), d("2025-08-01")), "17.00"),
]  # fmt: skip


def amount_of(example: Example) -> Decimal:
    period = Period(*example.part, *example.whole)
    case = Case(
        period,
        Decimal(example.price),
        Decimal(example.units),
        day_count=example.day_count,
        rounding=example.rounding,
        currency=example.currency,
    )
    return bill(case).base


@pytest.mark.parametrize("example", SAME, ids=lambda one: one.source)
def test_where_the_rule_is_the_same_the_cent_is(example: Example) -> None:
    assert amount_of(example) == Decimal(example.amount)


@pytest.mark.parametrize("example", OTHERWISE, ids=lambda one: one.source)
def test_where_ours_differs_it_is_on_purpose(example: Example) -> None:
    assert amount_of(example) == Decimal(example.amount)


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [(0, 1, "5.00"), (2, 3, "12.00"), (4, 5, "29.95"), (6, 7, "2399.95")],
)
def test_published_splits_sum_to_the_whole(first: int, second: int, whole: str) -> None:
    assert amount_of(SAME[first]) + amount_of(SAME[second]) == Decimal(whole)


def test_a_leading_stub_is_measured_by_the_anchored_period_it_ends() -> None:
    # Kill Bill: 14 days to 15 May are 14/30, to 15 June 14/31.
    for start, of in ((d("2025-05-01"), 30), (d("2025-06-01"), 31)):
        stub = Schedule(start, "monthly", anchor_day=15).containing(start)
        assert ((stub.end - stub.first).days, (stub.whole_end - stub.whole_first).days) == (14, of)


def test_a_yearly_stub_runs_to_the_next_anchor_day_or_for_most_of_a_year() -> None:
    # Kill Bill: from 16 January on day 17 to the 17th; on day 15 to 15 January of the next year.
    start = d("2012-01-16")
    for day, end in ((17, "2012-01-17"), (16, "2013-01-16"), (15, "2013-01-15")):
        assert Schedule(start, "yearly", anchor_day=day).containing(start).end == d(end)


def test_the_anchored_period_is_counted_from_the_original_anchor() -> None:
    # Kill Bill counts 14-28 February 2011 as 14/31; from the original anchor it is 14/28.
    stub = Schedule(d("2011-02-14"), "monthly", anchor_day=31).containing(d("2011-02-14"))
    assert (stub.end - stub.first).days == 14
    assert (stub.whole_end - stub.whole_first).days == 28


def test_a_prorated_change_and_the_month_after_it() -> None:
    # Sync 365: 10 licences from 1 March, two more on the 17th: 2 x 15/31 now, 12 from April.
    march = Period(d("2025-03-01"), d("2025-04-01"), d("2025-03-01"), d("2025-04-01"))
    found = bill(Case(march, Decimal("31.00"), Decimal(10), [Change(d("2025-03-17"), Decimal(12))]))
    assert [(part.units, part.days, part.of) for part in found.adjustments] == [
        (Decimal(2), 15, 31)
    ]
    assert found.total == Decimal("340.00")


def test_net_of_credit_and_charge_is_rounded_once() -> None:
    # flexprice, Stripe and others round credit and charge apart: 10.97 - 5.48 = 5.49.
    days = Period(d("2025-01-15"), d("2025-02-01"), *JANUARY)
    net = bill(Case(days, Decimal("10.00"), Decimal(1)))
    assert net.base == Decimal("5.48")
