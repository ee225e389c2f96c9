"""When runs looked at every line, so that the next one knows since when nobody did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.ledger.statements import text
from reconciler.ledger.texts import instant_text

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from reconciler.ledger.texts import Reader


def append_look(connection: Connection, as_of: date, at: datetime) -> None:
    """Adds that a run looked at every line as of a day."""
    connection.execute(
        text("INSERT INTO look (at, as_of) VALUES (:at, :as_of)"),
        {"at": instant_text(at), "as_of": as_of.isoformat()},
    )


def load_looks(connection: Connection, reader: Reader) -> tuple[date, ...]:
    """Those days, each once and in order."""
    days = connection.execute(text("SELECT DISTINCT as_of FROM look ORDER BY as_of")).scalars()
    return tuple(reader.day(day) for day in days)
