"""Brings a ledger to this program's format, in one transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import inspect

from reconciler.ledger.statements import text
from reconciler.ledger.steps import STEPS
from reconciler.ledger.texts import instant_text
from reconciler.model.errors import LedgerMismatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from reconciler.ledger.database import Database
    from reconciler.ledger.steps import Step


def migrate(database: Database, steps: Sequence[Step] = STEPS) -> None:
    """Applies the steps the ledger does not have yet; all of them, or none.

    Raises `LedgerMismatch` for a ledger of a newer program, and for a database of something else.
    """
    with database.reading() as connection:
        version = format_version(connection, database.where)
    _refuse_newer(version, len(steps), database.where)
    if version == len(steps):
        return
    with database.writing() as connection:
        # Another run may have been here while we waited for the lock.
        version = format_version(connection, database.where)
        _refuse_newer(version, len(steps), database.where)
        _apply(connection, version, steps)


def format_version(connection: Connection, where: str) -> int:
    """The number of the newest step applied; 0 for an empty database."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return 0
    if "ledger_format" not in tables:
        raise LedgerMismatch(
            "the file is a database, and not a ledger",
            where=where,
            remedy="name another file with --ledger",
        )
    return int(connection.execute(text("SELECT max(version) FROM ledger_format")).scalar_one())


def _refuse_newer(version: int, known: int, where: str) -> None:
    if version > known:
        raise LedgerMismatch(
            f"the ledger has format {version}; this program knows formats up to {known}",
            where=where,
            remedy="use the newer program that wrote it",
        )


def _apply(connection: Connection, version: int, steps: Sequence[Step]) -> None:
    if version == 0:
        connection.execute(
            text("CREATE TABLE ledger_format (version INTEGER PRIMARY KEY, at TEXT NOT NULL)")
        )
    for number, step in enumerate(steps[version:], start=version + 1):
        step(connection)
        connection.execute(
            text("INSERT INTO ledger_format (version, at) VALUES (:version, :at)"),
            {"version": number, "at": instant_text(datetime.now(UTC))},
        )
