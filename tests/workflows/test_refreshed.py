"""Pull requests that stay open while nights go by."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta

from syrupy.assertion import SnapshotAssertion

from tests.cli.shop import BRASS, COBALT
from tests.ledger.branch.copies import git
from tests.workflows.stories import ENDPOINT, line, shown
from tests.workflows.town import Town

TUESDAY = datetime(2026, 11, 24, 13, tzinfo=UTC)


def test_after_a_night_an_open_pull_request_says_what_its_merge_writes_now(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    pull = town.propose(line("minimum: 15", "brass"))
    town.publish(pull)
    town.plan(pull)
    assert "12 → 15" in town.hub.api.bodies()[0]
    town.at(TUESDAY)
    town.count(BRASS, date(2026, 11, 23), date(2026, 11, 23), 13)
    town.count(COBALT, date(2026, 11, 23), date(2026, 11, 23), 21)
    night = town.schedule("daily")
    assert (night.result, town.units(BRASS, ENDPOINT)) == ("success", 13), night.output
    assert "planned again: #7" in night.output
    assert "### Open pull requests" in night.summary
    morning = shown(town.hub)
    assert "13 → 15" in morning
    status = town.hub.api.statuses[pull.head]
    job = town.accept(pull.number)
    assert (job.result, town.units(BRASS, ENDPOINT)) == ("success", 15), job.output
    assert f"{status['state']}: {status['description']}\n\n{morning}" == snapshot


def test_a_plan_job_that_is_run_again_says_the_same_everywhere(town: Town) -> None:
    """It keeps its number, which is lower than the night's, and sees what the night wrote."""
    pull = town.propose(line("minimum: 15", "brass"))
    town.publish(pull)
    town.plan(pull)
    town.at(TUESDAY)
    town.count(BRASS, date(2026, 11, 23), date(2026, 11, 23), 13)
    town.count(COBALT, date(2026, 11, 23), date(2026, 11, 23), 21)
    assert town.schedule("daily").result == "success"
    assert "13 → 15" in town.hub.api.bodies()[0]
    town.count(BRASS, date(2026, 11, 23), date(2026, 11, 23), 14)
    own = town.hub.api.opened[0]
    own["state"] = "closed"  # so the second night does not plan it
    town.at(TUESDAY + timedelta(hours=3))
    assert town.schedule("daily").result == "success"
    own["state"] = "open"
    town.runner.runs, later = 0, town.runner.runs
    shutil.rmtree(town.runner.folder)
    job = town.plan(pull)["plan"]
    assert "14 → 15" in job.summary
    assert "14 → 15" in town.hub.api.bodies()[0]
    said = town.hub.api.statuses[pull.head]["description"]
    assert said == "+5.00 USD per month on 1 line of 1 account"
    town.runner.runs = later
    assert town.accept(pull.number).result == "success"
    assert town.units(BRASS, ENDPOINT) == 15


def test_one_that_conflicts_by_now_says_so(town: Town) -> None:
    pull = town.propose(line("minimum: 15", "brass"))
    town.publish(pull)
    town.plan(pull)
    town.push_directly(line("minimum: 3", "brass"))
    job = town.schedule("daily")
    assert job.result == "success", job.output
    status = town.hub.api.statuses[git(town.hub.repository, "rev-parse", "change")]
    assert (status["state"], "conflicts with" in status["description"]) == ("error", True)
    assert "could not be planned again" in town.hub.api.bodies()[0]
