"""Merges from before the very first run, which takes the newest alone: said in their comments."""

from __future__ import annotations

from typing import Final

from reconciler.git import Revisions
from reconciler.github import GithubClient, GithubError, find, mark, says
from reconciler.report import comment_markdown, merge_status
from reconciler.runs.merged import Commits
from reconciler.runs.surroundings import Surroundings

TOLD: Final = "the first run begins after it; the daily run writes what modes and guards allow"
"""Of the commit before the first that is looked at, for the ledger."""

DETAIL: Final = "merged or pushed before"

MOST: Final = 20
"""So many commits that touch the configuration are looked at, the newest first."""


def tell(around: Surroundings, client: GithubClient, first: str, link: str) -> None:
    """Say on merged pull requests what becomes of them, as the run that begins with ``first`` does.

    Only where their comment still says that they wait: with another ledger they were written. It
    is no more than told, so what GitHub does not take now is left; a run that is ended and begun
    anew says it again.
    """
    revisions = Revisions(around.repository)
    status = merge_status.before_the_first_run(link)
    try:
        for commit in revisions.earlier(first, MOST):
            _tell(Commits(client, revisions), str(around.repository), commit, status)
    except GithubError:
        return


def _tell(commits: Commits, config: str, commit: str, status: str) -> None:
    pull, whole = commits.pull(commit)
    if pull is None or not whole:
        return
    tell_waiting(commits.client, config, pull.number, status)


def tell_waiting(client: GithubClient, config: str, number: int, status: str) -> None:
    """Say it in a pull request's comment, where that still says that it waits for its merge."""
    planned = find(client, number, config)
    if planned is not None and says(planned, comment_markdown.planned(planned.marker.head)):
        mark(client, planned, status)
