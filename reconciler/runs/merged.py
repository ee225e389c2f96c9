"""Which pull request a commit of the main line merged, and what that was merged onto."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from reconciler.git import Revisions
from reconciler.github import GithubClient

Pull: TypeAlias = Mapping[str, Any]

MOST_COMMITS: Final = 250
"""GitHub rebases no more at once."""


@dataclass(frozen=True, slots=True)
class Commits:
    """The main line of a repository, as GitHub knows where it came from."""

    client: GithubClient
    revisions: Revisions

    def pull(self, commit: str) -> tuple[Pull | None, bool]:
        """The commit's pull request, and whether it was merged with this commit.

        Rebasing brings several, and the last of them counts. None for a direct push.
        """
        pulls = self.client.pulls_of(commit)
        for pull in pulls:
            if pull.get("merge_commit_sha") == commit:
                return pull, True
        return (pulls[0] if pulls else None), False

    def base(self, commit: str, pull: Pull) -> str:
        """The commit of the main line before the first that the pull request brought."""
        for _ in range(MOST_COMMITS):
            commit = self.revisions.parents(commit)[0]
            theirs = self.client.pulls_of(commit)
            if all(one["number"] != pull["number"] for one in theirs):
                return commit
        return commit
