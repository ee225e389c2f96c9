"""What a run keeps of how it entered periods, for runs that look at fewer days before them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from reconciler.engine.lines import LineWork
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import EnteredPeriod
from reconciler.model.plan import Change
from reconciler.model.timeline import UNKNOWN


def entered_by(work: LineWork) -> Iterator[EnteredPeriod]:
    """Only what BMS, writes of ours and earlier runs do not tell."""
    for day, units in (work.desired.entered or {}).items():
        said = work.begun[day] if day in work.begun else work.known.timeline.at(day)
        if units is not UNKNOWN and units != said:
            yield EnteredPeriod(work.bound.key, day, units)


def not_in(changes: Iterable[Change], found: Iterable[EnteredPeriod]) -> tuple[EnteredPeriod, ...]:
    """Without those that BMS and the ledger tell once these changes are written."""
    by_line: dict[LineKey, list[Change]] = defaultdict(list)
    for change in changes:
        if change.kind != "price":
            by_line[change.line.key].append(change)
    return tuple(one for one in found if not _is_told(by_line[one.line], one))


def _is_told(changes: Sequence[Change], one: EnteredPeriod) -> bool:
    before = [change for change in changes if change.day <= one.day]
    if not before:
        return False
    newest = max(before, key=attrgetter("day"))
    return one.units == (newest.entered if newest.day == one.day else newest.units_after)
