from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from reconciler.catalog import Product, load_catalogue

PRODUCTS = load_catalogue()
ROWS = list(
    csv.DictReader(
        files("reconciler.catalog").joinpath("products.csv").read_text("utf-8").splitlines()
    )
)


def test_every_row_of_the_table_is_one_metric() -> None:
    pairs = [(row["product_id"], row["metric_id"]) for row in ROWS]
    assert len(pairs) == len(set(pairs)) == sum(len(p.metrics) for p in PRODUCTS.values())


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=lambda product: product.id)
def test_a_product_has_names_and_metrics(product: Product) -> None:
    assert product.name
    assert product.suite
    assert product.metrics
    for key, metric in product.metrics.items():
        assert key == metric.id
        assert metric.name
        assert metric.route in ("api", "import")
        assert key == key.lower()
        assert " " not in key


def test_units_say_what_a_quantity_may_be() -> None:
    units = {metric.unit: metric for p in PRODUCTS.values() for metric in p.metrics.values()}
    for unit, metric in units.items():
        assert metric.has_dimensions == (" by " in unit)
        assert metric.is_flag == (unit == "enabled")
        assert metric.is_whole == (unit != "GB")
    assert any(metric.has_dimensions for metric in units.values())
    assert any(metric.is_flag for metric in units.values())
    assert not all(metric.is_whole for metric in units.values())


def test_one_product_has_one_name_and_suite() -> None:
    for row in ROWS:
        product = PRODUCTS[row["product_id"]]
        assert (row["product"], row["suite"]) == (product.name, product.suite)


def test_the_table_is_read_once() -> None:
    assert load_catalogue() is PRODUCTS
