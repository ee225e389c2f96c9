"""A line's units by the price of their rows, since rows may differ in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from reconciler.engine.billed import always, billed_parts, price_on
from reconciler.engine.known import KnownLine


def units_by_price(
    known: KnownLine, prices: Mapping[int, Decimal], otherwise: Decimal, day: date
) -> dict[Decimal, int]:
    """What BMS has on a day, by the price it has there, 0 where nothing is known; ``prices`` by
    row id, and ``otherwise`` of what no row is named for."""
    rows = {row: always(price) for row, price in prices.items()}
    found: dict[Decimal, int] = {}
    for part in billed_parts(known, rows, always(otherwise)):
        price = price_on(part.prices, day)
        found[price] = found.get(price, 0) + (part.units.at(day) or 0)
    return found


def wanted_by_price(
    there: Mapping[Decimal, int], price: Decimal, wanted: int
) -> dict[Decimal, int]:
    """The same of so many units in all: what comes and what goes has that price."""
    found = dict(there)
    found[price] = found.get(price, 0) + wanted - sum(there.values())
    return {each: units for each, units in found.items() if units} or {price: 0}


def cost(units: Mapping[Decimal, int]) -> Decimal:
    """Of a whole billing cycle."""
    return sum((price * its for price, its in units.items()), Decimal(0))
