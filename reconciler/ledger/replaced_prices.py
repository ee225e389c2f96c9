"""Prices that writes of ours replaced: BMS keeps none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.ledger.marks import marks
from reconciler.ledger.statements import text
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import ReplacedPrice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from sqlalchemy import Connection

    from reconciler.ledger.texts import Reader
    from reconciler.model.ledgered import RowMark


def load_replaced_prices(connection: Connection, reader: Reader) -> tuple[ReplacedPrice, ...]:
    """Of all lines, the oldest write first."""
    rows = connection.execute(
        text(
            "SELECT i.account_id, i.contract_id, i.service_id, i.day, i.rows_before, i.price"
            " FROM intent i JOIN settled s ON s.ref = i.ref"
            " WHERE i.kind = 'price' AND s.outcome IN ('answered', 'proved')"
            " AND s.id = (SELECT max(id) FROM settled WHERE ref = i.ref) ORDER BY i.id"
        )
    )
    return tuple(
        ReplacedPrice(LineKey(account, contract, service), reader.day(day), price)
        for account, contract, service, day, before, after in rows
        if (price := _replaced(marks(before, reader), reader.decimal(after))) is not None
    )


def _replaced(before: Sequence[RowMark], after: Decimal) -> Decimal | None:
    """That of the newest row which had another."""
    newest = max((m for m in before if m.price != after), key=lambda m: m.row_id, default=None)
    return newest.price if newest is not None else None
