"""What periods began with in BMS, where true-ups dated back to their first day have moved it since.

A true-up is told from a step of that day by three things: it was written after the period, the
period's policy bills at its end, and it dates such a change back to its start. A step for the next
period that was held, or missed, until that period was over stays one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, tzinfo
from operator import attrgetter
from typing import Final

from reconciler.engine.bound import BoundLine
from reconciler.engine.known import KnownLine, replay
from reconciler.engine.question import settings_on
from reconciler.model.ledgered import KnownFact
from reconciler.model.timeline import Units

_REF: Final = attrgetter("ref")
"""Of a fact that a write of ours brought; most lines have none."""


def begun_with(bound: BoundLine, known: KnownLine, zone: tzinfo) -> Mapping[date, Units]:
    """The units of each period's first day without the true-ups of ours that are dated on it; no
    other days, and none at all where writes are to be taken back. ``zone``: the tenant's."""
    if bound.takes_back or not any(map(_REF, known.facts)):
        return {}
    true_ups = set(_true_ups(bound, known.facts, zone))
    return {
        day: replay(_without(known.facts, true_ups, day)).at(day)
        for day in {known.facts[place].day for place in true_ups}
    }


def _without(facts: Sequence[KnownFact], places: set[int], day: date) -> Sequence[KnownFact]:
    """A true-up of another day stays: what it left is what the periods after it began with."""
    return [fact for i, fact in enumerate(facts) if i not in places or fact.day != day]


def _true_ups(bound: BoundLine, facts: Sequence[KnownFact], zone: tzinfo) -> Iterator[int]:
    schedule = bound.contract.schedule
    for place, fact in enumerate(facts):
        if fact.ref is None or fact.recorded_at is None or not schedule.holds(fact.day):
            continue
        period = schedule.containing(fact.day)
        written = fact.recorded_at.astimezone(zone).date()
        if fact.day != period.first or written < period.end:
            continue
        settings = settings_on(bound.line, fact.day)
        when = settings.increase if _rises(facts[:place], fact) else settings.decrease
        if settings.adjust == "month-end" and when == "period-start":
            yield place


def _rises(before: Sequence[KnownFact], fact: KnownFact) -> bool:
    if fact.effect == "add":
        return fact.units > 0
    return fact.units > (replay(before).at(fact.day) or 0)
