"""A main branch that cannot be read: nothing is written, and somebody is told."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.shop import BRASS, COBALT
from tests.ledger.branch.copies import BRANCH, git
from tests.workflows.stories import ENDPOINT, line, shown
from tests.workflows.town import Town

TUESDAY = datetime(2026, 11, 24, 13, tzinfo=UTC)


def _damage(town: Town) -> None:
    git(town.desk, "checkout", "--quiet", "-B", "damaged", f"origin/{BRANCH}")
    newest = max(town.desk.glob("*/*.jsonl"))
    newest.write_bytes(newest.read_bytes()[:-20])
    git(town.desk, "commit", "--quiet", "--all", "--message", "By hand")
    git(town.desk, "push", "--quiet", "origin", f"HEAD:{BRANCH}")


def _second(top: Path) -> None:
    shutil.copytree(top / "billing-config", top / "eu" / "billing")


def test_every_day_it_is_told_in_the_months_issue_until_it_is_mended(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    town.push_directly(line("minimun: 3", "brass"))
    for hours in range(2):
        town.at(TUESDAY + timedelta(hours=hours))
        for name in ("daily", "drift"):
            assert town.schedule(name).result == "failure"
    assert len(town.hub.api.bodies()) == 2, "once a day and workflow"
    town.push_directly(line("minimum: 3", "brass"))
    town.count(BRASS, date(2026, 11, 23), date(2026, 11, 23), 13)
    town.count(COBALT, date(2026, 11, 23), date(2026, 11, 23), 21)
    job = town.schedule("daily")
    assert (job.result, town.units(BRASS, ENDPOINT)) == ("success", 13), job.output
    assert shown(town.hub) == snapshot


def test_whoever_merges_the_mistake_is_told_on_the_pull_request(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    """The check that would have caught it is not required there."""
    pull = town.propose(line("minimun: 3"))
    commit = town.merge(pull)
    for _ in range(2):
        assert town.push(commit).result == "failure"
    assert shown(town.hub) == snapshot


@pytest.mark.parametrize("where", ["ledger", "base"])
def test_a_pull_request_waits_for_no_plan_that_does_not_come(town: Town, where: str) -> None:
    """Its ledger is damaged; or the base branch has no such configuration to say where it is."""
    folder = "billing-config" if where == "ledger" else "eu/billing"
    if where == "ledger":
        _damage(town)
    pull = town.propose(_second, folder=".")
    town.publish(pull)
    payload = {**pull.payload, "inputs": {"config": folder}}
    job = town.runner.run("plan", "pull_request", payload, pull.merged)["plan"]
    assert job.result == "failure"
    said = town.hub.api.statuses[pull.head]
    told = "No plan: the run ended before it had one, and its page says why"
    assert (said["state"], said["description"]) == ("error", told), job.output


def test_while_merges_cannot_be_looked_at_usage_is_read_and_nothing_written(town: Town) -> None:
    town.schedule("daily")
    before = len(town.kept("reading"))
    town.merge(town.propose(line("minimum: 25")))
    town.at(TUESDAY)
    town.count(BRASS, date(2026, 11, 23), date(2026, 11, 23), 13)
    town.count(COBALT, date(2026, 11, 23), date(2026, 11, 23), 21)
    town.hub.api.refused["commits"] = httpx.Response(404, json={"message": "no"})
    job = town.schedule("daily")
    assert (job.result, town.units(BRASS, ENDPOINT)) == ("failure", 12)
    assert len(town.kept("reading")) > before
    (body,) = town.hub.api.bodies()
    assert "what was merged could not all be looked at" in body


def test_a_file_that_nothing_reads_stops_the_plan_and_not_that_of_who_names_it_right(
    town: Town,
) -> None:
    """It may lie there since before anything told of it."""

    def misname(config: Path) -> None:
        (config / "accounts" / "cobalt.yaml").rename(config / "accounts" / "cobalt.yalm")

    def rename(config: Path) -> None:
        (config / "accounts" / "cobalt.yalm").rename(config / "accounts" / "cobalt.yaml")

    pull = town.propose(misname)
    town.publish(pull)
    jobs = town.plan(pull)
    assert "accounts/cobalt.yalm,line=1,col=1,title=CFG023" in jobs["validate"].output
    assert town.hub.api.statuses[pull.head]["state"] == "failure"
    town.push_directly(misname)
    jobs = town.plan(town.propose(rename))
    assert jobs["plan"].result == "success", jobs["plan"].output


def test_a_customer_where_nothing_reads_it_is_told_where_the_pull_request_is_reviewed(
    town: Town,
) -> None:
    def misplace(top: Path) -> None:
        (top / "accounts").mkdir()
        known = top / "billing-config" / "accounts" / "cobalt.yaml"
        (top / "accounts" / "acme.yaml").write_bytes(known.read_bytes())

    pull = town.propose(misplace, folder=".")
    town.publish(pull)
    town.plan(pull)
    (body,) = town.hub.api.bodies()
    assert "⚠️ Merging this writes nothing to BMS. Nothing reads accounts/acme.yaml, which" in body
    assert "did you mean billing-config/accounts/acme.yaml?" in body
    assert "Nothing to do but to merge it" not in body
    said = town.hub.api.statuses[pull.head]
    told = "Merging this writes nothing to BMS; nothing reads 1 file of it"
    assert (said["state"], said["description"]) == ("success", told)
