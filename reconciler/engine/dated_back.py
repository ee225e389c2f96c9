"""What counts from its period's start, over days that have units of their own.

A raise that is dated back lowers no day, and a decrease raises none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from reconciler.engine.periods import DAY
from reconciler.engine.question import settings_on
from reconciler.model.desired import DesiredLine
from reconciler.model.timeline import UNKNOWN, Timeline, Units


def dated_back(steps: Timeline, start: date, units: int, line: DesiredLine) -> Timeline:
    """``units`` from ``start`` on, where that moves a day the way that the last day moves.

    A decrease stays at a commitment's floor as long as one holds.
    """
    now = steps.steps[-1][1]
    if now is not UNKNOWN and units < now:
        return _beyond(steps, Timeline.of(_above_floors(line, start, units)), start, min)
    return _beyond(steps, Timeline.of([(start, units)]), start, max)


def kept_back(steps: Timeline, known: Timeline, start: date, day: date) -> Timeline:
    """``steps``, with what BMS has since ``start`` if a count dated back there may have set it.

    For a day that nobody can count. Such a count leaves no day since ``start`` short of what it
    came to, and BMS was told of that start: it steps there, or has what ``steps`` has.
    """
    level, there = steps.at(day), known.at(day)
    told = start in known.days() or known.at(start) == steps.at(start)
    if level is UNKNOWN or there is UNKNOWN or not told:
        return steps
    further = max if there > level else min
    since = [(start, known.at(start)), *(at for at in known.steps if start < at[0] <= day)]
    if any(units is UNKNOWN or further(units, there) != units for _, units in since):
        return steps
    return _beyond(steps, Timeline.of(since), start, further)


def _beyond(
    steps: Timeline, other: Timeline, start: date, further: Callable[[int, int], int]
) -> Timeline:
    """The further of both on each day from ``start`` on."""
    days = {start, *(day for day in (*steps.days(), *other.days()) if day > start)}
    moved = [(day, _further(steps.at(day), other.at(day), further)) for day in days]
    return Timeline.of([*(step for step in steps.steps if step[0] < start), *moved])


def _further(one: Units, other: Units, further: Callable[[int, int], int]) -> Units:
    if one is UNKNOWN or other is UNKNOWN:
        return other if one is UNKNOWN else one
    return further(one, other)


def _above_floors(line: DesiredLine, start: date, units: int) -> Iterator[tuple[date, int]]:
    """The fewest units that the line may go down to, from each day on."""
    day, found = start, settings_on(line, start).commitment
    while found is not None and found.floor > units:
        yield day, found.floor
        later = [dated.day for dated in line.settings if dated.day > day]
        day = min(found.until + DAY, *later, found.until + DAY)
        found = settings_on(line, day).commitment
    yield day, units
