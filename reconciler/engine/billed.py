"""What a line's units come to over whole billing periods: the plan's own proration, added up."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from reconciler.engine.known import KnownLine
from reconciler.engine.periods import Cycle, Period
from reconciler.engine.proration import amount, rest_of_period
from reconciler.model.assumptions import Assumptions
from reconciler.model.timeline import UNKNOWN, Timeline

Prices: TypeAlias = "tuple[tuple[date, Decimal], ...]"
"""Prices per unit and billing cycle by the day they begin on, from ``date.min`` on."""

NONE: Final = Timeline(((date.min, 0),))


@dataclass(frozen=True, slots=True)
class Part:
    """Units that have one price at a time; known on every day."""

    units: Timeline
    prices: Prices


def always(price: Decimal) -> Prices:
    """The same on every day."""
    return ((date.min, price),)


def newest_by_day(rows: Iterable[tuple[date, Prices]]) -> Prices:
    """What a line's newest row costs on each day, from the rows' days; the first one's before it.
    Empty without rows."""
    found: dict[date, Decimal] = {}
    for day, prices in sorted(rows, key=lambda row: row[0]):
        begins = day if found else date.min
        found = {since: price for since, price in found.items() if since < begins}
        found[begins] = price_on(prices, begins)
        found |= {since: price for since, price in prices if since > begins}
    return tuple(sorted(found.items()))


def price_on(prices: Prices, day: date) -> Decimal:
    """The price in force on that day."""
    return prices[bisect_right(prices, day, key=lambda step: step[0]) - 1][1]


def period_money(
    units: Timeline, price: Decimal, period: Period, cycle: Cycle, assume: Assumptions
) -> Fraction:
    """Exact money of one period: what it begins with, then every step for the rest of it.

    A day with unknown units is a defect of the caller: ValueError.
    """
    return _stepped(units, always(price), period, cycle, assume)


def _stepped(
    units: Timeline, prices: Prices, period: Period, cycle: Cycle, assume: Assumptions
) -> Fraction:
    """Each step at the price of its day; what leaves at that which it was billed at, the newest
    first."""
    money, before = Fraction(0), 0
    came: list[tuple[int, Decimal]] = []
    billed = assume.change_day == "billed"
    steps = [day for day in units.days() if period.first < day < period.end]
    for day in (period.first, *steps):
        now = units.at(day)
        if now is UNKNOWN:
            raise ValueError(f"nobody knows the units on {day}")
        days, of = rest_of_period(day, period, cycle, assume.day_count, change_day_billed=billed)
        if day == period.first or now > before:
            came.append((now - before, price_on(prices, day)))
            money += amount(*came[-1], days, of)
        else:
            for gone, price in _leaving(came, before - now):
                money += amount(-gone, price, days, of)
        before = now
    return money


def _leaving(came: list[tuple[int, Decimal]], units: int) -> Iterator[tuple[int, Decimal]]:
    """Take units from what came, the newest first; what was there first takes all that is left."""
    while units:
        there, price = came.pop()
        gone = min(there, units) if came else units
        units -= gone
        if gone < there or not came:
            came.append((there - gone, price))
        yield gone, price


def parts_money(
    parts: Iterable[Part],
    period: Period,
    cycle: Cycle,
    assume: Assumptions,
    *,
    invoiced: date | None = None,
) -> Fraction:
    """The same for units of several prices. ``invoiced``: the day on which all of a period that is
    over is, at the prices of that moment; None: each step at the price of its day."""
    return sum(
        (
            _stepped(part.units, part.prices, period, cycle, assume)
            if invoiced is None
            else period_money(part.units, price_on(part.prices, invoiced), period, cycle, assume)
            for part in parts
        ),
        Fraction(0),
    )


def billed_parts(
    known: KnownLine, prices: Mapping[int, Prices], otherwise: Prices
) -> tuple[Part, ...]:
    """What BMS has, row by row, since rows may differ in price; 0 where nothing is known.

    ``prices`` are those of the rows by id; what no row is named for goes at ``otherwise``.
    """
    units: dict[int | None, Timeline] = {}
    for fact in known.facts:
        if fact.effect == "set":
            units = {row: line.setting(fact.day, 0) for row, line in units.items()}
        row = fact.row_id if fact.row_id in prices else None
        before = units.get(row, NONE)
        # What a set leaves of this row is 0, so adding to it is the same as setting it.
        units[row] = before.adding(fact.day, fact.units)
    return tuple(
        Part(line, otherwise if row is None else prices[row]) for row, line in units.items()
    )


def frozen(parts: tuple[Part, ...], day: date) -> tuple[Part, ...]:
    """The units of that day, for ever."""
    return tuple(Part(Timeline(((date.min, part.units.at(day)),)), part.prices) for part in parts)


def minus(units: Timeline, level: int) -> Timeline:
    """Every step without ``level``; units must be known."""
    return Timeline(
        tuple((day, UNKNOWN if now is UNKNOWN else now - level) for day, now in units.steps)
    )
