"""How much each organization used on a day: a base by its size, and small steps from it.

There are steps only until the contracts end, so a far-off day is drawn as fast as any other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from reconciler.sandbox.example.clients import CONTRACTS_END
from reconciler.sandbox.example.packaged import chance, rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconciler.sandbox.example.clients import ExampleOrganization

JUMP = ("FutureTech Solutions", "datto-rmm", date(2026, 11, 12))
SILENT = ("Teal Tech Inc.", "rocketcyber", date(2026, 11, 17))
SWITCHED_OFF = ("Olive Oil Trading Co. LLC", "compliance-manager", date(2026, 11, 10))
_STEPS_SINCE = date(2026, 9, 1)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric and dimension; `per_person` is a number, `flag`, or `total` of the others."""

    name: str
    dimension: str
    per_person: str


@cache
def metrics() -> Mapping[str, tuple[Metric, ...]]:
    """What every product counts."""
    found: dict[str, list[Metric]] = defaultdict(list)
    for row in rows("series.csv"):
        found[row["product"]].append(Metric(row["metric"], row["dimension"], row["per_person"]))
    return {product: tuple(each) for product, each in found.items()}


def quantities(
    organization: ExampleOrganization, day: date
) -> dict[tuple[str, str], Decimal] | None:
    """Every quantity by metric and dimension; None when the organization reports nothing."""
    place = (organization.name, organization.product)
    if place == SILENT[:2] and day >= SILENT[2]:
        return None
    known = metrics()[organization.product]
    found = {
        (each.name, each.dimension): _quantity(organization, each, day)
        for each in known
        if each.per_person != "total"
    }
    everything = sum(found.values(), Decimal(0))
    totals = {(each.name, ""): everything for each in known if each.per_person == "total"}
    return totals | found


def _quantity(organization: ExampleOrganization, metric: Metric, day: date) -> Decimal:
    place = (organization.name, organization.product)
    if metric.per_person == "flag":
        off = place == SWITCHED_OFF[:2] and day >= SWITCHED_OFF[2]
        return Decimal(0 if off or _never_on(*place, metric) else 1)
    base = _base(organization, metric)
    level = max(base + _steps(organization, metric, base, day), 0)
    if place == JUMP[:2] and metric.dimension == "Laptop" and day >= JUMP[2]:
        level += base
    if metric.name in ("disk-capacity", "additional-storage"):
        return Decimal(level) + _rest(*place, metric)
    return Decimal(level)


@lru_cache(maxsize=4096)
def _never_on(name: str, product: str, metric: Metric) -> bool:
    return (name, product) != SWITCHED_OFF[:2] and chance(name, product, metric.name) % 8 == 0


@lru_cache(maxsize=4096)
def _rest(name: str, product: str, metric: Metric) -> Decimal:
    return Decimal(chance(name, product, metric.name, "rest") % 100) / 100


@lru_cache(maxsize=65536)
def _base(organization: ExampleOrganization, metric: Metric) -> int:
    jitter = 85 + chance(organization.name, organization.product, metric) % 31
    level = organization.people * Decimal(metric.per_person) * jitter / 100
    return max(int(level.to_integral_value()), 1)


def _steps(organization: ExampleOrganization, metric: Metric, base: int, day: date) -> int:
    month, moved = _STEPS_SINCE, 0
    while month <= min(day, CONTRACTS_END):
        when, step = _step(organization.name, organization.product, metric, base, month)
        moved += step if when is not None and when <= day else 0
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return moved


@lru_cache(maxsize=65536)
def _step(
    name: str, product: str, metric: Metric, base: int, month: date
) -> tuple[date | None, int]:
    """The step a quantity takes in a month, if any: more of them up than down."""
    drawn = chance(name, product, metric, month)
    if drawn % 100 >= 12:
        return None, 0
    size = max(base * (2 + drawn // 100 % 5) // 100, 1)
    up = drawn // 1000 % 100 < 65
    return month.replace(day=2 + drawn // 7 % 26), size if up else -size
