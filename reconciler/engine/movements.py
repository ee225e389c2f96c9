"""When the units of a line moved, since when BMS could know of it, and at which price."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import Final

from reconciler.engine.known import KnownLine
from reconciler.engine.periods import DAY
from reconciler.model.ledgered import Intent, KnownFact, Settled
from reconciler.model.timeline import UNKNOWN, Timeline

BY_A_PERSON: Final = ("hand", "accepted")
"""Sources of units whose moment nobody noted."""

DONE: Final = ("answered", "proved")

Writes = Sequence[tuple[Intent, Settled | None]]


@dataclass(frozen=True, slots=True)
class Movement:
    """``units`` more from ``day`` on, made in BMS at ``made``."""

    index: int
    day: date
    units: int
    row_id: int | None
    made: datetime
    by_a_person: bool = False
    """Then ``made`` is only the latest or likeliest moment."""
    price: Decimal | None = None
    """What our own write of it carried; rows have had other prices since, it may be."""

    def known_at(self, moment: datetime) -> bool:
        """Could an invoice made then bill it?"""
        return self.made <= moment

    def unsure_at(self, moment: datetime) -> bool:
        """Could it be the other way round? Clocks differ, and a person leaves no time."""
        return self.by_a_person or abs(self.made - moment) < DAY


@dataclass(frozen=True, slots=True)
class Prices:
    """Each row's price now, and what it was before each write of ours: one of units may have
    another price too, where it updates the row."""

    now: Mapping[int, Decimal]
    other: Decimal
    """Of a row that is gone."""
    before: Sequence[tuple[datetime, Mapping[int, Decimal]]] = ()
    """(moment of a write, prices before it), oldest first."""

    def at(self, row_id: int | None, moment: datetime) -> Decimal:
        """The price for one unit and period as it was at that moment."""
        for changed, prices in self.before:
            if changed > moment and (price := prices.get(row_id or 0)) is not None:
                return price
        return self.now.get(row_id or 0, self.other)


def prices_of(
    known: KnownLine,
    writes: Writes,
    catalogue: Decimal,
    by_hand: Sequence[tuple[datetime, Mapping[int, Decimal]]] = (),
) -> Prices:
    """``catalogue`` is the price of a line that has no row left; ``by_hand``: the moments from
    which changes of a person's were taken over, with the prices before."""
    newest = max(known.rows, key=lambda row: row.id).price if known.rows else catalogue
    changes: list[tuple[datetime, Mapping[int, Decimal]]] = [
        (intent.at, {mark.row_id: mark.price for mark in intent.rows_before})
        # The newest comes first, and two may be of one moment.
        for intent, settled in reversed(writes)
        if settled is not None and settled.outcome in DONE
    ]
    changes += by_hand
    changes.sort(key=lambda change: change[0])
    return Prices({row.id: row.price for row in known.rows}, newest, changes)


def known_since(known: KnownLine, writes: Writes) -> date | None:
    """The first day on which the line's units can be told; None: on no day.

    Rows add up to the line, so before the first of them it had none; the same holds for a line that
    one of our own writes began.
    """
    if not known.exists:
        return date.min
    if not known.is_known:
        return None
    first = known.facts[0]
    begun = {intent.ref for intent, _ in writes if not intent.rows_before}
    if first.effect == "add" or (first.ref is not None and first.ref in begun):
        return date.min
    return known.timeline.known_from


def movements_of(known: KnownLine, writes: Writes, zone: tzinfo) -> tuple[Movement, ...]:
    """Every change of units, in the order it was learned."""
    if not known.is_known:
        return ()
    sent = {intent.ref: intent.at for intent, _ in writes}
    prices = {intent.ref: intent.price for intent, _ in writes}
    out: list[Movement] = []
    timeline = Timeline()
    for fact in known.facts:
        made = made_at(fact, sent, zone)
        by_a_person = fact.source in BY_A_PERSON
        for day, units in moves_of(timeline, fact):
            if units:
                price = prices.get(fact.ref or "")
                out.append(Movement(len(out), day, units, fact.row_id, made, by_a_person, price))
        timeline = learned(timeline, fact)
    return tuple(out)


def moves_of(timeline: Timeline, fact: KnownFact) -> Iterator[tuple[date, int]]:
    """What a fact changes; units in all also undo every later step."""
    if fact.effect == "add":
        yield fact.day, fact.units
        return
    yield fact.day, fact.units - (timeline.at(fact.day) or 0)
    before = timeline.at(fact.day) or 0
    for day, units in timeline.steps:
        if day > fact.day and units is not UNKNOWN:
            yield day, before - units
            before = units


def learned(timeline: Timeline, fact: KnownFact) -> Timeline:
    """Units with what was learned next."""
    if fact.effect == "set":
        return timeline.setting(fact.day, fact.units)
    if not timeline.steps or timeline.at(fact.day) is UNKNOWN:
        timeline = Timeline.of([(fact.day, 0), *timeline.steps])
    return timeline.adding(fact.day, fact.units)


def made_at(fact: KnownFact, sent: Mapping[str, datetime], zone: tzinfo) -> datetime:
    """Our own write when we sent it; what BMS had before us since its day."""
    if fact.ref is not None and fact.ref in sent:
        return sent[fact.ref]
    if fact.source in BY_A_PERSON and fact.recorded_at is not None:
        return fact.recorded_at
    return datetime.combine(fact.day, time(), zone)
