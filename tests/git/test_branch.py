"""The newest commit of a branch of the remote."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.git import Branch, GitError
from tests.ledger.branch.copies import git


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """Its branch ``ours`` has two commits beside those of ``main``; ``x/refs/heads/ours`` one."""
    folder = tmp_path / "remote"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    for branch in ("main", "main", "x/refs/heads/ours", "ours", "ours"):
        git(folder, "checkout", "--quiet", "-B", branch)
        git(folder, "commit", "--quiet", "--allow-empty", "--message", "one")
    return folder


def cloned(remote: Path, *options: str) -> Path:
    place = remote.with_name("clone")
    options = ("--quiet", "--branch", "main", "--single-branch", *options)
    git(remote, "clone", *options, remote.as_uri(), str(place))
    return place


def known(place: Path, commit: str | None) -> int:
    """How many commits the clone has up to that one."""
    return int(git(place, "rev-list", "--count", str(commit)))


def test_the_newest_is_fetched_and_no_branch_of_a_longer_name(remote: Path) -> None:
    place = cloned(remote)
    tip = Branch(place, "ours").tip()
    assert (tip, known(place, tip)) == (git(remote, "rev-parse", "ours"), 5)
    assert Branch(place, "heads/ours").tip() is None
    git(remote, "branch", "--quiet", "--delete", "--force", "x/refs/heads/ours")
    git(remote, "checkout", "--quiet", "main")
    git(remote, "branch", "--quiet", "--delete", "--force", "ours")
    assert Branch(place, "ours").tip() is None


def test_what_is_shallow_stays_so_only_where_history_is_not_looked_at(remote: Path) -> None:
    place = cloned(remote, "--depth=1")
    tip = Branch(place, "ours").tip(shallow=True)
    assert known(place, tip) == 1
    git(remote, "commit", "--quiet", "--allow-empty", "--message", "more")
    main = git(place, "rev-parse", "main")
    assert len(Branch(place, "ours").strangers(str(Branch(place, "ours").tip()), main)) > 1


def test_what_is_here_already_is_not_fetched(remote: Path) -> None:
    place = cloned(remote)
    tip = Branch(place, "ours").tip()
    git(place, "update-ref", "-d", "refs/reconciler/branch")
    assert Branch(place, "ours").tip() == tip
    assert git(place, "for-each-ref", "refs/reconciler") == ""


def test_a_remote_that_is_not_there_is_an_error(remote: Path) -> None:
    with pytest.raises(GitError, match="ls-remote failed"):
        Branch(cloned(remote), "ours", "nowhere").tip()
