"""What of an answer is new: a pull adds only rows that differ from what the ledger has."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from reconciler.ledger.month import NOTHING, decode, encode, fingerprint, without_nothing
from reconciler.ledger.texts import quantity_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reconciler.ledger.answers import Days
    from reconciler.ledger.month import Answer, Month
    from reconciler.model.reading import Reading


def merge(stored: tuple[str, str] | None, days: Days) -> tuple[Month, list[Reading]] | None:
    """The month with the answers in it, and the rows to add; None when nothing is new.

    A dimension that was there and is not in the new answer is added as a row of quantity 0.
    """
    asked = {day: _answer(readings) for day, readings in days.items()}
    if stored is not None and stored == encode({d: without_nothing(a) for d, a in asked.items()}):
        return None
    month = decode(*stored) if stored is not None else {}
    added: list[Reading] = []
    for day, answer in asked.items():
        added += _new_rows(month.get(day), answer, days[day])
        month[day] = without_nothing(answer)
    return (month, added) if added else None


def _answer(readings: Mapping[str, Reading]) -> Answer:
    return {
        dimension: (quantity_text(reading.quantity), fingerprint(reading.names))
        for dimension, reading in readings.items()
    }


def _new_rows(
    before: Answer | None, answer: Answer, readings: Mapping[str, Reading]
) -> Iterator[Reading]:
    if before is None:
        yield from readings.values()
        return
    for dimension, value in answer.items():
        if before.get(dimension, NOTHING) != value:
            yield readings[dimension]
    gone = sorted(before.keys() - answer.keys())
    for dimension in gone:
        example = next(iter(readings.values()))
        yield replace(example, dimension=dimension, quantity=Decimal(0), names=())
