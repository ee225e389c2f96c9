"""Lines that a pull request stops keeping in step are told of, and no mistake is praised."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.ledger.branch.copies import git
from tests.workflows.stories import Edit, replaced, shown
from tests.workflows.town import Town


def planned(town: Town, edit: Edit) -> tuple[int, str, str]:
    """A pull request's number, and the state and description of its status."""
    pull = town.propose(edit)
    town.publish(pull)
    assert town.plan(pull)["plan"].result == "success"
    status = town.hub.api.statuses[git(town.hub.repository, "rev-parse", "change")]
    return pull.number, status["state"], status["description"]


@pytest.mark.over_http
def test_a_misspelt_contract_is_to_be_mended_and_not_to_be_merged(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    slip = replaced("accounts/brass.yaml", "Managed Services", "Managed Service")
    number, *said = planned(town, slip)
    assert said == [
        "failure",
        "1 error to mend before merging; loses 2 lines that BMS does not have as they are named",
    ]
    town.accept(number)
    assert shown(town.hub) == snapshot


@pytest.mark.over_http
def test_a_line_that_is_taken_out_is_named_with_what_becomes_of_it(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    out = replaced("accounts/brass.yaml", "      windows:", "      # windows:")
    _, *said = planned(town, out)
    assert said == [
        "success",
        "Merging this writes nothing to BMS; takes 1 line out of the configuration",
    ]
    assert shown(town.hub) == snapshot
