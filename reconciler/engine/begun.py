"""What periods began with in BMS, where their own counts have moved their first day since.

A write that is dated on a period's first day says what the period was entered with. What it brought
beyond that came from the period's own days; what is left came from the period before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import Final

from reconciler.engine.known import replay
from reconciler.engine.periods import Schedule
from reconciler.model.ledgered import EnteredPeriod, Intent, KnownFact
from reconciler.model.timeline import Units

_TOLD: Final = ("accepted", "baseline")
_REF: Final = attrgetter("ref")
"""Of a fact that a write of ours brought; most lines have none."""


def begun_by_writes(
    schedule: Schedule, facts: Sequence[KnownFact], takes_back: Sequence[Intent] = ()
) -> Mapping[date, Units]:
    """The units of each period's first day without those of its own counts, as if the writes of
    ``takes_back`` had never been made; only days on which a write says so."""
    if not any(map(_REF, facts)):
        return {}
    gone = {intent.ref for intent in takes_back}
    days = {fact.day for fact in facts if fact.entered is not None and fact.ref not in gone}
    return {day: begun_on(facts, day, gone) for day in days if _begins(schedule, day)}


def begun_on(facts: Sequence[KnownFact], day: date, gone: Set[str] = frozenset()) -> Units:
    """The same of one day, without the writes of these refs."""
    return replay([_before_counts(fact, day) for fact in facts if fact.ref not in gone]).at(day)


def still_said(
    entered: Iterable[EnteredPeriod], facts: Sequence[KnownFact]
) -> Mapping[date, Units]:
    """What runs found periods to be entered with, where nothing was said of it since: by a write of
    ours on that day, or by a person who told of the line what was not known."""
    told = list(_telling(facts))
    return {one.day: one.units for one in entered if not any(_says(fact, one) for fact in told)}


def told_of(day: date, entered: Iterable[EnteredPeriod], facts: Sequence[KnownFact]) -> Units:
    """With how many units a line enters the period that begins on ``day``, as far as all that was
    learned and remembered of it says."""
    remembered = still_said((one for one in entered if one.day == day), facts)
    return remembered[day] if day in remembered else begun_on(facts, day)


def _telling(facts: Sequence[KnownFact]) -> Iterator[KnownFact]:
    """Those that can say with what a period is entered."""
    for place, fact in enumerate(facts):
        if fact.source in _TOLD:
            if replay(facts[:place]).at(fact.day) != fact.units:
                yield fact
        elif fact.entered is not None:
            yield fact


def _says(fact: KnownFact, one: EnteredPeriod) -> bool:
    if fact.recorded_at is None or one.at is None:
        return False
    if fact.source in _TOLD:
        return fact.recorded_at >= one.at
    return fact.day == one.day and fact.recorded_at > one.at


def _before_counts(fact: KnownFact, day: date) -> KnownFact:
    if fact.day != day or fact.entered is None:
        return fact
    return replace(fact, effect="set", units=fact.entered)


def _begins(schedule: Schedule, day: date) -> bool:
    return schedule.holds(day) and schedule.containing(day).first == day
