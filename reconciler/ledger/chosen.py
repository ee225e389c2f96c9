"""Queries for some accounts or contracts, or for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BindParameter, bindparam

from reconciler.ledger.statements import text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection

MOST_IDS: Final = 30_000
"""SQLite takes no more variables in a statement; beyond that all rows come."""


def select(
    connection: Connection, query: str, column: str, ids: Collection[int] | None
) -> Iterable[Any]:
    """``query`` with ``{chosen}`` where its conditions stand: rows whose ``column`` is in ``ids``.

    None: all rows.
    """
    if ids is None or len(ids) > MOST_IDS:
        return connection.execute(text(query.format(chosen="1 = 1")))
    chosen = text(query.format(chosen=f"{column} IN :ids"))
    wanted: BindParameter[int] = bindparam("ids", sorted(ids), expanding=True)
    return connection.execute(chosen.bindparams(wanted))
