"""Units as a step function over days."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

Units: TypeAlias = "int | None"
"""Whole units, or ``UNKNOWN``."""

UNKNOWN: Final = None
"""Nobody can say; never the same as 0."""


@dataclass(slots=True, unsafe_hash=True)  # not frozen: it would take three times as long
class Timeline:
    """Units from each step's day on, until the next step; ``UNKNOWN`` before the first."""

    steps: tuple[tuple[date, Units], ...] = ()

    @classmethod
    def of(cls, steps: Iterable[tuple[date, Units]]) -> Timeline:
        """Sorted, the last word per day winning, without steps that change nothing."""
        kept: list[tuple[date, Units]] = []
        for day, units in sorted(dict(steps).items()):
            before = kept[-1][1] if kept else UNKNOWN
            if units != before:
                kept.append((day, units))
        return cls(tuple(kept))

    def at(self, day: date) -> Units:
        """Units in force on that day."""
        index = bisect_right(self.steps, day, key=_day)
        return self.steps[index - 1][1] if index else UNKNOWN

    def days(self) -> tuple[date, ...]:
        """The days on which units change."""
        return tuple(day for day, _ in self.steps)

    @property
    def known_from(self) -> date | None:
        """The first day with known units."""
        if self.steps and self.steps[0][1] is not UNKNOWN:
            return self.steps[0][0]
        return next((day for day, units in self.steps if units is not UNKNOWN), None)

    def setting(self, day: date, units: Units) -> Timeline:
        """The same up to the day before; ``units`` from that day on, for good."""
        return Timeline.of([*(step for step in self.steps if step[0] < day), (day, units)])

    def adding(self, day: date, units: int) -> Timeline:
        """``units`` more from that day on, where units are known."""
        start = [(day, _plus(self.at(day), units))]
        before = [step for step in self.steps if step[0] < day]
        after = [(later, _plus(old, units)) for later, old in self.steps if later > day]
        return Timeline.of([*before, *start, *after])


def _day(step: tuple[date, Units]) -> date:
    return step[0]


def _plus(units: Units, more: int) -> Units:
    return UNKNOWN if units is UNKNOWN else units + more
