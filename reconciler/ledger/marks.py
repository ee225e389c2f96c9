"""Rows as they were, as compact text and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.ledger.texts import compact, parse
from reconciler.model.ledgered import RowMark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler.ledger.texts import Reader


def marks_text(marks: Iterable[RowMark]) -> str:
    """A JSON list of ``[row, service, day, price]``; the price keeps its digits."""
    return compact(
        [[mark.row_id, mark.service_id, mark.day.isoformat(), str(mark.price)] for mark in marks]
    )


def marks(content: str, reader: Reader) -> tuple[RowMark, ...]:
    """The inverse of `marks_text`."""
    day, decimal = reader.day, reader.decimal
    return tuple(
        [
            RowMark(row, service, day(when), decimal(price))
            for row, service, when, price in parse(content)
        ]
    )
