from __future__ import annotations

import json
from dataclasses import dataclass

from reconciler.engine.compared import Unlike
from reconciler.model.place import Position
from reconciler.report.policy_tests_text import dumps, github, render, summary
from tests.report.screen import console, shown


@dataclass(frozen=True)
class Case:
    name: str
    position: Position
    differences: tuple[Unlike, ...] = ()


GOOD = Case("a good one", Position("billing-config/tests/daily.yaml", 4, 5))
BAD = Case(
    "a bad\none",
    Position("billing-config/tests/daily.yaml", 9, 5),
    (Unlike("units on 2026-11-30", "12", "14"), Unlike("changes", "none", "14 from 2026-11-16")),
)


def test_a_failed_case_shows_both_sides_of_every_difference() -> None:
    terminal = console()
    render([GOOD, BAD], terminal)
    assert shown(terminal).splitlines() == [
        "billing-config/tests/daily.yaml:9:5: FAILED a bad one",
        "  units on 2026-11-30",
        "    expected  12",
        "    found     14",
        "  changes",
        "    expected  none",
        "    found     14 from 2026-11-16",
        "1 of 2 policy tests failed",
    ]


def test_the_summary() -> None:
    assert summary([]) == "there is no policy test"
    assert summary([GOOD]) == "1 policy test passed"
    assert summary([GOOD, BAD, BAD]) == "2 of 3 policy tests failed"


def test_json_has_every_case_and_is_valid_only_if_all_pass() -> None:
    document = json.loads(dumps([GOOD, BAD]))
    assert not document["valid"]
    assert [case["passed"] for case in document["tests"]] == [True, False]
    assert document["tests"][1]["differences"][0] == {
        "what": "units on 2026-11-30",
        "expected": "12",
        "found": "14",
    }
    assert [problem["code"] for problem in document["problems"]] == ["CFG020"]
    assert json.loads(dumps([GOOD]))["valid"]


def test_a_failed_case_becomes_an_annotation_at_its_place() -> None:
    (line,) = github([GOOD, BAD]).splitlines()
    assert line.startswith("::error file=billing-config/tests/daily.yaml,line=9,col=5,")
    assert "expected 12, found 14; changes: expected none" in line
