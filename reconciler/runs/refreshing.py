"""Plan open pull requests again, once a run has changed what they are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reconciler.git import Branch, Revisions
from reconciler.github import Event, GithubClient, Job, find
from reconciler.github.pulls import is_open, open_pulls
from reconciler.ledger import Ledger
from reconciler.model.errors import ReconcilerError
from reconciler.report.refreshed import Refreshed
from reconciler.runs import stating
from reconciler.runs.commenting import comment_on
from reconciler.runs.surroundings import Surroundings
from reconciler.runs.trial_merge import trial_merge

if TYPE_CHECKING:
    from collections.abc import Set

MOST: Final = 20
"""So many are planned in one run, the newest first."""
_LEFT: Final = ("closed", "older", "superseded")


@dataclass(frozen=True, slots=True)
class Refresher:
    """A job on the main branch, with its checkout."""

    around: Surroundings
    ledger: Ledger
    job: Job
    client: GithubClient

    def refresh(self, done: Set[int] = frozenset()) -> Refreshed:
        """Bring comment and status of every open pull request that has a comment up to date.

        ``done``: those that the run brought up to date itself. What cannot be planned is said
        there, and nothing is raised: it must not undo what the run did before.
        """
        fresh: list[int] = []
        failed: list[tuple[int, str]] = []
        left_out = 0
        try:
            for one in open_pulls(self.client, self.job.branch):
                if len(fresh) + len(failed) == MOST:
                    left_out += 1
                elif one.number not in done and self._has_comment(one.number):
                    why = self._planned(one.number, one.branch)
                    if why:
                        failed.append((one.number, why))
                    elif why is not None:
                        fresh.append(one.number)
        except ReconcilerError as error:
            return Refreshed(tuple(fresh), tuple(failed), left_out, error.message)
        return Refreshed(tuple(fresh), tuple(failed), left_out)

    def _has_comment(self, number: int) -> bool:
        """One that was never planned is left to its own run."""
        return find(self.client, number, str(self.around.repository)) is not None

    def _planned(self, number: int, branch: str) -> str | None:
        """Why it could not be planned or said; empty where it was; None where it is closed now, or
        was planned by another run meanwhile."""
        revisions = Revisions(self.around.repository)
        head = Branch(self.around.repository, branch).tip()
        # What was merged meanwhile keeps the comment that it was merged with.
        if head is None or not is_open(self.client, number):
            return None
        event = Event(number, revisions.commit("HEAD"), head)
        try:
            with trial_merge(self.around, event) as around:
                said = comment_on(around, self.ledger, self.job, self.client, event, offline=True)
        except ReconcilerError as error:
            config = self.around.repository
            unsaid = stating.failed(self.job, self.client, event, config, error)
            return "; ".join(filter(None, (error.message, unsaid)))
        return None if said.posted in _LEFT else "; ".join(said.unsaid)
