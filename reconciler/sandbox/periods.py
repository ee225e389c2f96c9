"""The billing periods of a contract, by this sandbox's own reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

MONTHS: Final = {"monthly": 1, "quarterly": 3, "yearly": 12}
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both billed."""

    starts: date
    ends: date


def of_contract(contract: sqlite3.Row, day: date) -> Period:
    """The contract's period a day is in, as if neither start nor end cut it short. By the calendar
    a week begins on a Sunday, and a quarter and a year are counted from January."""
    starts, fiscal = date.fromisoformat(contract["starts"]), bool(contract["fiscal"])
    months = MONTHS.get(contract["cycle"].lower())
    if months is None:
        anchor = starts - timedelta(days=starts.isoweekday() % 7) if fiscal else starts
        first = day - (day - anchor) % _WEEK
        return Period(first, first + _WEEK - _DAY)
    if fiscal:
        return period_of(day, 1, months, starts.replace(month=1))
    return period_of(day, starts.day, months, starts)


def period_of(day: date, anchor: int, months: int = 1, start: date | None = None) -> Period:
    """The period a day is in: ``months`` long, from the anchor's day of the month (its last day
    where it has fewer), counted from the month of ``start``."""
    starts = _anchored(day.year, day.month, anchor)
    if starts > day:
        last = day.replace(day=1) - _DAY
        starts = _anchored(last.year, last.month, anchor)
    first = start or starts
    apart = (starts.year - first.year) * 12 + starts.month - first.month
    starts = _later(starts, -(apart % months), anchor)
    return Period(starts, _later(starts, months, anchor) - _DAY)


def _later(day: date, months: int, anchor: int) -> date:
    place = day.year * 12 + day.month - 1 + months
    return _anchored(place // 12, place % 12 + 1, anchor)


def _anchored(year: int, month: int, anchor: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=anchor - 1), following - _DAY)
