"""Runs that are ended half way, with their machine: the next one goes on, and nothing is twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from signal import SIGKILL, SIGTERM

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.shop import BRASS, COBALT
from tests.workflows.stories import ENDPOINT, line, replaced, shown
from tests.workflows.town import Town

NEW_YEAR = datetime(2027, 1, 1, 13, tzinfo=UTC)


def test_a_price_rise_that_is_cancelled_half_way_is_finished_by_the_next_run(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    def rise(config: Path) -> None:
        replaced("accounts/cobalt.yaml", "mode: propose", "mode: apply")(config)
        for name in ("brass", "cobalt"):
            line("changes: [{from: 2027-01-01, price: 5.50}]", name)(config)

    town.plan(pull := town.propose(rise))
    town.push(town.merge(pull))
    town.at(NEW_YEAR)
    for account, units in ((BRASS, 12), (COBALT, 21)):
        town.count(account, date(2026, 11, 23), date(2026, 12, 31), units)
    town.gate.end(after=1, by=SIGTERM)
    job = town.schedule("daily")
    assert (job.result, "terminated" in job.output) == ("failure", True), job.output
    town.at(NEW_YEAR + timedelta(hours=2))
    job = town.schedule("daily")
    assert job.result == "success", job.output
    assert town.gate.writes == 2, "one per account"
    prices = {row.price for row in town.rows(BRASS, COBALT) if row.service == ENDPOINT}
    assert {str(price) for price in prices} == {"5.50"}
    assert town.schedule("daily").result == "success"
    assert town.gate.writes == 2
    assert shown(town.hub) == snapshot


def test_a_machine_that_dies_right_after_a_write_loses_and_doubles_nothing(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    pull = town.propose(line("minimum: 25"))
    town.plan(pull)
    commit = town.merge(pull)
    town.gate.end(after=1, by=SIGKILL)
    job = town.push(commit)
    assert (job.result, "Killed" in job.output) == ("failure", True), job.output
    assert town.units(COBALT, ENDPOINT) == 25, "BMS had carried it out"
    town.at(town.moment.now + timedelta(hours=2))
    job = town.push(commit)
    assert job.result == "success", job.output
    assert (town.units(COBALT, ENDPOINT), town.gate.writes) == (25, 1)
    assert shown(town.hub) == snapshot


def test_the_next_run_outlasts_the_lease_that_a_dead_machine_left(town: Town) -> None:
    pull = town.propose(line("minimum: 25"))
    town.plan(pull)
    commit = town.merge(pull)
    town.gate.end(after=1, by=SIGKILL)
    job = town.push(commit)
    assert job.result == "failure", job.output
    job = town.push(commit)
    assert job.result == "success", job.output
    assert "a run that died may have left that: waiting 1" in job.output
    assert 840 < max(town.moment.waits) < 1000
    assert (town.units(COBALT, ENDPOINT), town.gate.writes) == (25, 1)


@pytest.mark.parametrize("then", ["edited in BMS", "comment edited", "comment deleted"])
def test_what_was_written_before_a_run_was_ended_is_not_told_as_nothing(
    town: Town, then: str
) -> None:
    def both(config: Path) -> None:
        line("minimum: 15", "brass")(config)
        line("minimum: 25")(config)

    assert town.schedule("daily").result == "success"
    town.plan(pull := town.propose(both))
    commit = town.merge(pull)
    town.gate.end(after=1, by=SIGKILL)
    assert town.push(commit).result == "failure"
    assert town.units(BRASS, ENDPOINT) == 15
    town.at(town.moment.now + timedelta(hours=2))
    if then == "edited in BMS":
        town.sandbox.ui.edit_units(town.rows(COBALT)[0].row_id, 23)
    elif then == "comment edited":
        town.hub.api.edit("Merging", "merging", "mallory", pull.number)
    else:
        town.hub.api.comments.clear()
    town.push(commit)
    told = town.hub.api.bodies()[-1]
    assert "1 write of it had been sent to BMS by a run that was ended" in told
    assert "**No more was written" in told
    assert "Nothing was written" not in told


def test_the_very_first_run_that_is_ended_half_way_is_gone_on_with_by_the_next_push(
    town: Town,
) -> None:
    def both(config: Path) -> None:
        line("minimum: 15", "brass")(config)
        line("minimum: 25")(config)

    town.plan(pull := town.propose(both))
    commit = town.merge(pull)
    town.gate.end(after=1, by=SIGKILL)
    assert town.push(commit).result == "failure"
    assert (town.units(BRASS, ENDPOINT), town.units(COBALT, ENDPOINT)) == (15, 21)
    town.at(town.moment.now + timedelta(hours=2))
    later = town.push_directly(lambda config: (config / "notes.md").write_text("Begun", "utf-8"))
    job = town.push(later)
    assert job.result == "success", job.output
    assert (town.units(COBALT, ENDPOINT), town.gate.writes) == (25, 2)
    assert "✅ 2 of 2 changes written" in town.hub.api.bodies()[0]
