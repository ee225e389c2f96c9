"""Which pull request a commit of the main line merged, and what that was merged onto."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from reconciler.git import GitError, Revisions
from reconciler.github import GithubClient, PullRequest

MOST_COMMITS: Final = 250
"""GitHub rebases no more at once."""


INDEXING: Final = (2.0, 4.0, 8.0, 16.0)
"""GitHub knows which pull request brought a commit some seconds after the merge, at times."""


@dataclass(frozen=True, slots=True)
class Commits:
    """The main line of a repository, as GitHub knows where it came from."""

    client: GithubClient
    revisions: Revisions
    pauses: list[float] = field(default_factory=list)
    """Before a commit counts as pushed directly. A run pauses once for all commits that it has:
    each is older than that then."""

    def pull(self, commit: str) -> tuple[PullRequest | None, bool]:
        """The commit's pull request, and whether it was merged with this commit.

        Rebasing brings several, and the last of them counts. None for a direct push.
        """
        pulls = self.client.pulls_of(commit)
        while not pulls and self.pauses:
            self.client.sleep(self.pauses.pop(0))
            pulls = self.client.pulls_of(commit)
        for pull in pulls:
            if pull.merge_commit_sha == commit:
                return pull, True
        return (pulls[0] if pulls else None), False

    def base(self, commit: str, pull: PullRequest) -> str:
        """The commit of the main line before the first that the pull request brought."""
        for _ in range(MOST_COMMITS):
            before = self.revisions.parents(commit)
            if not before:
                raise GitError(
                    f"this clone has nothing before commit {commit[:12]}, so what pull request"
                    f" #{pull.number} changed is not known",
                    remedy="fetch the whole history: `fetch-depth: 0` in `actions/checkout`",
                )
            commit = before[0]
            theirs = self.client.pulls_of(commit)
            if all(one.number != pull.number for one in theirs):
                return commit
        return commit
