"""What a change comes to: per month from now on, and prorated up to today's period's end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from reconciler.engine.frame import Frame
from reconciler.engine.lines import LineWork
from reconciler.engine.periods import DAY
from reconciler.engine.priced import cost, units_by_price
from reconciler.engine.priced_by_day import price_of, price_on_day
from reconciler.engine.proration import amount, days_billed, monthly, rest_of_period, rounded
from reconciler.model.plan import Money
from reconciler.model.timeline import UNKNOWN, Units


def units_money(work: LineWork, day: date, units: int, price: Decimal, frame: Frame) -> Money:
    """Per month from now on, and prorated up to the end of the period that holds today.

    What an invoice covers already is billed at the price of the write; each period after it at the
    price it begins with.
    """
    schedule = work.bound.contract.schedule
    assume, now = frame.assume, price_of(work)[1]
    rest = 0 if work.bound.contract.is_over else units
    per_month = rounded(monthly(rest, now, schedule.cycle), frame.currency)
    if schedule.end is not None and day > schedule.end:
        return Money(per_month, rounded(Fraction(0), frame.currency), 0, 0)

    closed = work.bound.contract.closed_through

    def at(first: date) -> Decimal:
        if closed is not None and first <= closed:
            return price
        if frame.correction is not None:
            return now
        return price_on_day(work, first, frame.as_of, frame.replaced)[0]

    period, *later = schedule.within(day, frame.as_of)
    days, of = rest_of_period(
        day,
        period,
        schedule.cycle,
        assume.day_count,
        change_day_billed=assume.change_day == "billed",
    )
    exact = amount(units, price, days, of)
    for following in later:
        whole = days_billed(
            following.first, following.end, following, schedule.cycle, assume.day_count
        )
        exact += amount(units, at(following.first), *whole)
    return Money(per_month, rounded(exact, frame.currency), days, of)


def money_until(
    work: LineWork, day: date, last: date, units: int, price: Decimal, frame: Frame
) -> Money:
    """Of these days alone, up to the end of the period that holds today: nothing of it comes every
    month."""
    money = units_money(work, day, units, price, frame)
    schedule, after = work.bound.contract.schedule, last + DAY
    rest = Decimal(0)
    if schedule.holds(day) and after < list(schedule.within(day, frame.as_of))[-1].end:
        rest = units_money(work, after, units, price, frame).prorated
    return replace(money, monthly=0 * money.monthly, prorated=money.prorated - rest)


def price_money(work: LineWork, price: Decimal, units: Units, day: date) -> Fraction:
    """Per month: rows may differ in price, so each one's units are counted at their own."""
    if units is UNKNOWN:
        return Fraction(0)
    rows = {row.id: row.price for row in work.bound.rows}
    there = units_by_price(work.known, rows, price_of(work)[0], day)
    return monthly(1, price * units - cost(there), work.bound.contract.schedule.cycle)
