from __future__ import annotations

import pytest

from reconciler.cli.commands.apply import exit_of
from reconciler.cli.exits import Exit
from reconciler.model.outcome import Applied, Result
from tests.report.example import CHANGES, IN_STEP


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([], Exit.DONE),
        (["done"], Exit.DONE),
        (["done", "refused"], Exit.PARTIAL),
        (["does-not-fit", "not-reached"], Exit.PARTIAL),
        (["in-doubt"], Exit.PERSON),
        (["refused"], Exit.PERSON),
        (["not-reached"], Exit.PERSON),
    ],
)
def test_what_changed_bms_in_part_is_said_so(results: list[Result], expected: Exit) -> None:
    applied = [Applied(change, result) for change, result in zip(CHANGES, results, strict=False)]
    assert exit_of(applied, IN_STEP) is expected
