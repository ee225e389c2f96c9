"""An edit made in BMS by hand, taken over by merging the pull request of the drift run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reconciler.github import Marker
from tests.cli.shop import COBALT, NOON
from tests.workflows.stories import ENDPOINT, replaced
from tests.workflows.town import Town


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
