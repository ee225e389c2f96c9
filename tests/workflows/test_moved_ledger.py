"""Another ledger knows nothing of what was written."""

from __future__ import annotations

from tests.workflows.stories import replaced
from tests.workflows.town import Town


def test_a_pull_request_that_moves_the_ledger_says_so(town: Town) -> None:
    town.plan(town.propose(replaced("billing.yaml", "reconciler-ledger", "another")))
    (told,) = town.hub.api.bodies()
    assert "## ⚠️ Merging this changes where the ledger is, and writes nothing to BMS." in told
    assert "(ledger.branch: reconciler-ledger → another)" in told
    assert "From then on nothing is known of earlier writes" in told
