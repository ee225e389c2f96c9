"""A change that a person let pass a guard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reconciler.model.place import Origin


@dataclass(frozen=True, slots=True)
class Approval:
    """One change, exactly; ``monthly`` is money per month in the tenant's currency."""

    change: str
    account: str
    contract: str
    service: str
    from_units: int
    to_units: int
    day: date
    monthly: Decimal
    reason: str
    origin: Origin
    price: Decimal | None = None
    """Of a change of price."""
