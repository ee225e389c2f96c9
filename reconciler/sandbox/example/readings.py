"""The example's daily usage, as rows of text."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from reconciler.sandbox.example.clients import organizations
from reconciler.sandbox.example.usage import quantities

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from reconciler.sandbox.example.clients import ExampleOrganization

COLUMNS = (
    "product",
    "organization_id",
    "organization",
    "metric",
    "dimension",
    "day",
    "quantity",
    "names",
)
_NAMED = ("Server", "ESXi Host")


def example_readings(until: date, days: int) -> Iterator[dict[str, str]]:
    """The readings of so many days, the last of them `until`; every value is text.

    `quantity` is a decimal (1 or 0 for what is on or off), `names` are separated by `;`.
    """
    for back in range(days - 1, -1, -1):
        day = until - timedelta(days=back)
        for organization in organizations():
            yield from _rows(organization, day)


def _rows(organization: ExampleOrganization, day: date) -> Iterator[dict[str, str]]:
    found = quantities(organization, day)
    if found is None:
        return
    for (metric, dimension), quantity in found.items():
        yield {
            "product": organization.product,
            "organization_id": organization.id,
            "organization": organization.name,
            "metric": metric,
            "dimension": dimension,
            "day": day.isoformat(),
            "quantity": str(quantity),
            "names": _names(organization, dimension, quantity),
        }


def _names(organization: ExampleOrganization, dimension: str, quantity: Decimal) -> str:
    if dimension not in _NAMED:
        return ""
    short = organization.name.split()[0].upper()
    kind = "SRV" if dimension == "Server" else "ESX"
    return ";".join(f"{short}-{kind}-{number:02}" for number in range(1, int(quantity) + 1))
