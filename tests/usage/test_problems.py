"""A problem can be read in a terminal and found in its file."""

from __future__ import annotations

import pytest

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


@pytest.mark.parametrize(("count", "told"), [(3, "3 problems"), (1_000, "at least 1,000 problems")])
def test_a_file_with_one_cause_is_not_listed_row_by_row(count: int, told: str) -> None:
    problem = RowProblem("usage/edr.csv", 2, "day", "has not come yet", "take the row out")
    error = BadRows("file usage/*.csv", [problem] * count)
    assert error.message == f"{told} in usage files"
    assert len(error.details) == min(count, 26)
    assert (error.details[-1] == "and 975 more") is (count == 1_000)
