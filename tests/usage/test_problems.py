"""A problem can be read in a terminal and found in its file."""

from __future__ import annotations

from reconciler.usage import BadRows, RowProblem


def test_a_problem_names_place_column_and_remedy() -> None:
    problem = RowProblem("a.csv", 3, "day", "'x' is not a day", "write it like 2026-11-30")
    assert str(problem) == "a.csv:3: day: 'x' is not a day; write it like 2026-11-30"


def test_a_problem_of_a_whole_file_has_no_row() -> None:
    assert str(RowProblem("a.csv", 0, "", "is empty", "fill it")) == "a.csv: is empty; fill it"


def test_one_problem_is_one_and_the_source_is_named() -> None:
    bad = BadRows("file *", [RowProblem("a.csv", 3, "day", "wrong", "mend")])
    assert bad.message.startswith("1 problem in usage files")
    assert bad.where == "file *"
    assert bad.exit_code == 1
