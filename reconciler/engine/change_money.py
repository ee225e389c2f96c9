"""What a change comes to: per month from now on, and prorated up to today's period's end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from reconciler.engine.frame import Frame
from reconciler.engine.lines import LineWork
from reconciler.engine.periods import DAY, Period
from reconciler.engine.priced import cost, units_by_price
from reconciler.engine.priced_by_day import price_of, price_on_day
from reconciler.engine.proration import amount, monthly, rest_of_period, rounded
from reconciler.model.plan import Money
from reconciler.model.timeline import UNKNOWN, Units


def units_money(work: LineWork, day: date, units: int, price: Decimal, frame: Frame) -> Money:
    """Per month from now on, and prorated up to the end of the period that holds today.

    What an invoice covers already is billed at the price of the write; each period after it at the
    price it begins with.
    """
    closed = work.bound.contract.closed_through

    def at(first: date) -> Decimal:
        invoiced = closed is not None and first <= closed
        return price if invoiced else _begins_at(work, first, frame)

    rest = 0 if work.bound.contract.is_over else units
    per_month = monthly(rest, price_of(work)[1], work.bound.contract.schedule.cycle)
    exact, days, of = _billed(work, (day, frame.as_of), price, at, frame)
    return Money(
        rounded(per_month, frame.currency), rounded(units * exact, frame.currency), days, of
    )


def money_until(
    work: LineWork, day: date, last: date, units: int, price: Decimal, frame: Frame
) -> Money:
    """Of these days alone, up to the end of the period that holds today: nothing of it comes every
    month. No write takes a price along, so each period has its own."""

    def at(first: date) -> Decimal:
        return _begins_at(work, first, frame)

    exact, days, of = _billed(work, (day, min(last, frame.as_of)), price, at, frame, last)
    return Money(
        rounded(Fraction(0), frame.currency), rounded(units * exact, frame.currency), days, of
    )


def share_of(work: LineWork, day: date, frame: Frame) -> Fraction:
    """How much of its price a unit from that day on bills in the day's period."""
    days, of = _days(work, day, work.bound.contract.schedule.containing(day), frame)
    return amount(1, Decimal(1), days, of)


def _begins_at(work: LineWork, first: date, frame: Frame) -> Decimal:
    if frame.correction is not None:
        return price_of(work)[1]
    return price_on_day(work, first, frame.as_of, frame.replaced)[0]


def _billed(
    work: LineWork,
    days: tuple[date, date],
    price: Decimal,
    at: Callable[[date], Decimal],
    frame: Frame,
    last: date | None = None,
) -> tuple[Fraction, int, int]:
    """Exact money of one unit, and which days of how many of the first period that is for.

    From the first of ``days`` in the periods that begin by the second of them, at ``price`` in the
    first of these and then ``at`` what each begins with; ``last``: on no day after it.
    """
    schedule, (day, until) = work.bound.contract.schedule, days
    if schedule.end is not None and day > schedule.end:
        return Fraction(0), 0, 0
    exact, first = Fraction(0), (0, 0)
    for period in schedule.within(day, until):
        its = _days(work, max(day, period.first), period, frame)
        if last is not None and last < period.last:
            its = its[0] - _days(work, last + DAY, period, frame)[0], its[1]
        if period.first <= day:
            first = its
        exact += amount(1, price if period.first <= day else at(period.first), *its)
    return exact, *first


def _days(work: LineWork, day: date, period: Period, frame: Frame) -> tuple[int, int]:
    return rest_of_period(
        day,
        period,
        work.bound.contract.schedule.cycle,
        frame.assume.day_count,
        change_day_billed=frame.assume.change_day == "billed",
    )


def price_money(work: LineWork, price: Decimal, units: Units, day: date) -> Fraction:
    """Per month: rows may differ in price, so each one's units are counted at their own."""
    if units is UNKNOWN:
        return Fraction(0)
    rows = {row.id: row.price for row in work.bound.rows}
    there = units_by_price(work.known, rows, price_of(work)[0], day)
    return monthly(1, price * units - cost(there), work.bound.contract.schedule.cycle)
