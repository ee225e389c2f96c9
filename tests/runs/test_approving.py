"""The form that adds the approval of what a pull request holds to the pull request."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from reconciler.git import GitError
from reconciler.github import GithubError
from reconciler.runs.approving import Approver, NothingHeld
from tests.github.api import REPOSITORY
from tests.ledger.branch.copies import git
from tests.runs.conftest import MakeWorld
from tests.runs.nightly import Night

NOVEMBER = date(2026, 11, 1)
GUARDS = "{percent: 30, percent_floor_units: 3, line: 500, account: 2000, run: 5000}"


@pytest.fixture
def night(make_world: MakeWorld) -> Night:
    night = Night(make_world(guards=GUARDS))
    night.daily()
    return night


def propose(night: Night, owner: str = REPOSITORY, **lines: str) -> dict[str, Any]:
    """A pull request of a person."""
    commit(night, "main", **lines)
    head = {"ref": "change", "repo": {"full_name": owner}}
    pull = {"number": 7, "state": "open", "head": head, "user": {"login": "maria"}}
    pull["base"] = {"ref": "main"}
    night.api.opened.append(pull)
    return pull


def commit(night: Night, start: str, **lines: str) -> None:
    """A person's commit on the branch, on top of what it starts from."""
    folder = night.world.folder
    git(folder, "checkout", "--quiet", "-B", "change", start)
    night.world.configure(**lines)
    git(folder, "commit", "--quiet", "--all", "--message", "A change")
    git(folder, "push", "--quiet", "origin", "HEAD:refs/heads/change")
    git(folder, "checkout", "--quiet", "main")


def approvals(night: Night) -> str:
    """The month's file on the branch."""
    git(night.world.folder, "fetch", "--quiet", "origin", "change")
    return git(night.world.folder, "show", "FETCH_HEAD:billing-config/approvals/2026-11-7.yaml")


def approve(night: Night, number: int = 7) -> None:
    world = night.world
    Approver(world.around, world.ledger, night.job(), night.client).approve(number, "new office")


def units(night: Night) -> tuple[int, int]:
    return night.world.units("alpha"), night.world.units("beta")


def test_what_is_approved_already_is_told_with_its_file(night: Night) -> None:
    propose(night, alpha="minimum: 30")
    approve(night)
    tip = night.tip("change")
    with pytest.raises(NothingHeld, match="what of #7 can be approved is approved already") as told:
        approve(night)
    assert told.value.message.endswith("in billing-config/approvals/2026-11-7.yaml")
    assert "merge it: nothing more of it waits" in str(told.value.remedy)
    assert night.tip("change") == tip


def test_who_approves_twice_is_not_told_to_merge_an_error(night: Night) -> None:
    account = night.world.config / "accounts" / "nobody.yaml"
    account.write_text("version: 1\naccount: Nobody\ncontracts: []\n", "utf-8")
    git(night.world.folder, "add", "--intent-to-add", str(account))
    propose(night, alpha="minimum: 30")
    approve(night)
    assert night.api.statuses[night.tip("change")]["state"] == "failure"
    assert_not_to_be_merged(night)


def test_who_approves_twice_is_not_told_to_merge_what_stays_held(make_world: MakeWorld) -> None:
    """The month of one contract was invoiced, and the policy leaves it as it is."""
    policy = "increase: period-start, late: hold"
    world = make_world(guards=GUARDS, policy=policy)
    world.service("gamma", contract="Other")
    world.row("gamma", 10)
    world.configure()
    world.baseline()
    night = Night(world)
    world.sandbox.add_invoice(world.contract, NOVEMBER, date(2026, 11, 30))
    night.daily()
    lines = {"alpha": f"{policy}, minimum: 30", "gamma": f"{policy}, minimum: 30"}
    propose(night, **lines)
    approve(night)
    assert "service: gamma" in approvals(night)
    assert "service: alpha" not in approvals(night)
    assert_not_to_be_merged(night)


def assert_not_to_be_merged(night: Night) -> None:
    with pytest.raises(NothingHeld, match="is approved already") as told:
        approve(night)
    assert "merge it:" not in str(told.value.remedy)
    assert "something else of it is to be mended before it is merged" in str(told.value.remedy)


def test_what_it_holds_is_approved_on_its_branch_and_written_by_its_merge(night: Night) -> None:
    propose(night, alpha="minimum: 30", beta="minimum: 11")
    before = git(night.world.folder, "rev-parse", "change")
    approve(night)
    assert units(night) == (10, 10), "nothing is written before the merge"
    file = approvals(night)
    assert file.count("change:") == 1
    assert "to_units: 30" in file
    assert "reason: new office" in file
    assert git(night.world.folder, "rev-parse", f"{night.tip('change')}^") == before
    (comment,) = night.reviewed
    assert "Merging this: 2 changes on 1 account" in comment
    assert night.api.statuses[night.tip("change")]["state"] == "success"
    assert night.merge(7).result == "written"
    assert units(night) == (30, 11)


def test_it_is_planned_as_it_would_be_merged(night: Night) -> None:
    """The main branch went on since the pull request began: its guards became narrower."""
    propose(night, alpha="minimum: 12")
    billing = night.world.config / "billing.yaml"
    narrow = billing.read_text("utf-8").replace(GUARDS, "{percent: 5, percent_floor_units: 0}")
    billing.write_text(narrow, "utf-8")
    night.commit("the main branch goes on")
    approve(night)
    assert "to_units: 12" in approvals(night)
    assert night.merge(7).result == "written"
    assert units(night) == (12, 10)


def test_what_usage_alone_would_move_is_not_approved_with_it(night: Night) -> None:
    night.usage(alpha={date(2026, 11, 20): 30})
    night.daily()
    propose(night, beta="minimum: 30")
    approve(night)
    assert approvals(night).count("service: ") == 1
    assert "service: beta" in approvals(night)


def test_what_its_merge_writes_anyway_is_not_approved(make_world: MakeWorld) -> None:
    night = Night(make_world(mode="propose", guards=GUARDS))
    night.daily()
    propose(night, alpha="minimum: 30", beta="minimum: 11")
    approve(night)
    assert approvals(night).count("service: ") == 1
    assert "service: alpha" in approvals(night)
    assert night.merge(7).result == "written"
    assert units(night) == (30, 11)


def test_approvals_that_its_branch_has_already_stay(night: Night) -> None:
    propose(night, alpha="minimum: 30")
    approve(night)
    commit(night, night.tip("change"), alpha="minimum: 30", beta="minimum: 30")
    approve(night)
    assert approvals(night).count("service: ") == 2
    assert night.merge(7).result == "written"
    assert units(night) == (30, 30)


def test_what_no_approval_lets_pass_is_not_approved(make_world: MakeWorld) -> None:
    """The month was invoiced, and the policy leaves it as it is."""
    policy = "increase: period-start, late: hold"
    night = Night(make_world(guards=GUARDS, policy=policy))
    night.world.sandbox.add_invoice(night.world.contract, NOVEMBER, date(2026, 11, 30))
    night.daily()
    propose(night, alpha=f"{policy}, minimum: 30")
    with pytest.raises(NothingHeld):
        approve(night)


def test_where_nothing_is_held_nothing_is_committed(night: Night) -> None:
    propose(night, alpha="minimum: 11")
    before = night.tip("change")
    with pytest.raises(NothingHeld, match="nothing that #7 causes waits for an approval"):
        approve(night)
    assert night.tip("change") == before


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"state": "closed"}, "#7 is not open"),
        ({"head": {"ref": "x", "repo": None}}, "from a fork"),
        ({"base": {"ref": "release"}}, "#7 is not for main"),
    ],
)
def test_only_an_open_pull_request_of_this_repository_takes_it(
    night: Night, more: dict[str, Any], told: str
) -> None:
    propose(night, alpha="minimum: 30").update(more)
    with pytest.raises(GithubError, match=told):
        approve(night)


def test_a_number_that_is_no_pull_request_is_said(night: Night) -> None:
    night.api.refused["pulls"] = httpx.Response(404, json={})
    with pytest.raises(GithubError, match="pulls/8"):
        approve(night, 8)


def test_a_pull_request_that_conflicts_is_told_to_be_mended(night: Night) -> None:
    propose(night, alpha="minimum: 30")
    night.world.configure(alpha="minimum: 40")
    night.commit("the same line on the main branch")
    with pytest.raises(GitError, match="cannot be merged: it conflicts"):
        approve(night)
