"""Readings may lie in the repository: who edits them moves what is billed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.shop import BRASS
from tests.ledger.branch.copies import git
from tests.workflows.stories import shown
from tests.workflows.town import Town


def more(config: Path) -> None:
    """The newest reading of one customer is another one."""
    for path in (config / "usage").glob("*.csv"):
        text = path.read_text("utf-8")
        edited, count = re.subn(rf"({re.escape(BRASS)},.*?),12\b", r"\1,15", text)
        assert count, text
        path.write_text(edited, "utf-8")


def said(town: Town) -> tuple[str, str]:
    status = town.hub.api.statuses[git(town.hub.repository, "rev-parse", "change")]
    return status["state"], status["description"]


@pytest.mark.over_http
def test_a_pull_request_that_edits_readings_says_what_comes_of_it_and_when(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    pull = town.propose(more)
    town.publish(pull)
    assert town.plan(pull)["plan"].result == "success"
    assert said(town) == ("success", "Merging this writes nothing to BMS; changes readings")
    assert shown(town.hub) == snapshot
