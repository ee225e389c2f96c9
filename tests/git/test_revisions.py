"""What the repository says of its commits."""

from __future__ import annotations

from pathlib import Path

from reconciler.git import Revisions
from tests.ledger.branch.copies import git


def test_messages_are_those_of_all_commits_between_two(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    said = ["Begin", "An edit\n\nwith a body, and ünïcode", "Another"]
    for message in said:
        git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", message)
    revisions = Revisions(tmp_path)
    assert [one.strip() for one in revisions.messages("HEAD~2", "HEAD")] == said[1:]
    assert revisions.messages("HEAD", "HEAD") == []
    assert revisions.messages("HEAD", "HEAD~1") == []
