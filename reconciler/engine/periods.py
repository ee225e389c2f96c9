"""Billing periods: half-open runs of local days, always counted from the original anchor."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from reconciler.model.assumptions import PartPeriod

Cycle: TypeAlias = Literal["weekly", "monthly", "quarterly", "yearly"]

MONTHS: Final[dict[str, int]] = {"monthly": 1, "quarterly": 3, "yearly": 12}
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """``[first, end)``, a part or the whole of the anchored period ``[whole_first, whole_end)``."""

    first: date
    end: date
    whole_first: date
    whole_end: date
    bills_as_whole: bool = False
    """Though it is only a part: its price is then for the days it has."""

    @property
    def priced(self) -> tuple[date, date]:
        """The days (end exclusive) that the price is for."""
        if self.bills_as_whole:
            return self.first, self.end
        return self.whole_first, self.whole_end

    @property
    def is_cut(self) -> bool:
        """Does the contract's start or end make it shorter than it would be?"""
        return (self.first, self.end) != (self.whole_first, self.whole_end)

    @property
    def last(self) -> date:
        """The last day in it."""
        return self.end - DAY


@dataclass(frozen=True, slots=True)
class Schedule:
    """How a contract's periods run.

    ``end`` is the contract's last day. ``anchor_day`` moves the boundaries of a monthly, quarterly
    or yearly contract to that day of the start's month, and so makes a leading stub.
    ``part_period``: how a period that is cut short is billed.
    """

    start: date
    cycle: Cycle
    calendar: bool = False
    end: date | None = None
    anchor_day: int | None = None
    part_period: PartPeriod = "prorated"
    _found: dict[date, Period] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Every line of a contract asks for the same few days."""

    def holds(self, day: date) -> bool:
        """Does the contract run on that day?"""
        return self.start <= day and (self.end is None or day <= self.end)

    def containing(self, day: date) -> Period:
        """The period that holds ``day``; ValueError outside the contract."""
        found = self._found.get(day)
        if found is None:
            found = self._found[day] = self._containing(day)
        return found

    def _containing(self, day: date) -> Period:
        if not self.holds(day):
            raise ValueError(f"{day} lies outside the contract")
        index = self._index(day)
        first, end = self._boundary(index), self._boundary(index + 1)
        # A contract may be open until the last day that there is, which has no day after it.
        stop = end if self.end is None or self.end >= end else self.end + DAY
        start = max(first, self.start)
        return Period(start, stop, first, end, bills_as_whole=self.part_period == "full")

    def following(self, period: Period) -> Period | None:
        """The next one; None where the contract ends."""
        if self.end is not None and period.end > self.end:
            return None
        return self.containing(period.end)

    def within(self, day: date, last: date) -> Iterator[Period]:
        """The period that holds ``day``, and those after it that begin by ``last``; ValueError
        where ``day`` lies outside the contract."""
        period: Period | None = self.containing(day)
        while period is not None:
            yield period
            following = self.following(period)
            period = following if following is not None and following.first <= last else None

    @property
    def _anchor(self) -> date:
        if self.calendar:
            return _calendar_anchor(self.start, self.cycle)
        if self.anchor_day is None or self.cycle == "weekly":
            return self.start
        return _months_on(self.start, 0, self.anchor_day)

    def _index(self, day: date) -> int:
        anchor = self._anchor
        if self.cycle == "weekly":
            return (day - anchor).days // 7
        months = (day.year - anchor.year) * 12 + day.month - anchor.month
        index = months // MONTHS[self.cycle]
        return index - 1 if self._boundary(index) > day else index

    def _boundary(self, index: int) -> date:
        anchor = self._anchor
        if self.cycle == "weekly":
            return anchor + timedelta(weeks=index)
        day = anchor.day if self.calendar or self.anchor_day is None else self.anchor_day
        return _months_on(anchor, index * MONTHS[self.cycle], day)


def _calendar_anchor(start: date, cycle: Cycle) -> date:
    # BMS's own automation counts weeks from Sunday.
    if cycle == "weekly":
        return start - timedelta(days=(start.weekday() + 1) % 7)
    months = MONTHS[cycle]
    return date(start.year, (start.month - 1) // months * months + 1, 1)


def _months_on(anchor: date, months: int, day: int) -> date:
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))
