"""A merge that comes to the very plan of another one of that day."""

from __future__ import annotations

from pathlib import Path

from tests.cli.shop import COBALT
from tests.ledger.branch.copies import git
from tests.workflows.stories import ENDPOINT, Edit, line
from tests.workflows.town import Town


def test_what_an_equal_merge_wrote_and_a_revert_took_back_counts_for_no_later_one(
    town: Town,
) -> None:
    assert town.schedule("daily").result == "success"
    commit = _merged(town, line("minimum: 25"))

    def revert(_config: Path) -> None:
        git(town.desk, "revert", "--no-commit", "--mainline", "1", commit)

    _merged(town, revert, f"Revert it\n\nThis reverts commit {commit}.")
    assert town.units(COBALT, ENDPOINT) == 21
    again = town.propose(line("minimum: 25"))
    town.plan(again)
    first, _, last = (body.partition('"plan": "')[2][:64] for body in town.hub.api.bodies())
    assert first == last, "else this shows nothing"
    town.sandbox.ui.edit_units(town.rows(COBALT)[0].row_id, 19)
    job = town.push(town.merge(again))
    assert (job.result, town.units(COBALT, ENDPOINT)) == ("failure", 20), job.output
    assert "**Nothing was written.**" in town.hub.api.bodies()[-1]


def _merged(town: Town, edit: Edit, message: str = "A change") -> str:
    pull = town.propose(edit, message=message)
    town.plan(pull)
    commit = town.merge(pull)
    job = town.push(commit)
    assert job.result == "success", job.output
    return commit
