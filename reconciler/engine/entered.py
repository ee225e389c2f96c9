"""What a run keeps of how it entered periods, for runs that look at fewer days before them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from operator import attrgetter

from reconciler.engine.begun import begun_by_writes
from reconciler.engine.lines import LineWork
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import EnteredPeriod, Remembered
from reconciler.model.plan import Change
from reconciler.model.timeline import UNKNOWN


def entered_by(work: LineWork) -> Iterator[EnteredPeriod]:
    """Only what BMS and writes of ours do not tell; what an earlier run found too."""
    found = work.desired.entered
    if not found:
        return
    written = begun_by_writes(work.bound.contract.schedule, work.known.facts, work.bound.takes_back)
    for day, units in found.items():
        said = written[day] if day in written else work.known.timeline.at(day)
        if units is not UNKNOWN and units != said:
            yield EnteredPeriod(work.bound.key, day, units)


def to_remember(
    written: Iterable[Change],
    found: Iterable[EnteredPeriod],
    remembered: Remembered,
) -> tuple[EnteredPeriod, ...]:
    """What is to be kept after these writes. They tell some of it; and what was kept of a line
    before anything else was learned of it may count no more, so it is kept anew."""
    by_line: dict[LineKey, list[Change]] = defaultdict(list)
    for change in written:
        if change.kind != "price":
            by_line[change.line.key].append(change)
    learned = {fact.line: fact.recorded_at for fact in remembered.facts if fact.recorded_at}
    kept = {
        (one.line, one.day, one.units)
        for one in remembered.entered
        if one.line not in by_line and not _is_older(one, learned.get(one.line))
    }
    return tuple(
        one
        for one in found
        if (one.line, one.day, one.units) not in kept and not _is_told(by_line[one.line], one)
    )


def _is_older(one: EnteredPeriod, learned: datetime | None) -> bool:
    return learned is not None and (one.at is None or one.at <= learned)


def _is_told(changes: Sequence[Change], one: EnteredPeriod) -> bool:
    before = [change for change in changes if change.day <= one.day]
    if not before:
        return False
    newest = max(before, key=attrgetter("day"))
    return one.units == (newest.entered if newest.day == one.day else newest.units_after)
