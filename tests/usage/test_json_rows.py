"""JSON is read without floats, and every mistake has its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.usage.making import collect, problems, write

ITEM: dict[str, Any] = {
    "product": "datto-workplace",
    "organization": "Brass",
    "metric": "additional-storage",
    "day": "2026-11-20",
    "quantity": 12,
}


def text(**change: Any) -> str:
    return json.dumps({key: value for key, value in (ITEM | change).items() if value != "gone"})


@pytest.mark.parametrize("number", ["0.1", "1234567890.123456789", "12", '"0.30"'])
def test_a_number_keeps_its_digits(tmp_path: Path, number: str) -> None:
    write(tmp_path, "a.json", "[" + text().replace("12", number) + "]")
    assert str(collect(tmp_path)[0].quantity) == number.strip('"')


def test_an_id_may_be_a_number(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", text(organization_id=10012345678901234567890))
    assert collect(tmp_path)[0].organization_id == "10012345678901234567890"


def test_true_and_false_are_quantities_of_a_flag(tmp_path: Path) -> None:
    flag = {"product": "compliance-manager", "metric": "enabled"}
    write(
        tmp_path,
        "a.jsonl",
        text(**flag, quantity=True),
        text(**flag, quantity=False, organization="Oak"),
    )
    assert [str(found.quantity) for found in collect(tmp_path)] == ["1", "0"]


def test_nothing_where_nothing_is_needed(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", text(dimension=None, names=None, organization_id=None))
    (found,) = collect(tmp_path)
    assert (found.dimension, found.names, found.organization_id) == ("", (), None)


@pytest.mark.parametrize("names", [["A", " B "], "A;B"])
def test_names_are_a_list_or_text(tmp_path: Path, names: Any) -> None:
    write(tmp_path, "a.jsonl", text(names=names))
    assert collect(tmp_path)[0].names == ("A", "B")


@pytest.mark.parametrize(
    ("change", "column", "message"),
    [
        ({"price": 1}, "price", "not a column"),
        ({"quantity": "gone"}, "quantity", "is missing"),
        ({"quantity": None}, "quantity", "is missing"),
        ({"quantity": True}, "quantity", "not a quantity"),
        ({"quantity": float("nan")}, "quantity", "not a quantity"),
        ({"quantity": -1}, "quantity", "less than 0"),
        ({"quantity": [1]}, "quantity", "is not a text"),
        ({"organization": 7}, "organization", "is not a text"),
        ({"product": True}, "product", "is not a text"),
        ({"names": [1]}, "names", "not a list of texts"),
        ({"names": {"a": "b"}}, "names", "not a list of texts"),
    ],
)
def test_a_bad_object_says_which_key(
    tmp_path: Path, change: dict[str, Any], column: str, message: str
) -> None:
    write(tmp_path, "a.jsonl", text(organization="Oak"), text(**change))
    (found,) = problems(tmp_path)
    assert (found.row, found.column) == (2, column)
    assert message in found.message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[{]", "is not JSON"),
        ("", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('[{"day": "a", "day": "b"}]', "'day' stands twice"),
        ('{"product": "x"}', "is not a list"),
        ("[1]", "is not an object"),
    ],
)
def test_what_is_no_list_of_objects_is_said(tmp_path: Path, content: str, message: str) -> None:
    write(tmp_path, "a.json", content)
    (found,) = problems(tmp_path)
    assert message in found.message


def test_a_broken_line_does_not_hide_the_next(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", "{", text(), "[]", text(quantity="x"))
    assert [found.row for found in problems(tmp_path)] == [1, 3, 4]
