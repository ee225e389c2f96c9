"""Prices that writes of ours replaced: BMS keeps none of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from reconciler.ledger.marks import marks
from reconciler.ledger.statements import text
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import ReplacedPrice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from reconciler.ledger.texts import Reader
    from reconciler.model.ledgered import RowMark


def load_replaced_prices(connection: Connection, reader: Reader) -> tuple[ReplacedPrice, ...]:
    """Of all lines, the oldest write first. Where units were written at a price of their own and
    the line's price again after them, none was replaced."""
    rows = connection.execute(
        text(
            "SELECT i.account_id, i.contract_id, i.service_id, i.day, i.rows_before, i.price,"
            " i.kind, i.at FROM intent i JOIN settled s ON s.ref = i.ref"
            " WHERE s.outcome IN ('answered', 'proved')"
            " AND s.id = (SELECT max(id) FROM settled WHERE ref = i.ref)"
            " AND (i.account_id, i.contract_id, i.service_id) IN (SELECT account_id,"
            " contract_id, service_id FROM intent WHERE kind = 'price') ORDER BY i.id"
        )
    )
    lines: dict[LineKey, _Line] = defaultdict(_Line)
    found = []
    for account, contract, service, day, before, after, kind, at in rows:
        key, price = LineKey(account, contract, service), reader.decimal(after)
        if kind == "units":
            lines[key].units_at.add(price)
            continue
        replaced = _replaced(marks(before, reader), price)
        if replaced is not None and not lines[key].is_level(price, replaced):
            found.append(ReplacedPrice(key, reader.day(day), replaced, price, reader.instant(at)))
        lines[key] = _Line(price)
    return tuple(found)


@dataclass(slots=True)
class _Line:
    """Since its newest price."""

    price: Decimal | None = None
    units_at: set[Decimal] = field(default_factory=set)

    def is_level(self, price: Decimal, replaced: Decimal) -> bool:
        """Does a write only bring rows of units back to the line's price?"""
        return price == self.price and replaced in self.units_at


def _replaced(before: Sequence[RowMark], after: Decimal) -> Decimal | None:
    """That of the newest row which had another."""
    newest = max((m for m in before if m.price != after), key=lambda m: m.row_id, default=None)
    return newest.price if newest is not None else None
