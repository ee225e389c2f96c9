"""Rows of the derived table of months: read, and write in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from reconciler.ledger.month import encode
from reconciler.ledger.statements import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from reconciler.ledger.month import Month


class MonthKey(NamedTuple):
    """One metric of one organization in one month."""

    month: str
    product: str
    organization: str
    metric: str


_UPSERT: Final = text(
    "INSERT INTO month_series"
    " (month, product, org_key, metric, first_day, last_day, quantities, names)"
    " VALUES (:month, :product, :org_key, :metric, :first_day, :last_day, :quantities, :names)"
    " ON CONFLICT (month, product, org_key, metric) DO UPDATE SET"
    " first_day = excluded.first_day, last_day = excluded.last_day,"
    " quantities = excluded.quantities, names = excluded.names"
)


def write_months(connection: Connection, months: Mapping[MonthKey, Month]) -> None:
    """Adds or replaces months."""
    rows = list(_as_rows(months))
    if rows:
        connection.execute(_UPSERT, rows)


def _as_rows(months: Mapping[MonthKey, Month]) -> Iterator[dict[str, str]]:
    for key, month in months.items():
        quantities, names = encode(month)
        yield {
            "month": key.month,
            "product": key.product,
            "org_key": key.organization,
            "metric": key.metric,
            "first_day": f"{key.month}-{min(month):02}",
            "last_day": f"{key.month}-{max(month):02}",
            "quantities": quantities,
            "names": names,
        }


def stored_months(
    connection: Connection, month: str, product: str
) -> dict[MonthKey, tuple[str, str]]:
    """The texts of every series of a product in a month."""
    rows = connection.execute(
        text(
            "SELECT org_key, metric, quantities, names FROM month_series"
            " WHERE month = :month AND product = :product"
        ),
        {"month": month, "product": product},
    )
    return {
        MonthKey(month, product, organization, metric): (quantities, names)
        for organization, metric, quantities, names in rows
    }


def drop_months(connection: Connection, product: str, organizations: Iterable[str]) -> None:
    """Forgets the derived months of organizations that are known under another key now."""
    for organization in organizations:
        connection.execute(
            text("DELETE FROM month_series WHERE product = :product AND org_key = :organization"),
            {"product": product, "organization": organization},
        )
