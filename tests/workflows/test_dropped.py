"""Lines that a pull request stops keeping in step are told of, and no mistake is praised."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.ledger.branch.copies import git
from tests.workflows.stories import replaced, shown
from tests.workflows.town import Town


def status(town: Town, branch: str = "change") -> tuple[str, str]:
    found = town.hub.api.statuses[git(town.hub.repository, "rev-parse", branch)]
    return found["state"], found["description"]


@pytest.mark.over_http
def test_a_misspelt_contract_is_to_be_mended_and_not_to_be_merged(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    pull = town.propose(replaced("accounts/brass.yaml", "Managed Services", "Managed Service"))
    town.publish(pull)
    assert town.plan(pull)["plan"].result == "success"
    said = "1 error to mend before merging; loses 2 lines that BMS does not have as they are named"
    assert status(town) == ("failure", said)
    town.accept(pull.number)
    assert shown(town.hub) == snapshot


@pytest.mark.over_http
def test_a_line_that_is_taken_out_is_named_with_what_becomes_of_it(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    pull = town.propose(replaced("accounts/brass.yaml", "      windows:", "      # windows:"))
    town.publish(pull)
    assert town.plan(pull)["plan"].result == "success"
    said = "Merging this writes nothing to BMS; takes 1 line out of the configuration"
    assert status(town) == ("success", said)
    assert shown(town.hub) == snapshot
