"""Prices that merges named before their day, until they are written."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from reconciler.ledger.statements import text
from reconciler.ledger.texts import instant_text
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import NamedPrice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from reconciler.ledger.texts import Reader


def append_named_prices(
    connection: Connection, named: Sequence[NamedPrice], commit: str, at: datetime
) -> None:
    """What a commit named, as it was looked at; empty where a run saw what a person did in BMS."""
    connection.execute(
        text(
            "INSERT INTO named_price (at, git_commit, account_id, contract_id, service_id, day,"
            " price_before, price, who) VALUES (:at, :commit, :account, :contract, :service, :day,"
            " :before, :after, :who)"
        ),
        [
            {
                "at": instant_text(at),
                "commit": commit,
                "account": one.line.account_id,
                "contract": one.line.contract_id,
                "service": one.line.service_id,
                "day": one.day.isoformat(),
                "before": format(one.before, "f"),
                "after": format(one.after, "f"),
                "who": one.who,
            }
            for one in named
        ],
    )


def load_named_prices(connection: Connection, reader: Reader) -> tuple[NamedPrice, ...]:
    """Those that no write of ours, and no person in BMS, has set since, oldest first."""
    rows = connection.execute(
        text(
            "SELECT at, account_id, contract_id, service_id, day, price_before, price, who"
            " FROM named_price ORDER BY id"
        )
    ).all()
    done = _set_since(connection, rows[0].at) if rows else {}
    # What was said last of a line's day stands in place of what was said before.
    newest = {(one.line, one.day): (one, row.at) for row in rows for one in [_named(row, reader)]}
    return tuple(
        one
        for one, at in newest.values()
        if not one.is_withdrawn and done.get((one.line, one.after), "") <= at
    )


def _named(row: Row[Any], reader: Reader) -> NamedPrice:
    return NamedPrice(
        LineKey(row.account_id, row.contract_id, row.service_id),
        reader.day(row.day),
        Decimal(row.price_before),
        Decimal(row.price),
        row.who,
    )


def _set_since(connection: Connection, at: str) -> dict[tuple[LineKey, Decimal], str]:
    """When each price was last set on each line."""
    rows = connection.execute(
        text(
            "SELECT i.account_id, i.contract_id, i.service_id, i.price, max(i.at) AS at"
            " FROM intent i JOIN settled s ON s.ref = i.ref"
            " WHERE i.kind = 'price' AND i.at >= :at AND s.outcome IN ('answered', 'proved')"
            " GROUP BY i.account_id, i.contract_id, i.service_id, i.price ORDER BY max(i.at)"
        ),
        {"at": at},
    )
    return {(LineKey(a, c, s), Decimal(price)): last for a, c, s, price, last in rows}
