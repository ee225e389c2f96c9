"""What a run keeps of how it entered periods, for runs that look at fewer days before them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from reconciler.engine.begun import told_of
from reconciler.engine.lines import LineWork
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import EnteredPeriod, KnownFact, Remembered
from reconciler.model.timeline import UNKNOWN


def entered_by(work: LineWork) -> Iterator[EnteredPeriod]:
    """Of a line that moves, or of which this is not what is known or remembered."""
    remembered = work.known.entered or {}
    for day, units in (work.desired.entered or {}).items():
        if units is UNKNOWN:
            continue
        is_known = units == work.known.timeline.at(day) and units == remembered.get(day, units)
        if not is_known or work.steps or day in work.begun:
            yield EnteredPeriod(work.bound.key, day, units)


def to_remember(
    found: Iterable[EnteredPeriod], remembered: Remembered
) -> tuple[EnteredPeriod, ...]:
    """What is to be kept: of which the ledger, as it is now, says something else or nothing."""
    found = tuple(found)
    lines = {one.line for one in found}
    facts: dict[LineKey, list[KnownFact]] = defaultdict(list)
    for fact in remembered.facts if lines else ():
        if fact.line in lines:
            facts[fact.line].append(fact)
    kept: dict[LineKey, list[EnteredPeriod]] = defaultdict(list)
    for one in remembered.entered:
        kept[one.line].append(one)
    return tuple(
        one for one in found if told_of(one.day, kept[one.line], facts[one.line]) != one.units
    )
