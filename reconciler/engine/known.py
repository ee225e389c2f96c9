"""The units BMS has, from what was learned about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from reconciler.model.bms import Row
from reconciler.model.ledgered import KnownFact
from reconciler.model.timeline import Timeline, Units

ZERO: Final = Decimal(0)


@dataclass(slots=True)  # not frozen: it would take three times as long
class KnownLine:
    """A line as BMS has it. ``timeline`` is empty (all unknown) where a row's units are unknown."""

    rows: tuple[Row, ...]
    facts: tuple[KnownFact, ...]
    timeline: Timeline
    silent: tuple[Row, ...] = ()
    """Rows that no fact speaks of."""
    entered: Mapping[date, Units] | None = None
    """What the newest run before found periods to be entered with, where BMS does not show it."""

    @property
    def exists(self) -> bool:
        """Does BMS have the line, as far as rows and ledger tell?"""
        return bool(self.rows or self.facts)

    @property
    def is_known(self) -> bool:
        """Are units known for every row?"""
        return self.timeline.known_from is not None

    @property
    def only_noted(self) -> bool:
        """Is a note on its row all that tells of a line that has a price? The note of a write whose
        answer was lost names the write."""
        newest = self.facts[-1] if self.facts else None
        told = newest is not None and newest.source == "note" and newest.ref is None
        return told and any(row.price for row in self.rows)

    @property
    def newest_reply(self) -> date | None:
        """The day of the newest step that was read from BMS's answer to a write."""
        return max((f.day for f in self.facts if f.source in ("reply", "note")), default=None)


def known_line(rows: Sequence[Row], facts: Sequence[KnownFact], *, agreed: bool) -> KnownLine:
    """Combine rows and facts.

    Where the line's units were part of an agreed total, a row nobody told about is a hand edit and
    the contract's proof deals with it; elsewhere it makes the line unknown.
    """
    if len(rows) == len(facts) == 1 and rows[0].id == facts[0].row_id:
        return KnownLine(tuple(rows), tuple(facts), replay(facts))
    told = {fact.row_id for fact in facts}
    silent = tuple(row for row in rows if row.id not in told)
    whole = any(fact.effect == "set" and fact.row_id is None for fact in facts)
    timeline = replay(facts) if agreed or whole or not silent else Timeline()
    return KnownLine(tuple(rows), tuple(facts), timeline, silent)


def replay(facts: Sequence[KnownFact]) -> Timeline:
    """Units by day after all that was learned, in the order it was learned; unknown before it.

    Rows add up to the line, so before the first of them there is nothing to add to; what the line
    had before it was set to units in all is unknown, whatever is added there later.
    """
    if len(facts) == 1:
        return Timeline(((facts[0].day, facts[0].units),))
    whole = next((i for i, fact in enumerate(facts) if fact.effect == "set"), len(facts))
    parts = [fact.day for fact in facts[:whole]]
    timeline = Timeline.of([(min(parts), 0)]) if parts else Timeline()
    for fact in facts:
        if fact.effect == "add":
            timeline = timeline.adding(fact.day, fact.units)
        else:
            timeline = timeline.setting(fact.day, fact.units)
    return timeline


def worth(line: KnownLine, day: date, total_price: Literal["effective", "all"]) -> Decimal:
    """What the line adds to its contract's total on that day, in the currency of its price."""
    if not line.facts:
        return ZERO
    if len(line.facts) == 1 and len(line.rows) == 1:
        fact = line.facts[0]
        counts = total_price == "all" or fact.day <= day
        return fact.units * line.rows[0].price if counts else ZERO
    prices = {row.id: row.price for row in line.rows}
    newest = max(line.rows, key=lambda row: row.id).price if line.rows else ZERO
    value = ZERO
    since = max((i for i, fact in enumerate(line.facts) if fact.effect == "set"), default=0)
    for fact in line.facts[since:]:
        if total_price == "all" or fact.day <= day or _read_in_all(fact):
            value += fact.units * prices.get(fact.row_id or 0, newest)
    return value


def _read_in_all(fact: KnownFact) -> bool:
    """Units of a whole line as a person read them in BMS: they are there, whatever day it has."""
    return fact.source == "accepted" and fact.row_id is None
