"""Reads ``products.csv``: suite, product, metric, unit, and the route its usage takes."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast


@dataclass(frozen=True, slots=True)
class Metric:
    """One thing a product counts."""

    id: str
    name: str
    unit: str
    """``count``, ``enabled``, ``GB``, ``count by type``, ..."""
    route: Literal["api", "import"]
    """api: the vendor has one for it; import: it comes from files."""

    @property
    def has_dimensions(self) -> bool:
        """Does each reading name a type or model?"""
        return " by " in self.unit

    @property
    def is_flag(self) -> bool:
        """Is it True or False, counted as 1 or 0?"""
        return self.unit == "enabled"

    @property
    def is_whole(self) -> bool:
        """Is a fraction a mistake?"""
        return self.unit != "GB"


@dataclass(frozen=True, slots=True)
class Product:
    id: str
    name: str
    suite: str
    metrics: Mapping[str, Metric]


@cache
def load_catalogue() -> Mapping[str, Product]:
    """Every product by id."""
    text = files("reconciler.catalog").joinpath("products.csv").read_text(encoding="utf-8")
    products: dict[str, Product] = {}
    for row in csv.DictReader(text.splitlines()):
        product = products.setdefault(
            row["product_id"], Product(row["product_id"], row["product"], row["suite"], {})
        )
        route = cast("Literal['api', 'import']", row["route"])
        metric = Metric(row["metric_id"], row["metric"], row["unit"], route)
        cast("dict[str, Metric]", product.metrics)[metric.id] = metric
    return products
