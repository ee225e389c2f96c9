"""What was there of a line on a past day, without what was made or dated later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import TypeAlias

from reconciler.engine.known import KnownLine, replay
from reconciler.engine.movements import Writes, known_since, made_at, prices_of
from reconciler.model.bms import Row
from reconciler.model.ledgered import Intent, KnownFact, Settled
from reconciler.model.plan import Change
from reconciler.model.timeline import UNKNOWN, Units

Written: TypeAlias = "tuple[Intent, Settled | None]"


@dataclass(frozen=True, slots=True)
class Hindsight:
    """The end of ``day`` in the tenant's ``zone``; only a ``past`` day leaves anything out."""

    day: date
    zone: tzinfo
    past: bool

    def writes(self, found: Writes) -> Iterator[Written]:
        """Those sent by then; one that ended later was in doubt."""
        for intent, settled in found:
            if self._shows(intent.day, intent.at):
                ended = settled is not None and self._shows(intent.day, settled.at)
                yield intent, settled if ended else None

    def facts(self, known: KnownLine, found: Writes) -> tuple[KnownFact, ...]:
        """What the line's units came from; what BMS had before us counts since its own day."""
        sent = {intent.ref: intent.at for intent, _ in found}
        return tuple(
            fact for fact in known.facts if self._shows(fact.day, made_at(fact, sent, self.zone))
        )

    def units(self, known: KnownLine, found: Writes) -> Units:
        """What the line had."""
        if not known.exists:
            return 0
        facts = self.facts(known, found)
        if not known.is_known or len(facts) == len(known.facts):
            return known.timeline.at(self.day)
        if facts:
            return replay(facts).at(self.day)
        return 0 if known_since(known, found) == date.min else UNKNOWN

    def price(self, known: KnownLine, found: Writes, catalogue: Decimal) -> Decimal:
        """Of the line's newest row; the catalogue's where it had none."""
        prices = self.prices(known, found, catalogue)
        return prices[max(prices)] if prices else catalogue

    def prices(self, known: KnownLine, found: Writes, catalogue: Decimal) -> dict[int, Decimal]:
        """Of each row, by its id."""
        rows = self._rows(known, found)
        if not self.past:
            return {row.id: row.price for row in rows}
        then = prices_of(known, found, catalogue)
        return {row.id: then.at(row.id, self._end) for row in rows}

    def steps(self, steps: Iterable[tuple[date, Units]]) -> tuple[tuple[date, Units], ...]:
        """The steps of a timeline up to the day."""
        return tuple(step for step in steps if self._shows(step[0]))

    def changes(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """Those dated up to the day."""
        return tuple(change for change in changes if self._shows(change.day))

    def _rows(self, known: KnownLine, found: Writes) -> Sequence[Row]:
        there = {fact.row_id for fact in self.facts(known, found)}
        later = {fact.row_id for fact in known.facts} - there
        return [row for row in known.rows if self._shows(row.date) and row.id not in later]

    @property
    def _end(self) -> datetime:
        return datetime.combine(self.day + timedelta(days=1), time(), self.zone)

    def _shows(self, dated: date, made: datetime | None = None) -> bool:
        if not self.past:
            return True
        return dated <= self.day and (made is None or made < self._end)
