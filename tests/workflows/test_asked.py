"""What waits for approval, asked for and given without a terminal."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.shop import BRASS, COBALT
from tests.ledger.branch.copies import git
from tests.workflows.hub import Answer
from tests.workflows.stories import ENDPOINT, line, replaced, shown
from tests.workflows.town import Town

D = date
MONTHLY = "default_policy: month-end\ninvoice_run: {day: 3}\n"


def at(town: Town, day: date) -> None:
    town.at(datetime.combine(day, time(13), tzinfo=UTC))


def night(town: Town, name: str = "daily") -> None:
    job = town.schedule(name)
    assert job.result == "success", job.output


@pytest.mark.over_http
def test_what_a_pull_request_holds_is_approved_in_it_by_a_form(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    pull = town.propose(line("minimum: 60"))
    town.publish(pull)
    assert town.plan(pull)["plan"].result == "success"
    job = town.form("approve", pull=str(pull.number), reason="a new site in Albany")["approve"]
    assert job.result == "success", job.output
    assert "1 change approved in #7; merging it writes it\n" in job.output
    assert town.units(COBALT, ENDPOINT) == 21, "nothing is written before the merge"
    status = town.hub.api.statuses[git(town.hub.repository, "rev-parse", "change")]
    assert status["state"] == "success"
    job = town.accept(pull.number)
    assert job.result == "success", job.output
    assert town.units(COBALT, ENDPOINT) == 60
    assert shown(town.hub) == snapshot


@pytest.mark.over_http
def test_what_a_night_holds_is_asked_for_and_written_by_its_merge(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    at(town, D(2026, 11, 24))
    town.count(BRASS, D(2026, 11, 23), D(2026, 11, 23), 40)
    town.count(COBALT, D(2026, 11, 23), D(2026, 11, 23), 22)
    night(town)
    assert (town.units(BRASS, ENDPOINT), town.units(COBALT, ENDPOINT)) == (12, 21)
    tip = git(town.hub.repository, "rev-parse", "reconciler/approvals")
    assert town.hub.api.statuses[tip]["state"] == "success"
    job = town.accept(201)
    assert job.result == "success", job.output
    assert (town.units(BRASS, ENDPOINT), town.units(COBALT, ENDPOINT)) == (40, 22)
    assert shown(town.hub) == snapshot


def months(town: Town, rule: str) -> None:
    """From December on the lines are set at month end."""
    town.push_directly(replaced("billing.yaml", "guards:", f"{MONTHLY}true_up: {rule}\nguards:"))
    go_on(town, D(2026, 12, 1), 12, 21)


def go_on(town: Town, day: date, brass: int, cobalt: int) -> None:
    """Readings up to the day before, and the day's run."""
    first = town.moment.now.date()
    at(town, day)
    for account, units in ((BRASS, brass), (COBALT, cobalt)):
        town.count(account, first, day - timedelta(days=1), units)
    night(town)


def test_a_month_is_merged_in_advance_and_written_when_it_is_over(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    months(town, "{by: pull-request}")
    go_on(town, D(2026, 12, 28), 14, 23)
    night(town, "true-up")
    tip = git(town.hub.repository, "rev-parse", "reconciler/true-up-2026-12")
    assert town.hub.api.statuses[tip]["state"] == "success"
    assert town.accept(201).result == "success"
    assert (town.units(BRASS, ENDPOINT), town.units(COBALT, ENDPOINT)) == (12, 21)
    go_on(town, D(2027, 1, 1), 14, 20)
    assert (town.units(BRASS, ENDPOINT), town.units(COBALT, ENDPOINT)) == (14, 23), "the peak"
    assert shown(town.hub) == snapshot


def test_a_month_asked_for_without_a_status_is_told_of(town: Town) -> None:
    months(town, "{by: pull-request}")
    go_on(town, D(2026, 12, 28), 14, 23)
    no = Answer(403, b'{"message": "Resource not accessible by integration"}')
    town.hub.weather = lambda _, path: no if "/statuses/" in path else None
    job = town.schedule("true-up")
    (warned,) = [one for one in job.output.splitlines() if one.startswith("::")]
    told = "the commit's status could not be set: GitHub did not take POST statuses/"
    assert warned.startswith(f"::warning::the pull request #201: {told}")
    assert f"⚠️ #201: {told}" in job.summary


def test_a_month_is_written_by_the_schedule_when_it_is_over(town: Town) -> None:
    """Brass may be written by the night. What nobody merges: tests/runs/test_asking.py."""
    months(town, "{by: schedule}")
    go_on(town, D(2027, 1, 1), 14, 21)
    night(town, "true-up")
    assert town.units(BRASS, ENDPOINT) == 14
    assert town.hub.api.opened == []
