"""Writes whose answer was lost and that arrive later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.sandbox.store import Store


@dataclass(frozen=True, slots=True)
class Landing:
    """A call to carry out at `due`."""

    due: str
    method: str
    path: str
    query: str
    content_type: str
    body: bytes


def delay(store: Store, landing: Landing) -> None:
    """Keep a call for later."""
    store.run(
        "INSERT INTO landings (due, method, path, query, content_type, body) VALUES (?,?,?,?,?,?)",
        landing.due,
        landing.method,
        landing.path,
        landing.query,
        landing.content_type,
        landing.body,
    )


def take_due(store: Store, now: str) -> list[Landing]:
    """The calls whose time has come, earliest first; each is given once."""
    rows = store.rows("SELECT * FROM landings WHERE due <= ? ORDER BY due, id", now)
    for row in rows:
        store.run("DELETE FROM landings WHERE id = ?", row["id"])
    return [
        Landing(
            row["due"], row["method"], row["path"], row["query"], row["content_type"], row["body"]
        )
        for row in rows
    ]
