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

_CALLERS = Path(__file__).parents[2] / "docs" / "workflows"
DAILY, ACCEPT = _CALLERS / "daily.yml", _CALLERS / "accept.yml"
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


def test_who_has_no_terminal_is_told_the_form_that_takes_an_edit_over() -> None:
    drift = CODES["KNW002"]
    assert on_github("KNW002", drift.remedy) == f"{drift.remedy}, or with the form `accept`"
    own = "look: `reconciler drift --accept 5001 --units siris=N`"
    assert on_github("KNW002", own) == f"{own}, or with the form `accept`"
    assert ACCEPT.read_text("utf-8").startswith("name: accept\n")


def test_a_form_is_named_as_code_since_markup_is_shown_as_it_is() -> None:
    listed = sections.findings("Units", [finding("KNW001", "unknown")], "USD", 10_000)
    assert "with the form <code>baseline</code>" in listed


def test_other_advice_stays() -> None:
    assert on_github("USG002", "look at the probe") == "look at the probe"
    assert on_github("USG001", CODES["USG001"].remedy) == CODES["USG001"].remedy
    assert on_github("???", "anything") == "anything"
