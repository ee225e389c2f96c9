"""Propose files in a pull request of ours, with the plan of its merge as its comment.

A pull request that a workflow opens starts no workflow: what they would say is said here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from reconciler.git import Branch, Revisions
from reconciler.github import Event, GithubClient, Job
from reconciler.github.pulls import (
    Pull,
    Wanted,
    close_pull,
    declined,
    find_pull,
    open_pull,
    retell,
)
from reconciler.ledger import Ledger
from reconciler.model.errors import ReconcilerError
from reconciler.report.daily import Request
from reconciler.runs import stating
from reconciler.runs.commenting import comment_on_pushed
from reconciler.runs.surroundings import Surroundings
from reconciler.runs.trial_merge import trial_merge

Came: TypeAlias = Literal[
    "created", "edited", "same", "closed", "none", "declined", "theirs", "failed"
]
"""declined: somebody closed it, and nothing changed since; theirs: somebody else committed to its
branch, so its files stay as they are."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of the pull request."""

    came: Came
    number: int | None = None
    why: str = ""
    """It failed, or stays as it is."""
    unsaid: tuple[str, ...] = ()
    """What could not be said on it, in a sentence each."""

    def request(self, month: str = "") -> Request | None:
        """For whoever may merge it; None where nothing is asked for."""
        if self.came in ("none", "closed"):
            return None
        state: Literal["open", "declined"] = "declined" if self.came == "declined" else "open"
        return Request(month, self.number, self.why, state, self.unsaid)


@dataclass(frozen=True, slots=True)
class Proposer:
    """Whoever opens pull requests: a job on the main branch, with its checkout."""

    around: Surroundings
    ledger: Ledger
    job: Job
    client: GithubClient

    def propose(self, wanted: Wanted, files: Mapping[str, bytes]) -> Proposed:
        """Have it open with these files, named from the configuration's folder.

        It is closed where the main branch has them already. What GitHub or git do not take is
        told, never raised: it must not undo what the run did before.
        """
        branch = Branch(self.around.repository, wanted.branch)
        try:
            base = Revisions(self.around.repository).commit("HEAD")
            if branch.has(base, files):
                return self._close(branch, "Nothing of this is left to do.")
            tip = branch.tip()
            if tip is not None and (found := branch.strangers(tip, base)):
                return self._left(wanted, branch, tip, found[0])
            return self._open(wanted, branch, base, tip, files)
        except ReconcilerError as error:
            return Proposed("failed", why=". ".join(filter(None, (error.message, error.remedy))))

    def _open(
        self, wanted: Wanted, branch: Branch, base: str, tip: str | None, files: Mapping[str, bytes]
    ) -> Proposed:
        if find_pull(self.client, branch.name) is None:
            # Who said no to these very numbers is not asked again.
            number = declined(self.client, wanted)
            if number is not None:
                return Proposed("declined", number, "it was closed and not merged")
        commit = tip
        if commit is None or not branch.has(commit, files):
            commit = branch.commit(base, files, wanted.title, tip)
            branch.push(commit)
        number, opened = open_pull(self.client, wanted)
        return Proposed(opened, number, unsaid=self._comment(Event(number, base, commit)))

    def _left(self, wanted: Wanted, branch: Branch, tip: str, commit: str) -> Proposed:
        there = find_pull(self.client, branch.name)
        why = f"its files stay as they are, because {commit[:12]} on {branch.name} is not ours"
        if there is None:
            return Proposed(
                "theirs", why=f"{why}. Delete that branch, and the next run makes it anew"
            )
        return Proposed("theirs", there.number, why, self._retold(wanted, there, tip))

    def _retold(self, wanted: Wanted, there: Pull, tip: str) -> tuple[str, ...]:
        """Have it tell what its branch has now; why it could not."""
        if wanted.retold is None:
            return ()
        try:
            with Revisions(self.around.repository).at(tip) as folder:
                retell(self.client, there, wanted, wanted.retold(folder))
        except ReconcilerError as error:
            return (f"its title and text may be those of before: {error.message}",)
        return ()

    def withdraw(self, branch: str, why: str) -> Proposed:
        """Close it, where it is open; ``why`` is said there."""
        try:
            return self._close(Branch(self.around.repository, branch), why)
        except ReconcilerError as error:
            return Proposed("failed", why=error.message)

    def _close(self, branch: Branch, why: str) -> Proposed:
        found = find_pull(self.client, branch.name)
        if found is None:
            return Proposed("none")
        close_pull(self.client, found, why)
        tip = branch.tip()
        base = Revisions(self.around.repository).commit("HEAD")
        if tip is not None and not branch.strangers(tip, base):
            branch.drop(tip)
        return Proposed("closed", found.number)

    def _comment(self, event: Event) -> tuple[str, ...]:
        """What merging it causes, over what is known now; what of that could not be said."""
        try:
            # The main branch may have gone on since the branch was made.
            with trial_merge(self.around, event) as around:
                return comment_on_pushed(
                    around, self.ledger, self.job, self.client, event, offline=True
                ).unsaid
        except ReconcilerError as error:
            config = self.around.repository
            unsaid = stating.failed(self.job, self.client, event, config, error)
            unplanned = f"what merging it writes could not be planned: {error.message}"
            return tuple(filter(None, (unplanned, unsaid)))
