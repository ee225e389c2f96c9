"""Open pull requests, planned again by the night that changed what they are compared with."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import httpx
import pytest

from reconciler.github import Event
from reconciler.report.refreshed import Refreshed
from reconciler.runs import refreshing
from reconciler.runs.commenting import comment_on
from reconciler.runs.refreshing import Refresher
from tests.github.api import REPOSITORY, as_listed
from tests.ledger.branch.copies import git
from tests.runs.conftest import MakeWorld
from tests.runs.nightly import Night


@pytest.fixture
def night(make_world: MakeWorld) -> Night:
    night = Night(make_world(mode="apply"))
    night.daily()
    return night


def propose(night: Night, number: int, owner: str = REPOSITORY, **lines: str) -> dict[str, Any]:
    """A pull request of a person, whose comment is there."""
    folder, name = night.world.folder, f"change-{number}"
    git(folder, "checkout", "--quiet", "-B", name, "main")
    night.world.configure(**lines)
    git(folder, "commit", "--quiet", "--all", "--message", "A change")
    git(folder, "push", "--quiet", "origin", f"HEAD:refs/heads/{name}")
    world, job = night.world, night.job()
    event = Event(number, git(folder, "rev-parse", "main"), job.commit or "")
    comment_on(world.around, world.ledger, job, night.client, event, offline=True)
    git(folder, "checkout", "--quiet", "main")
    head = {"ref": name, "repo": {"full_name": owner}}
    pull = {"number": number, "state": "open", "head": head, "user": {"login": "maria"}}
    night.api.opened.append({**pull, "base": {"ref": "main"}})
    return night.api.opened[-1]


def refresh(night: Night, *done: int) -> Refreshed:
    world, job = night.world, night.job()
    return Refresher(world.around, world.ledger, job, night.client).refresh(set(done))


def comments(night: Night) -> dict[int, str]:
    return {one["number"]: one["body"] for one in night.api.comments}


def goes_up(night: Night) -> None:
    night.tomorrow()
    night.usage(alpha={date(2026, 11, 23): 12})
    night.commit("usage")
    night.daily()


def test_comment_and_status_say_what_the_night_left(night: Night) -> None:
    propose(night, 7, alpha="minimum: 15")
    assert "10 → 15" in comments(night)[7]
    goes_up(night)
    assert night.world.units("alpha") == 12
    assert refresh(night) == Refreshed(fresh=(7,))
    assert "12 → 15" in comments(night)[7]
    assert night.api.statuses[night.tip("change-7")]["state"] == "success"


def test_one_that_conflicts_or_is_wrong_says_so_and_stops_no_other(night: Night) -> None:
    propose(night, 7, alpha="minimum: 15")
    propose(night, 8, alpha="minimum: 16")
    night.world.configure(alpha="minimum: 11")
    night.commit("the same line, otherwise")
    propose(night, 9, beta="minimum: 15")
    found = refresh(night)
    assert found.fresh == (9,)
    assert [number for number, _ in found.failed] == [8, 7]
    for number in (7, 8):
        assert "could not be planned again" in comments(night)[number]
        assert "conflicts" in night.api.statuses[night.tip(f"change-{number}")]["description"]


def test_others_are_left_alone(night: Night) -> None:
    """Forks', without our comment, into another branch, closed, or brought up to date just now."""
    propose(night, 7, owner="mallory/billing", alpha="minimum: 15")
    propose(night, 8, alpha="minimum: 15")
    night.api.comments = [one for one in night.api.comments if one["number"] != 8]
    propose(night, 9, alpha="minimum: 15")["base"] = {"ref": "next"}
    propose(night, 10, alpha="minimum: 15")
    propose(night, 11, alpha="minimum: 15")["state"] = "closed"
    before = comments(night)
    goes_up(night)
    assert refresh(night, 10) == Refreshed()
    assert {number: comments(night)[number] for number in before} == before


def test_the_newest_come_first_and_the_rest_is_counted(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "MOST", 2)
    for number in range(7, 11):
        propose(night, number, alpha=f"minimum: {number + 5}")
    assert refresh(night) == Refreshed(fresh=(10, 9), left_out=2)


def test_one_that_is_merged_meanwhile_keeps_the_comment_it_was_merged_with(night: Night) -> None:
    pull = propose(night, 7, alpha="minimum: 15")
    goes_up(night)
    before = comments(night)[7]
    listed = httpx.Response(200, json=[as_listed({**pull, "state": "open"})])
    pull["state"] = "closed"
    night.api.first.append(listed)
    assert refresh(night) == Refreshed()
    assert comments(night)[7] == before


def test_one_that_another_run_planned_later_is_left_with_that(night: Night) -> None:
    propose(night, 7, alpha="minimum: 15")
    goes_up(night)
    for one in night.api.comments:
        one["body"] = re.sub(r'"at": \d+', '"at": 9999999999', one["body"])
    before, status = comments(night)[7], night.api.statuses[night.tip("change-7")]
    assert refresh(night) == Refreshed()
    assert comments(night)[7] == before
    assert night.api.statuses[night.tip("change-7")] == status


def test_github_that_does_not_answer_is_told(night: Night) -> None:
    night.api.refused["pulls"] = httpx.Response(403, json={"message": "no"})
    assert "did not take GET pulls" in refresh(night).why
