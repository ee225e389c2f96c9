from __future__ import annotations

import json

import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.model.finding import Problem
from reconciler.model.place import Position
from reconciler.report.problems import dumps, github, render, summary
from tests.report.screen import console, shown

ERROR = Problem(
    "CFG006",
    "datto-rmm has no metric 'total-device'",
    "take `total-devices`",
    Position("billing-config/services/datto-rmm.yaml", 12, 22),
)
WARNING = Problem(
    "CFG014", "late is missing", "add it", Position("billing-config/billing.yaml", 3, 1), "warning"
)
HOSTILE = Problem(
    "CFG003", "bad\nvalue \x1b[31m 100%::x", "mend it", Position("a,b: c/x.yaml", 1, 1)
)


def test_text(snapshot: SnapshotAssertion) -> None:
    terminal = console(80)
    render([ERROR, WARNING, HOSTILE], terminal)
    assert shown(terminal) == snapshot


def test_a_problem_stays_on_one_line_for_tools_that_read_it() -> None:
    terminal = console(40)
    render([ERROR], terminal)
    assert shown(terminal).splitlines()[0] == str(ERROR)


@pytest.mark.parametrize(
    ("problems", "said"),
    [
        ([], "the configuration is valid"),
        ([ERROR], "1 error in the configuration"),
        ([ERROR, ERROR, WARNING], "2 errors and 1 warning in the configuration"),
        ([WARNING], "1 warning in the configuration"),
    ],
)
def test_the_summary_counts(problems: list[Problem], said: str) -> None:
    assert summary(problems) == said


def test_json_says_valid_only_without_errors() -> None:
    assert json.loads(dumps([])) == {"valid": True, "problems": []}
    assert json.loads(dumps([WARNING]))["valid"]
    document = json.loads(dumps([ERROR, WARNING]))
    assert not document["valid"]
    assert document["problems"][0] == {
        "code": "CFG006",
        "severity": "error",
        "message": "datto-rmm has no metric 'total-device'",
        "remedy": "take `total-devices`",
        "file": "billing-config/services/datto-rmm.yaml",
        "line": 12,
        "column": 22,
    }


def test_annotations(snapshot: SnapshotAssertion) -> None:
    assert github([ERROR, WARNING, HOSTILE]) == snapshot


def test_a_message_cannot_start_another_workflow_command() -> None:
    lines = github([HOSTILE]).splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("::error file=a%2Cb%3A c/x.yaml,line=1,col=1,")


def test_an_annotation_has_no_mark_that_a_reader_cannot_see() -> None:
    """As the same mistake on a screen."""
    hidden = "\N{RIGHT-TO-LEFT OVERRIDE}\N{ZERO WIDTH SPACE}\x1b"
    line = github([Problem("CFG023", f"no {hidden}", hidden, Position(f"a/{hidden}", 1, 1))])
    assert not set(hidden) & set(line)
    assert line.count("\N{REPLACEMENT CHARACTER}") == 9
