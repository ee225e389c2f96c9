"""The billing periods of a contract, by this sandbox's own reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

MONTHS: Final = {"monthly": 1, "quarterly": 3, "yearly": 12}
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both billed."""

    starts: date
    ends: date


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
