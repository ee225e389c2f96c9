"""Connections and transactions. A write transaction takes SQLite's write lock at its start."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, create_engine, event

from reconciler.ledger.failures import translating

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

_WRITE: Final = "ledger_write"

_PRAGMAS: Final = (
    "PRAGMA busy_timeout = 10000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # else a REPLACE would slip past the triggers
)


class Database:
    """An engine with a place to name in errors."""

    __slots__ = ("_engine", "_writer", "where")

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{_WRITE: True})
        self.where = where

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of everything."""
        with translating(self.where), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All or nothing, one writer at a time, durable when it returns."""
        with translating(self.where), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()


def sqlite_database(path: Path) -> Database:
    """A database in a file; the file is made at the first connection."""
    engine = create_engine(URL.create("sqlite", database=str(path)))
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return Database(engine, str(path))


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would otherwise begin on its own terms
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get(_WRITE, False)
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute("BEGIN IMMEDIATE" if write else "BEGIN")
