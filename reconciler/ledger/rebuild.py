"""Derives the months again from the readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.ledger.month import NOTHING, fingerprint, without_nothing
from reconciler.ledger.series_rows import MonthKey, write_months
from reconciler.ledger.statements import text
from reconciler.ledger.texts import parse

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reconciler.ledger.month import Month


def rebuild_series(connection: Connection) -> None:
    """Replaces the derived table with what the readings say."""
    connection.execute(text("DELETE FROM month_series"))
    write_months(connection, derived_months(connection))


def derived_months(connection: Connection) -> dict[MonthKey, Month]:
    """The newest row per day and dimension, without organizations that got another key.

    The newest by when it was pulled: a copy may have sent it later than another its newer one.
    """
    months: dict[MonthKey, Month] = {}
    for key, day, dimension, value in _values(connection):
        months.setdefault(key, {}).setdefault(day, {})[dimension] = value
    return {
        key: {day: without_nothing(answer) for day, answer in month.items()}
        for key, month in months.items()
    }


def _values(connection: Connection) -> list[tuple[MonthKey, int, str, tuple[str, str]]]:
    retired = {
        (product, name_key)
        for product, name_key in connection.execute(
            text("SELECT product, name_key FROM organization_alias")
        )
    }
    rows = connection.execute(
        text(
            "SELECT r.product, r.org_key, r.metric, r.day, r.dimension, r.quantity, r.names"
            " FROM reading r JOIN pull p ON p.id = r.pull_id ORDER BY p.at, r.id"
        )
    )
    return [
        (
            MonthKey(day[:7], product, organization, metric),
            int(day[8:]),
            dimension,
            _value(quantity, names),
        )
        for product, organization, metric, day, dimension, quantity, names in rows
        if (product, organization) not in retired
    ]


def _value(quantity: str, names: str) -> tuple[str, str]:
    print_ = fingerprint(parse(names)) if names != "[]" else ""
    return (quantity, print_) if quantity != "0" or print_ else NOTHING
