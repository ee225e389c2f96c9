"""What a commit of the main line was merged onto."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.git import GitError, Revisions
from reconciler.github import GithubClient
from reconciler.runs.merged import Commits
from tests.github.api import REPOSITORY, TOKEN, Api
from tests.ledger.branch.copies import git


def test_a_clone_without_the_commit_before_a_merge_is_told_as_such(tmp_path: Path) -> None:
    whole, shallow = tmp_path / "whole", tmp_path / "shallow"
    whole.mkdir()
    git(whole, "init", "--quiet", "--initial-branch=main")
    for message in ("begin", "merge it"):
        git(whole, "commit", "--quiet", "--allow-empty", "--message", message)
    git(tmp_path, "clone", "--quiet", "--depth=1", whole.as_uri(), str(shallow))
    api, merge = Api(), git(whole, "rev-parse", "HEAD")
    api.merge(merge, 7)
    client = GithubClient("https://api.example.test", REPOSITORY, TOKEN, api, lambda _: None)
    pull, _ = Commits(client, Revisions(whole)).pull(merge)
    assert pull is not None
    before = Commits(client, Revisions(whole)).base(merge, pull)
    assert before == git(whole, "rev-parse", "HEAD~1")
    with pytest.raises(GitError, match="nothing before commit") as raised:
        Commits(client, Revisions(shallow)).base(merge, pull)
    assert "fetch-depth: 0" in (raised.value.remedy or "")
