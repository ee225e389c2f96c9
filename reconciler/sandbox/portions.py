"""Which part of a price is billed, by this sandbox's own reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from reconciler.sandbox.periods import MONTHS, Period, of_contract

if TYPE_CHECKING:
    import sqlite3

    from reconciler.sandbox.behaviour import Behaviour

_DAY: Final = timedelta(days=1)
_WEEK: Final = 7
_MONTH: Final = 30
_FEBRUARY: Final = 2


@dataclass(frozen=True, slots=True)
class Sold:
    """The days that are billed, those that the price of a service is for, and how many the price
    is for where each month of the contract's cycle has 30."""

    period: Period
    price_for: Period
    fixed_days: int = 30


def sold(contract: sqlite3.Row, period: Period, behaviour: Behaviour) -> Sold:
    """Of an invoiced period the days on which the contract runs. Where that is less than a period
    of the contract, the price is for the period, or for the days there are (`part_period`)."""
    starts, ends = date.fromisoformat(contract["starts"]), date.fromisoformat(contract["ends"])
    there = Period(max(period.starts, starts), min(period.ends, ends))
    months = MONTHS.get(contract["cycle"].lower())
    fixed_days = _WEEK if months is None else _MONTH * months
    if behaviour.part_period == "full" or there.starts > there.ends:
        return Sold(there, there, fixed_days)
    first = of_contract(contract, there.starts).starts
    last = of_contract(contract, there.ends).ends
    return Sold(
        there,
        Period(
            first if there.starts == starts else there.starts,
            last if there.ends == ends else there.ends,
        ),
        fixed_days,
    )


def portion(behaviour: Behaviour, day: date, one: Sold) -> Decimal:
    """The part of a price that is billed for units that changed on a day; what a period starts with
    is billed from its first day on, whatever is said of the day of a change."""
    period, whole = one.period, one.price_for
    if day <= period.starts and period == whole:
        return Decimal(1)
    first = day if behaviour.change_day == "billed" else day + _DAY
    first = period.starts if day <= period.starts else first
    after, end = period.ends + _DAY, whole.ends + _DAY
    match behaviour.day_count:
        case "actual":
            return Decimal((after - first).days) / (end - whole.starts).days
        case "fixed-30":
            return Decimal(min((after - first).days, one.fixed_days)) / one.fixed_days
        case "30-360":
            of = max(1, _days_360(whole.starts, end, behaviour))
            return Decimal(_days_360(first, after, behaviour)) / of


def _days_360(first: date, after: date, behaviour: Behaviour) -> int:
    months = (after.year - first.year) * 12 + after.month - first.month
    return months * _MONTH + _day_of_30(after, behaviour) - _day_of_30(first, behaviour)


def _day_of_30(day: date, behaviour: Behaviour) -> int:
    if behaviour.february == "30th" and day.month == _FEBRUARY and (day + _DAY).day == 1:
        return _MONTH
    return min(day.day, _MONTH)
