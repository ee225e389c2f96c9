"""Days under invoices: where the policy says nothing of what is late, they keep what BMS has.

A day that may not be moved that way stays, and is told with what it lacks; every other day is as it
should be. So what is written holds whether a person ever settles the rest or not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from operator import itemgetter

from reconciler.engine.diff import Closed
from reconciler.engine.periods import DAY
from reconciler.model.timeline import UNKNOWN, Timeline, Units


@dataclass(frozen=True, slots=True)
class Invoiced:
    """Which days are under invoices, and how the policy lets them be moved."""

    last: date
    """The last of them."""
    holds: Callable[[date, int], bool]
    """Does the policy hold so many units more or less on such a day?"""
    edges: Collection[date] = ()
    """Days on which the policy is another one."""


def kept(
    desired: Timeline, known: Timeline, invoiced: Invoiced, first: date, as_of: date
) -> tuple[Timeline, tuple[Closed, ...]]:
    """What may be written, and what is held; ``first``: the first writable day."""
    days = _days(desired, known, first, invoiced)
    held = [(day, _held(desired.at(day), known.at(day), day, invoiced)) for day in days]
    if not any(more for _, more in held):
        return desired, ()
    levels = [(day, known.at(day) if more else desired.at(day)) for day, more in held]
    opens = invoiced.last + DAY
    later = [step for step in desired.steps if step[0] >= opens]
    if opens <= as_of:
        later.append((opens, desired.at(opens)))
    return Timeline.of([*levels, *later]), tuple(_told(held, known, invoiced.last))


def _days(desired: Timeline, known: Timeline, first: date, invoiced: Invoiced) -> Sequence[date]:
    """Those on which anything can change."""
    last, steps = invoiced.last, {*desired.days(), *known.days(), *invoiced.edges}
    return sorted({first, *(day for day in steps if first < day <= last)}) if first <= last else []


def _held(wanted: Units, has: Units, day: date, invoiced: Invoiced) -> int:
    """How many units more or less are held on that day."""
    if wanted is UNKNOWN or has is UNKNOWN or wanted == has:
        return 0
    return wanted - has if invoiced.holds(day, wanted - has) else 0


def _told(held: Sequence[tuple[date, int]], known: Timeline, last: date) -> Iterator[Closed]:
    """A run of days that lack the same is told once."""
    runs = [next(run) for _, run in groupby(held, key=itemgetter(1))]
    for (day, more), (ends, _) in pairwise([*runs, (last + DAY, 0)]):
        if more:
            units = known.at(day) or 0
            yield Closed(day, units, units + more, ends - DAY)
