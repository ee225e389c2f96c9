"""Values the ledger's tests are made of."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from reconciler.model.bms import LineKey
from reconciler.model.ledgered import Intent, RowMark
from reconciler.model.reading import Reading

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
LINE = LineKey(1001, 5001, 1201)


def day(number: int, month: int = 11) -> date:
    return date(2026, month, number)


def reading(
    on: date | int,
    quantity: int | str,
    dimension: str = "",
    *,
    id: str | None = "7",  # noqa: A002
    name: str | None = "Brass",
    metric: str = "total-devices",
    product: str = "datto-rmm",
    names: tuple[str, ...] = (),
) -> Reading:
    when = day(on) if isinstance(on, int) else on
    return Reading(
        product, id, name, metric, dimension, when, Decimal(quantity), "file usage/*.csv", names
    )


def intent(ref: str = "A1", *, lease: int = 1, at: datetime = NOW, **changed: Any) -> Intent:
    fields: dict[str, Any] = {
        "ref": ref,
        "plan": "digest",
        "change": f"change-{ref}",
        "kind": "units",
        "line": LINE,
        "day": day(15),
        "posted_units": 2,
        "units_before": 10,
        "units_after": 12,
        "price": Decimal("22.00"),
        "rows_before": (RowMark(1, 1201, day(1), Decimal("22.00")),),
        "total_before": Decimal("220.00"),
        "total_after": Decimal("264.00"),
        "at": at,
        "lease": lease,
    }
    return Intent(**(fields | changed))


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    """What SQLite itself says, without the code under test."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def run_sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
