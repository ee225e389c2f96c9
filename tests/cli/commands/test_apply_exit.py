from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.cli.commands.apply import exit_of
from reconciler.cli.exits import Exit
from reconciler.model.outcome import Applied, Result
from reconciler.model.plan import Verdict
from reconciler.runs.applying import ApplyRun
from tests.report.example import CHANGES, IN_STEP


def ended(results: list[Result], answered: int, **fields: object) -> ApplyRun:
    applied = tuple(Applied(c, result) for c, result in zip(CHANGES, results, strict=False))
    run = ApplyRun(IN_STEP, IN_STEP, applied, answered=answered)
    return replace(run, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("results", "answered", "expected"),
    [
        ([], 0, Exit.DONE),
        (["done"], 1, Exit.DONE),
        (["done", "refused"], 1, Exit.PARTIAL),
        (["does-not-fit", "not-reached"], 1, Exit.PARTIAL),
        (["unproved"], 1, Exit.PARTIAL),
        (["in-doubt"], 0, Exit.PERSON),
        # A price job that BMS took on, and that was not seen to its end.
        (["in-doubt"], 1, Exit.PARTIAL),
        (["refused"], 0, Exit.PERSON),
        (["not-reached"], 0, Exit.PERSON),
    ],
)
def test_what_changed_bms_in_part_is_said_so(
    results: list[Result], answered: int, expected: Exit
) -> None:
    assert exit_of(ended(results, answered)) is expected


@pytest.mark.parametrize(("answered", "expected"), [(0, Exit.PERSON), (1, Exit.PARTIAL)])
def test_a_run_that_stopped_never_ends_as_done(answered: int, expected: Exit) -> None:
    assert exit_of(ended(["done"], answered, stopped="the lease was lost")) is expected


@pytest.mark.parametrize(
    ("reviewed", "now", "expected"),
    [
        ("in-step", "person-needed", Exit.PERSON),
        ("in-step", "nothing-checked", Exit.PERSON),
        ("person-needed", "in-step", Exit.DONE),
        ("person-needed", "changes", Exit.DONE),
    ],
)
def test_what_is_held_now_counts_and_not_what_was_when_the_plan_was_reviewed(
    reviewed: Verdict, now: Verdict, expected: Exit
) -> None:
    plan, found = replace(IN_STEP, verdict=reviewed), replace(IN_STEP, verdict=now)
    assert exit_of(ended(["done"], 1, plan=plan, found=found)) is expected
