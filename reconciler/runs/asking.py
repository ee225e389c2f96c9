"""Ask for approval of what waits for it, in a pull request that is brought up to date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from reconciler.desired.approving import drafted, not_approved
from reconciler.engine.approvals import awaits_approval
from reconciler.engine.lapses import Lapse
from reconciler.engine.unmerged import is_true_up
from reconciler.github import Tag
from reconciler.github.pulls import Retold, Wanted
from reconciler.model.plan import Change, Plan
from reconciler.report import asking_markdown
from reconciler.report.asking_markdown import Asked
from reconciler.runs.branches import own_branch, own_title
from reconciler.runs.proposing import Proposed, Proposer

if TYPE_CHECKING:
    from pathlib import Path

    from reconciler.github.tag import Kind
    from reconciler.model.finding import Finding

AHEAD: Final = timedelta(days=7)
"""A period is asked for in its last days; before, its numbers are hardly more than a guess."""


@dataclass(frozen=True, slots=True)
class Asking:
    """``done``: how often each change was written before, by its id."""

    proposer: Proposer
    done: Mapping[str, int]

    def nightly(
        self, plan: Plan, lapses: Sequence[Lapse] = (), news: Sequence[Finding] = ()
    ) -> Proposed:
        """For what the daily run may not write. A month's true-up has a pull request of its own.

        ``news``: what nobody was told on an earlier day.
        """
        waiting = [one for one in self._waiting(plan) if not self._is_true_up(one)]
        branch = own_branch(self.proposer.around, "approvals")
        if not waiting:
            return self.proposer.withdraw(branch, asking_markdown.over(news))
        asked = asking_markdown.nightly(plan, waiting, lapses)
        return self._ask(branch, f"{plan.as_of:%Y-%m}", asked, "approvals")

    def monthly(self, plan: Plan, lapses: Sequence[Lapse] = ()) -> Proposed:
        """For the true-up of a month: of periods that are over, or soon will be."""
        assert plan.true_up is not None
        month = plan.true_up.month
        branch = own_branch(self.proposer.around, f"true-up-{month}")
        waiting = [one for one in self._waiting(plan) if _is_near(one, plan.as_of)]
        waiting = [one for one in waiting if self._is_true_up(one)]
        if not waiting:
            why = f"Nothing of {month} waits for its merge any more."
            return self.proposer.withdraw(branch, why)
        rule = self.proposer.around.desired().true_up
        asked = asking_markdown.monthly(plan, waiting, rule.if_unmerged, lapses)
        # A file of its own: what the nights ask for is never in its way.
        return self._ask(branch, f"{month}-true-up", asked, "true-up")

    def _is_true_up(self, change: Change) -> bool:
        return is_true_up(change, self.proposer.around.desired())

    def _waiting(self, plan: Plan) -> list[Change]:
        waiting = [change for change in plan.changes if awaits_approval(change)]
        return not_approved(self.proposer.around.config, waiting, self.done)

    def _ask(self, branch: str, name: str, asked: Asked, kind: Kind) -> Proposed:
        around, job = self.proposer.around, self.proposer.job
        file = f"approvals/{name}.yaml"
        text = drafted(around.config, file, asked.changes, asking_markdown.reason)
        at = int(around.clock.now().timestamp())
        wanted = Wanted(
            branch=branch,
            base=job.branch,
            tag=Tag(kind, str(around.repository), name, at),
            title=own_title(self.proposer.around, asked.title),
            text=asked.text,
            end=f"\n<sub>By [this run]({job.link}).</sub>",
            retold=lambda folder: self._retold(folder, asked),
        )
        return self.proposer.propose(wanted, {file: text.encode()})

    def _retold(self, folder: Path, asked: Asked) -> Retold:
        """By the approvals of a branch that somebody else committed to."""
        left = not_approved(folder, asked.changes, self.done)
        told = asking_markdown.on_branch(asked, left)
        return Retold(own_title(self.proposer.around, told.title), told.text)


def _is_near(change: Change, as_of: date) -> bool:
    return change.month_end is not None and change.month_end - as_of <= AHEAD
