"""Rows of the append-only tables, whatever they hold: out of a copy, and into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from reconciler.ledger.branch.segments import Row
from reconciler.ledger.statements import text
from reconciler.ledger.steps import append_only_tables, protect, unprotect

if TYPE_CHECKING:
    from sqlalchemy import Connection

TABLES: Final = append_only_tables()
"""In an order in which each row comes after those it refers to."""

_ENDS: Final = f"SELECT {', '.join(f'(SELECT max(rowid) FROM {table})' for table in TABLES)}"


def unsent(connection: Connection, marks: Mapping[str, int]) -> list[Row]:
    """Rows beyond the marks, which are row numbers by table."""
    grown = {table for table, last in ends(connection).items() if last > marks.get(table, 0)}
    return [
        (table, row)
        for table in TABLES
        if table in grown
        for row in every(connection, table, marks.get(table, 0))
    ]


def every(connection: Connection, table: str, after: int = 0) -> Iterator[Mapping[str, Any]]:
    """The rows of a table, after the row of a number."""
    query = text(f"SELECT * FROM {table} WHERE rowid > :after ORDER BY rowid")
    return (dict(row) for row in connection.execute(query, {"after": after}).mappings())


def ends(connection: Connection) -> dict[str, int]:
    """The newest row number of each table that has rows."""
    newest = connection.execute(text(_ENDS)).one()
    return {
        table: number for table, number in zip(TABLES, newest, strict=True) if number is not None
    }


def insert(connection: Connection, rows: Sequence[Row]) -> None:
    """Adds rows as they are."""
    for (table, columns), same in groupby(rows, key=lambda row: (row[0], tuple(row[1]))):
        names, values = ", ".join(columns), ", ".join("?" * len(columns))
        # A year has half a million readings: as the driver takes them, without a detour.
        connection.exec_driver_sql(
            f"INSERT INTO {table} ({names}) VALUES ({values})",
            [tuple(row.values()) for _, row in same],
        )


def take_back(connection: Connection, marks: Mapping[str, int]) -> None:
    """Removes what was never sent, so that it can be added again after what others sent first."""
    for table in reversed(TABLES):
        unprotect(connection, table)
        connection.execute(
            text(f"DELETE FROM {table} WHERE rowid > :mark"), {"mark": marks.get(table, 0)}
        )
        protect(connection, table)


def of(rows: Sequence[Row], table: str) -> Iterator[Mapping[str, Any]]:
    """The rows of one table."""
    return (row for name, row in rows if name == table)
