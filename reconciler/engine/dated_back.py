"""What counts from its period's start, over days that have units of their own.

A raise that is dated back lowers no day, and a decrease raises none. Each day is billed by its own
settings: a minimum, a commitment or units agreed by hand hold on their days alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from reconciler.engine.count import Tally
from reconciler.engine.periods import DAY
from reconciler.engine.question import days_of_settings, fixed_on, settings_on
from reconciler.engine.units import units_of
from reconciler.model.desired import DesiredLine
from reconciler.model.timeline import UNKNOWN, Timeline, Units


def dated_back(
    steps: Timeline,
    start: date,
    tally: Tally,
    line: DesiredLine,
    is_held: Callable[[date], bool],
) -> Timeline:
    """The tally's units from ``start`` on, where that moves a day as it moves the last one;
    ``is_held``: whether no run may lower the days that have the settings of that one."""
    level = steps.steps[-1][1]
    lowers = level is not UNKNOWN and tally.units is not UNKNOWN and tally.units < level
    found = _by_their_settings(start, tally, line)
    counted = Timeline.of(
        (day, UNKNOWN if lowers and is_held(day) else units) for day, units in found
    )
    return _beyond(steps, counted, start, min if lowers else max)


def raised_days(steps: Timeline, start: date, tally: Tally, line: DesiredLine) -> Timeline:
    """Days from ``start`` on whose own settings come to more than they have, as with a commitment
    that has ended since, where the tally raises nothing."""
    if not any(start < day <= tally.last for day in days_of_settings(line)):
        return steps
    return _beyond(steps, Timeline.of(_by_their_settings(start, tally, line)), start, max)


def _by_their_settings(
    start: date, tally: Tally, line: DesiredLine
) -> Iterator[tuple[date, Units]]:
    """What the quantity comes to on each day; UNKNOWN where it is not what counts."""
    for day in {start, *(day for day in days_of_settings(line) if start < day <= tally.last)}:
        settings = settings_on(line, day)
        fixed = fixed_on(settings, day)
        yield day, UNKNOWN if fixed is not None else units_of(tally.quantity, settings)


def kept_back(steps: Timeline, known: Timeline, start: date, day: date) -> Timeline:
    """``steps``, with what BMS has since ``start`` if a count dated back there may have set it.

    For a day that nobody can count. Such a count leaves no day since ``start`` short of what it
    came to. BMS has a step of its own there, further than ``steps``; else it was only never told
    of what ``steps`` has.
    """
    level, there, before, told = steps.at(day), known.at(day), steps.at(start), known.at(start)
    if level is UNKNOWN or there is UNKNOWN or before is UNKNOWN or told is UNKNOWN:
        return steps
    further = max if there > level else min
    steps_there = start in known.days() and known.at(start - DAY) is not UNKNOWN
    if not steps_there or told == before or further(told, before) != told:
        return steps
    since = [(start, told), *(at for at in known.steps if start < at[0] <= day)]
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
