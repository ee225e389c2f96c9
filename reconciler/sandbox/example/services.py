"""The catalogue of services, each with the metrics it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from reconciler.sandbox.example.packaged import rows


@dataclass(frozen=True, slots=True)
class Count:
    """A metric, and which of its dimensions; none means all."""

    metric: str
    dimensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExampleService:
    """A service of the BMS catalogue; `counts` are summed, and empty for one billed by hand."""

    key: str
    name: str
    category: str
    price: str
    cost: str
    product: str | None
    counts: tuple[Count, ...]


@cache
def example_services() -> tuple[ExampleService, ...]:
    """All of them, in the order of their ids."""
    return tuple(
        ExampleService(
            key=row["key"],
            name=row["service"],
            category=row["category"],
            price=row["price"],
            cost=row["cost"],
            product=row["product"] or None,
            counts=_counts(row["counts"]),
        )
        for row in rows("services.csv")
    )


def _counts(text: str) -> tuple[Count, ...]:
    """`metric metric` or `metric:Dimension+Dimension`; only the second form may have spaces."""
    if ":" not in text:
        return tuple(Count(metric) for metric in text.split())
    metric, _, dimensions = text.partition(":")
    return (Count(metric, tuple(dimensions.split("+"))),)
