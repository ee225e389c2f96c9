"""Is the ledger in itself consistent?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect

from reconciler.ledger.month import encode
from reconciler.ledger.rebuild import derived_months
from reconciler.ledger.series_rows import MonthKey
from reconciler.ledger.statements import text
from reconciler.ledger.steps import append_only_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

_ORPHANS: Final = (
    (
        "SELECT s.ref FROM settled s LEFT JOIN intent i ON i.ref = s.ref WHERE i.ref IS NULL",
        "an answer has no intent: {0}",
    ),
    (
        "SELECT i.ref, i.lease FROM intent i LEFT JOIN lease l ON l.number = i.lease"
        " WHERE l.number IS NULL",
        "the intent {0} has no lease {1}",
    ),
    (
        "SELECT f.id, f.ref FROM known_fact f LEFT JOIN intent i ON i.ref = f.ref"
        " WHERE f.source = 'reply' AND i.ref IS NULL",
        "fact {0} comes from a reply, and its intent {1} is not there",
    ),
    (
        "SELECT f.id, f.ref FROM known_fact f JOIN intent i ON i.ref = f.ref"
        " WHERE f.source = 'reply' AND (f.account_id <> i.account_id"
        " OR f.contract_id <> i.contract_id OR f.service_id <> i.service_id)",
        "fact {0} is of another line than its intent {1}",
    ),
    (
        "SELECT i.ref, i.plan FROM intent i LEFT JOIN applied_plan p ON p.digest = i.plan"
        " WHERE p.digest IS NULL",
        "the intent {0} belongs to a plan that was not kept: {1}",
    ),
    (
        "SELECT r.id, r.pull_id FROM reading r LEFT JOIN pull p ON p.id = r.pull_id"
        " WHERE p.id IS NULL",
        "reading {0} has no pull {1}",
    ),
)


def check(connection: Connection) -> list[str]:
    """What is wrong, in sentences; empty when nothing is."""
    return [
        *_damage(connection),
        *_missing_triggers(connection),
        *_orphans(connection),
        *_wrong_months(connection),
    ]


def _damage(connection: Connection) -> Iterator[str]:
    for (line,) in connection.execute(text("PRAGMA integrity_check")):
        if line != "ok":
            yield f"the file is damaged: {line}"


def _missing_triggers(connection: Connection) -> Iterator[str]:
    tables = set(inspect(connection).get_table_names())
    found = set(
        connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
    )
    for table in append_only_tables():
        if table not in tables:
            yield f"the table {table} is missing"
        elif not {f"{table}_no_update", f"{table}_no_delete"} <= found:
            yield f"rows of {table} could be changed: its triggers are missing"


def _orphans(connection: Connection) -> Iterator[str]:
    for query, message in _ORPHANS:
        for row in connection.execute(text(query)):
            yield message.format(*row)


def _wrong_months(connection: Connection) -> Iterator[str]:
    rows = connection.execute(
        text("SELECT month, product, org_key, metric, quantities, names FROM month_series")
    )
    stored = {MonthKey(*row[:4]): (row[4], row[5]) for row in rows}
    derived = {key: encode(month) for key, month in derived_months(connection).items()}
    for key in sorted(stored.keys() | derived.keys()):
        if stored.get(key) != derived.get(key):
            yield (
                f"the month {key.month} of {key.metric} ({key.product}, {key.organization}) is not"
                " what its readings say; rebuild the series"
            )
