"""An edit made in BMS by hand, taken over by merging the pull request of the drift run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reconciler.github import Marker
from tests.cli.shop import COBALT, NOON
from tests.workflows.stories import ENDPOINT, replaced
from tests.workflows.town import Town


def test_who_has_no_terminal_agrees_to_an_edit_by_a_form(town: Town) -> None:
    row = town.rows(COBALT)[0]
    town.sandbox.ui.edit_units(row.row_id, 25)
    town.schedule("drift")
    (issue,) = town.hub.api.issues
    assert "or with the form <code>accept</code>" in issue["body"]
    fields = {"contract": str(row.contract_id), "others": "", "reason": "by phone"}

    wrong = town.form("accept", units="endpoint=24", **fields)["accept"]
    assert wrong.result == "failure"
    assert "### ❌ with these units the contract's total would be" in wrong.summary

    before = town.units(COBALT, ENDPOINT)
    job = town.form("accept", units="endpoint = 26;", **fields)["accept"]
    assert job.result == "success", job.output
    assert f"took over {row.contract_id}: 1 line, with these units" in job.summary
    assert town.units(COBALT, ENDPOINT) == before, "BMS is only read"
    (kept,) = [run for run in town.kept("run") if run["kind"] == "drift --accept"]
    assert ("maria" in kept["detail"], "by phone" in kept["detail"]) == (True, True), kept
    town.at(NOON + timedelta(hours=1))
    assert town.schedule("drift").result == "success"
    assert [one["state"] for one in town.hub.api.issues] == ["closed"]


@pytest.mark.over_http
def test_a_clear_edit_is_asked_for_merged_and_in_step(town: Town) -> None:
    town.push_directly(replaced("billing.yaml", "guards:", "on_drift: adopt\nguards:"))
    town.sandbox.ui.edit_units(town.rows(COBALT)[0].row_id, 25)
    units = town.units(COBALT, ENDPOINT)
    job = town.schedule("drift")
    assert job.result == "success", job.output
    assert "::warning" not in job.output
    (pull,) = [one for one in town.hub.api.opened if one["number"] == 201]
    assert pull["title"] == "Take over 1 line changed in BMS by hand, +25.00 USD per month"
    marker = next(filter(None, map(Marker.find, town.hub.api.bodies())))
    assert town.hub.api.statuses[marker.head]["description"] == (
        "Merging this writes nothing to BMS; fixes the units of 1 line, and nobody said why"
    )

    job = town.accept(201)
    assert job.result == "success", job.output
    assert town.units(COBALT, ENDPOINT) == units, "the merge writes nothing"
    town.at(NOON + timedelta(hours=1))
    assert town.schedule("drift").result == "success"
    assert [one["state"] for one in town.hub.api.issues] == ["closed"]
