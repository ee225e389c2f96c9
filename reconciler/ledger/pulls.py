"""Takes a source's readings into the ledger: one pull, one transaction."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from reconciler.ledger.answers import group, inherit
from reconciler.ledger.merge import merge
from reconciler.ledger.organizations import given, load_directory, save_directory
from reconciler.ledger.series_rows import drop_months, stored_months, write_months
from reconciler.ledger.statements import text
from reconciler.ledger.texts import compact, instant_text, quantity_text, runs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from reconciler.ledger.answers import Answers
    from reconciler.ledger.month import Month
    from reconciler.ledger.series_rows import MonthKey
    from reconciler.model.reading import Reading

_INSERT_PULL: Final = text(
    "INSERT INTO pull (source, at, status, message, products, days, rows, added, newest)"
    " VALUES (:source, :at, :status, :message, :products, :days, :rows, :added, :newest)"
    " RETURNING id"
)

_INSERT_READING: Final = text(
    "INSERT INTO reading (pull_id, seq, product, org_key, org_id, org_name, metric, dimension,"
    " day, quantity, names, source) VALUES (:pull, :seq, :product, :key, :id, :name, :metric,"
    " :dimension, :day, :quantity, :names, :source)"
)


def record_pull(
    connection: Connection, source: str, readings: Sequence[Reading], at: datetime
) -> int:
    """Takes readings in and says how many rows were new.

    The dimensions given for a metric of an organization on a day are its complete answer, and
    replace the earlier one.
    """
    directory = load_directory(connection)
    keys = directory.resolve(given(reading) for reading in readings)
    answers = group(readings, keys)
    inherit(connection, directory.new_aliases, answers)
    months, added = _differences(connection, answers)
    pull = _insert_pull(connection, source, at, readings, len(added))
    save_directory(connection, pull, directory)
    for product, name in directory.new_aliases:
        drop_months(connection, product, [name])
    _insert_readings(connection, pull, added)
    write_months(connection, months)
    return len(added)


def record_failed_pull(connection: Connection, source: str, message: str, at: datetime) -> None:
    """Remembers that a source could not be read, and why."""
    connection.execute(
        _INSERT_PULL,
        {
            "source": source,
            "at": instant_text(at),
            "status": "failed",
            "message": message,
            "products": "[]",
            "days": "[]",
            "rows": 0,
            "added": 0,
            "newest": None,
        },
    )


def _differences(
    connection: Connection, answers: Answers
) -> tuple[dict[MonthKey, Month], list[tuple[str, Reading]]]:
    months: dict[MonthKey, Month] = {}
    added: list[tuple[str, Reading]] = []
    for (month, product), keys in groupby(sorted(answers), key=lambda key: key[:2]):
        stored = stored_months(connection, month, product)
        for key in keys:
            merged = merge(stored.get(key), answers[key])
            if merged is not None:
                months[key] = merged[0]
                added += ((key.organization, reading) for reading in merged[1])
    return months, added


def _insert_pull(
    connection: Connection, source: str, at: datetime, readings: Sequence[Reading], added: int
) -> int:
    days = {reading.day for reading in readings}
    row = {
        "source": source,
        "at": instant_text(at),
        "status": "ok",
        "message": None,
        "products": compact(sorted({reading.product for reading in readings})),
        "days": compact([[first.isoformat(), last.isoformat()] for first, last in runs(days)]),
        "rows": len(readings),
        "added": added,
        "newest": max(days).isoformat() if days else None,
    }
    return int(connection.execute(_INSERT_PULL, row).scalar_one())


def _insert_readings(
    connection: Connection, pull: int, added: Sequence[tuple[str, Reading]]
) -> None:
    if not added:
        return
    connection.execute(
        _INSERT_READING,
        [_row(pull, seq, key, reading) for seq, (key, reading) in enumerate(added)],
    )


def _row(pull: int, seq: int, key: str, reading: Reading) -> dict[str, object]:
    return {
        "pull": pull,
        "seq": seq,
        "product": reading.product,
        "key": key,
        "id": reading.organization_id,
        "name": reading.organization,
        "metric": reading.metric,
        "dimension": reading.dimension,
        "day": reading.day.isoformat(),
        "quantity": quantity_text(reading.quantity),
        "names": compact(list(reading.names)),
        "source": reading.source,
    }
