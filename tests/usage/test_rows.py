"""A row is taken only when it says one clear thing the catalogue knows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.usage.rows import COLUMNS, RowReader
from tests.usage.making import TODAY

GOOD = {
    "product": "datto-rmm",
    "organization_id": "7",
    "organization": "Brass",
    "metric": "total-devices",
    "dimension": "",
    "day": "2026-11-20",
    "quantity": "12",
}
FLAG = {"product": "compliance-manager", "metric": "enabled"}
TYPED = {"metric": "devices-by-type", "dimension": "Desktop"}


def read(*rows: dict[str, str]) -> RowReader:
    reader = RowReader("file", TODAY)
    for number, row in enumerate(rows, start=2):
        reader.add("a.csv", number, dict.fromkeys(COLUMNS, "") | GOOD | row, ())
    return reader


@pytest.mark.parametrize(
    ("change", "column", "message", "remedy"),
    [
        ({"product": "dato-rmm"}, "product", "'dato-rmm' is not a product", "'datto-rmm'"),
        ({"product": "Datto RMM"}, "product", "is not a product", "'datto-rmm'"),
        ({"product": ""}, "product", "is empty", "give the product"),
        ({"metric": "devices"}, "metric", "is not a metric of datto-rmm", "total-devices"),
        ({"metric": ""}, "metric", "is empty", "give the metric"),
        (
            {"organization": "", "organization_id": ""},
            "organization",
            "no organization",
            "organization_id",
        ),
        ({"dimension": "Desktop"}, "dimension", "total-devices has none", "leave it empty"),
        ({"metric": "devices-by-type"}, "dimension", "is empty", "say which"),
        ({"day": "20.11.2026"}, "day", "is not a day", "2026-11-30"),
        ({"day": "20261120"}, "day", "is not a day", "2026-11-30"),
        ({"day": "2026-02-30"}, "day", "is not a day", "February 2026 has 28 days"),
        ({"day": "1970-01-01"}, "day", "long before anything", "2000-01-01"),
        ({"day": ""}, "day", "is not a day", "2026-11-30"),
        ({"day": "2026-11-23"}, "day", "after today", "have been"),
        ({"quantity": "-1"}, "quantity", "less than 0", "0 or more"),
        ({"quantity": "1.5"}, "quantity", "not whole", "whole number"),
        ({"quantity": ""}, "quantity", "not a quantity", "plain number"),
        ({"quantity": "1,000"}, "quantity", "not a quantity", "plain number"),
        ({"quantity": "1e3"}, "quantity", "not a quantity", "plain number"),
        ({"quantity": "NaN"}, "quantity", "not a quantity", "plain number"),
        ({"quantity": "٣"}, "quantity", "not a quantity", "plain number"),
        ({"quantity": "true"}, "quantity", "not a quantity", "plain number"),
        (
            {"quantity": "9" * 16},
            "quantity",
            "16 digits before the point, and 15 are",
            "at most 15",
        ),
        ({"quantity": "0.1234567891"}, "quantity", "0.1234567891 has 10 decimals", "at most 9"),
        (FLAG | {"quantity": "2"}, "quantity", "True or False", "true, false"),
        (FLAG | {"quantity": "yes"}, "quantity", "not a quantity", "true, false"),
    ],
)
def test_a_bad_row_says_which_column_and_what_to_do(
    change: dict[str, str], column: str, message: str, remedy: str
) -> None:
    reader = read(change)
    assert reader.readings == []
    (found,) = reader.problems
    assert (found.file, found.row, found.column) == ("a.csv", 2, column)
    assert message in found.message
    assert remedy in found.remedy
    assert str(found).startswith(f"a.csv:2: {column}: ")


@pytest.mark.parametrize(
    ("text", "quantity"), [("true", 1), ("TRUE", 1), ("False", 0), ("1", 1), ("0", 0), ("1.0", 1)]
)
def test_true_and_false_count_1_and_0(text: str, quantity: int) -> None:
    (found,) = read(FLAG | {"quantity": text}).readings
    assert found.quantity == quantity


def test_storage_may_be_a_fraction() -> None:
    reader = read(
        {"product": "datto-workplace", "metric": "additional-storage", "quantity": "10.25"}
    )
    assert [one.quantity for one in reader.readings] == [Decimal("10.25")]


def test_a_type_is_part_of_the_reading() -> None:
    reader = read(TYPED, TYPED | {"dimension": "Laptop", "quantity": "3"})
    assert [one.dimension for one in reader.readings] == ["Desktop", "Laptop"]


def test_today_itself_may_be_given() -> None:
    assert len(read({"day": TODAY.isoformat()}).readings) == 1


def test_the_same_twice_is_taken_once() -> None:
    reader = read({}, {"organization": "Brass & Sons"}, {"quantity": "12.0"})
    assert len(reader.readings) == 1
    assert reader.problems == []


def test_two_quantities_for_the_same_are_a_problem() -> None:
    reader = read({}, {"quantity": "13"})
    (found,) = reader.problems
    assert found.row == 3
    assert "a.csv:2" in found.message


def test_two_organizations_of_one_name_are_two() -> None:
    assert len(read({}, {"organization_id": "8", "quantity": "13"}).readings) == 2


def test_problems_are_listed_up_to_a_thousand() -> None:
    reader = read(*({"quantity": "x"} for _ in range(1000)))
    assert reader.full
    assert not read({"quantity": "x"}).full


@given(st.integers(0, 10**9), st.integers(0, 3000))
def test_whatever_is_well_formed_is_taken_as_it_is(quantity: int, ago: int) -> None:
    day = TODAY - timedelta(days=ago)
    (found,) = read({"day": day.isoformat(), "quantity": str(quantity)}).readings
    assert (found.day, found.quantity) == (day, Decimal(quantity))


@given(st.text(max_size=12), st.sampled_from(["product", "metric", "day", "quantity"]))
def test_any_text_is_taken_or_refused_but_never_breaks(text: str, column: str) -> None:
    reader = read({column: text})
    assert len(reader.readings) + len(reader.problems) == 1
