"""A CSV file is understood by its header, and every mistake has its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.usage.making import GOOD, HEADER, collect, problems, write


def test_columns_may_come_in_any_order_and_some_be_left_out(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.csv",
        "quantity, day ,metric,product,organization",
        ' 12 ,2026-11-20,total-devices,datto-rmm,"Brass, Sons"',
        "",
    )
    (found,) = collect(tmp_path)
    assert (found.organization, found.organization_id) == ("Brass, Sons", None)
    assert str(found.quantity) == "12"


def test_names_are_split_at_semicolons(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", HEADER, GOOD + "PC-1; ;PC-2;")
    assert collect(tmp_path)[0].names == ("PC-1", "PC-2")


@pytest.mark.parametrize(
    ("header", "column", "message", "remedy"),
    [
        (HEADER + ",price", "price", "not a column", "known: product"),
        (HEADER.replace("quantity", "quantities"), "quantities", "not a column", "'quantity'"),
        (HEADER.replace(",day", ",dimension"), "dimension", "twice", "keep one"),
        (HEADER.replace(",day", ""), "day", "missing", "add it"),
        ("product,metric,day,quantity", "organization", "missing", "organization_id"),
        ("", "", "no header", "product,organization_id"),
    ],
)
def test_a_header_that_does_not_fit_is_said(
    tmp_path: Path, header: str, column: str, message: str, remedy: str
) -> None:
    write(tmp_path, "a.csv", header, GOOD)
    found = next(one for one in problems(tmp_path) if one.column == column)
    assert found.row == 1
    assert message in found.message
    assert remedy in found.remedy


def test_an_empty_file_has_no_header(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    (found,) = problems(tmp_path)
    assert "no header" in found.message


def test_a_header_alone_is_an_empty_answer(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", HEADER)
    assert collect(tmp_path) == []


def test_a_row_of_another_length_says_how_many_values_it_has(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", HEADER, GOOD, GOOD + "PC-1,PC-2")
    (found,) = problems(tmp_path)
    assert found.row == 3
    assert found.message == "has 9 values for 8 columns"


def test_every_bad_row_is_named_by_its_line(tmp_path: Path) -> None:
    bad = GOOD.replace(",12,", ",x,")
    write(tmp_path, "a.csv", HEADER, bad, "", '"datto-rmm",7,"two\nlines",' + GOOD[18:], bad)
    assert [found.row for found in problems(tmp_path)] == [2, 6]


@pytest.mark.parametrize("line", ['"datto-rmm"x,7', '"never closed'])
def test_broken_quotes_are_a_problem_of_the_file(tmp_path: Path, line: str) -> None:
    write(tmp_path, "a.csv", HEADER, line)
    (found,) = problems(tmp_path)
    assert "is not CSV" in found.message


def test_a_file_of_something_else_gives_a_bounded_list(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", HEADER, *["x"] * 5000)
    assert len(problems(tmp_path)) == 1000
