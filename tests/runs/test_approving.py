"""The form that adds the approval of what a pull request holds to the pull request."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.git import GitError
from reconciler.github import GithubError
from reconciler.runs.approving import Approver, NothingHeld
from tests.github.api import REPOSITORY
from tests.ledger.branch.copies import git
from tests.runs.conftest import MakeWorld
from tests.runs.nightly import Night

GUARDS = "{percent: 30, percent_floor_units: 3, line: 500, account: 2000, run: 5000}"


@pytest.fixture
def night(make_world: MakeWorld) -> Night:
    night = Night(make_world(guards=GUARDS))
    night.daily()
    return night


def propose(night: Night, owner: str = REPOSITORY, **lines: str) -> dict[str, Any]:
    """A pull request of a person."""
    folder = night.world.folder
    git(folder, "checkout", "--quiet", "-B", "change", "main")
    night.world.configure(**lines)
    git(folder, "commit", "--quiet", "--all", "--message", "A change")
    git(folder, "push", "--quiet", "origin", "HEAD:refs/heads/change")
    git(folder, "checkout", "--quiet", "main")
    head = {"ref": "change", "repo": {"full_name": owner}}
    pull = {"number": 7, "state": "open", "head": head, "user": {"login": "maria"}}
    pull["base"] = {"ref": "main"}
    night.api.opened.append(pull)
    return pull


def approve(night: Night, number: int = 7) -> None:
    world = night.world
    Approver(world.around, world.ledger, night.job(), night.client).approve(number, "new office")


def units(night: Night) -> tuple[int, int]:
    return night.world.units("alpha"), night.world.units("beta")


def test_what_it_holds_is_approved_on_its_branch_and_written_by_its_merge(night: Night) -> None:
    propose(night, alpha="minimum: 30", beta="minimum: 11")
    before = git(night.world.folder, "rev-parse", "change")
    approve(night)
    assert units(night) == (10, 10), "nothing is written before the merge"
    file = git(
        night.world.folder, "show", f"{night.tip('change')}:billing-config/approvals/2026-11.yaml"
    )
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
    """The main branch went on since the pull request began."""
    propose(night, alpha="minimum: 30")
    (night.world.config / "NOTES").write_text("x", "utf-8")
    night.commit("the main branch goes on")
    approve(night)
    assert night.merge(7).result == "written"
    assert units(night) == (30, 10)


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
    ],
)
def test_only_an_open_pull_request_of_this_repository_takes_it(
    night: Night, more: dict[str, Any], told: str
) -> None:
    propose(night, alpha="minimum: 30").update(more)
    with pytest.raises(GithubError, match=told):
        approve(night)


def test_a_number_that_is_no_pull_request_is_said(night: Night) -> None:
    with pytest.raises(GithubError, match="pulls/8"):
        approve(night, 8)


def test_a_pull_request_that_conflicts_is_told_to_be_mended(night: Night) -> None:
    propose(night, alpha="minimum: 30")
    night.world.configure(alpha="minimum: 40")
    night.commit("the same line on the main branch")
    with pytest.raises(GitError, match="cannot be merged: it conflicts"):
        approve(night)
