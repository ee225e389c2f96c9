"""On GitHub advice names what can be done there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.findings import CODES, finding
from reconciler.model.finding import Finding
from reconciler.report import plan_markdown, sections
from reconciler.report.remedies import on_github
from tests.report.example import PLAN

DAILY = Path(__file__).parents[2] / "docs/workflows/daily.yml"
OLD = finding("USG002", "rocketcyber: no reading that is recent enough of Teal Tech Inc.")
FAILED = finding("USG004", "file usage/*.csv: no such file")


@pytest.mark.parametrize("found", [OLD, FAILED])
def test_usage_is_read_again_by_a_workflow_there(found: Finding) -> None:
    plan = replace(PLAN, findings=(found,))
    listed = sections.findings("Usage", [found], "USD", 10_000)
    for text in (plan_markdown.render(plan), listed):
        assert "run the workflow <code>daily</code> now" in text
        assert "usage pull" not in text


def test_a_terminal_is_told_the_command() -> None:
    assert "`reconciler usage pull`" in OLD.remedy


def test_the_workflow_has_that_name() -> None:
    assert DAILY.read_text("utf-8").startswith("name: daily\n")


def test_other_advice_stays() -> None:
    assert on_github("USG002", "look at the probe") == "look at the probe"
    assert on_github("USG001", CODES["USG001"].remedy) == CODES["USG001"].remedy
    assert on_github("???", "anything") == "anything"
