"""The days whose price the units have that come or leave on a day: those that leave have the price
that their period was billed at for them, the newest units first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from reconciler.engine.lines import LineWork
from reconciler.engine.periods import DAY
from reconciler.engine.question import price_since
from reconciler.model.timeline import UNKNOWN, Timeline


def moved_on(work: LineWork, day: date, before: int, after: int) -> list[tuple[int, date]]:
    """(units more or less, the day whose price they have) of a step, in the order to write them.

    What BMS has itself from that day on is undone as it was billed there: units that it credited
    come back at the price they were credited at. What comes, comes oldest first, then what leaves,
    newest first; so a run that is ended on the way leaves what the next one would find anyway.
    """
    wanted = _wanted(work)
    units = Counter(dict(_moves(work, wanted, day)))
    units.subtract(dict(_moves(work, work.known.timeline, day)))
    if units.total() != after - before:
        # An earlier day is left as BMS has it, so this step is another than both sides tell.
        units = Counter(dict(_between(work, wanted, day, before, after)))
    comes = sorted((on, n) for on, n in units.items() if n > 0)
    leaves = sorted(((on, n) for on, n in units.items() if n < 0), reverse=True)
    return [(n, on) for on, n in (*comes, *leaves)]


def _wanted(work: LineWork) -> Timeline:
    """What the line should have, and before its first writable day what BMS has."""
    before = (step for step in work.known.timeline.steps if step[0] < work.first)
    return Timeline.of([*before, *work.desired.timeline.steps])


def _moves(work: LineWork, units: Timeline, day: date) -> Iterator[tuple[date, int]]:
    """What moves there on that day by itself."""
    before, after = units.at(day - DAY), units.at(day)
    if after is not UNKNOWN and (before is not UNKNOWN or not work.known.exists):
        yield from _between(work, units, day, before or 0, after)


def _between(
    work: LineWork, units: Timeline, day: date, before: int, after: int
) -> Iterator[tuple[date, int]]:
    if after > before:
        yield day, after - before
    schedule, on, level = work.bound.contract.schedule, day, before
    first = schedule.containing(day).first if schedule.holds(day) else day
    while level > after and (given := price_since(work.bound.line, on)) is not None:
        if given <= first:
            break
        there = max(after, _fewest(units, given, day))
        if there < level:
            yield on, there - level
            level = there
        on = given - DAY
    if level > after:
        yield on, after - level


def _fewest(units: Timeline, given: date, day: date) -> int:
    """Of the units that were there before a price, those still there before ``day``."""
    levels = [units.at(given - DAY), *(n for on, n in units.steps if given <= on < day)]
    return min((n for n in levels if n is not UNKNOWN), default=0)
