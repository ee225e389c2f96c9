"""Merges that nobody looked at before the main line was rewritten: said in their comments."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from typing import Final

from reconciler.git import GitError, Revisions
from reconciler.github import GithubClient, GithubError, PullRequest
from reconciler.ledger import Ledger
from reconciler.report import merge_status
from reconciler.runs import untold
from reconciler.runs.before_first import tell_waiting
from reconciler.runs.surroundings import Surroundings

MOST: Final = 50
"""So many closed pull requests are looked at, the newest first."""


def is_rewritten(revisions: Revisions, before: str, last: str) -> bool:
    """Does the line that was looked at up to ``before`` not lead to ``last``, nor back from it?"""
    try:
        return revisions.merge_base(before, last) not in (before, revisions.commit(last))
    except GitError:
        return True  # what was looked at is not here any more


def tell(
    around: Surroundings, ledger: Ledger, client: GithubClient, coming: Collection[str], link: str
) -> None:
    """Only where the comment still says that it waits, and no run has another word for it.
    ``coming``: commits that are looked at after this. As it is no more than told, what GitHub does
    not take is left.
    """
    status, kept = merge_status.rewritten(link), untold.numbers(ledger)
    query = {"state": "closed", "sort": "updated", "direction": "desc"}
    try:
        for pull in islice(client.pages("pulls", PullRequest, **query), MOST):
            ours = pull.merged_at is not None and pull.merge_commit_sha not in coming
            if ours and pull.number not in kept:
                tell_waiting(client, str(around.repository), pull.number, status)
    except GithubError:
        return
