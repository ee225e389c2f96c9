"""The town itself."""

from __future__ import annotations

from tests.ledger.branch.copies import git
from tests.workflows.town import Town


def test_it_may_be_given_the_ports_that_it_had(town: Town) -> None:
    before = git(town.hub.repository, "rev-parse", "main")
    town.move()
    assert git(town.hub.repository, "rev-parse", "main") == before
