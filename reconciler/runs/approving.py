"""Add the approval of what a pull request's changes hold to the pull request itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.desired.approving import drafted
from reconciler.engine.approvals import awaits_approval
from reconciler.git import Branch, Revisions
from reconciler.github import Event, GithubClient, Job
from reconciler.github.pulls import pull
from reconciler.ledger import Ledger
from reconciler.model.errors import ReconcilerError
from reconciler.model.plan import APPROVED, Change, Plan
from reconciler.report.plan_view import misfits
from reconciler.report.words import listed
from reconciler.runs.asked import PlanOptions, PlanRun
from reconciler.runs.commenting import Said, comment_on_pushed
from reconciler.runs.planning import plan
from reconciler.runs.surroundings import Surroundings
from reconciler.runs.trial_merge import trial_merge

_MERGE: Final = "merge it: nothing more of it waits for an approval"
_MEND: Final = (
    "its approval is there; something else of it is to be mended before it is merged, and its"
    " comment says what"
)


class NothingHeld(ReconcilerError):
    """The pull request causes nothing that waits for an approval."""


@dataclass(frozen=True, slots=True)
class Approver:
    """A job on the main branch, with its checkout."""

    around: Surroundings
    ledger: Ledger
    job: Job
    client: GithubClient

    def approve(self, number: int, reason: str) -> tuple[Said, Sequence[Change]]:
        """Commit the approvals to the pull request's branch, and plan it anew.

        What a push of a workflow does not start, its comment and its status, is written here.
        Raises NothingHeld, GithubError for a pull request that takes no commit, and GitError where
        its branch moved meanwhile.
        """
        found = pull(self.client, number, self.job.branch)
        revisions = Revisions(self.around.repository)
        branch = Branch(self.around.repository, found.head.ref)
        base, head = revisions.commit("HEAD"), branch.tip() or ""
        event = Event(number, base, head)
        with trial_merge(self.around, event) as around:
            asked = PlanOptions(keep=False, base=base, commit=head)
            run = plan(around, self.ledger, asked)
        made = run.planned.plan
        held = _held(run, number)
        # A file of its own: neither another pull request nor the night is in its way.
        name = f"approvals/{made.as_of:%Y-%m}-{number}.yaml"
        with revisions.at(head) as folder:
            text = drafted(folder, name, held, lambda _: reason)
        title = f"Approve {len(held)} change{'' if len(held) == 1 else 's'} of #{number}"
        if self.job.actor:
            title = f"{title}\n\nAsked for by {self.job.actor}"
        commit = branch.commit(head, {name: text.encode()}, title)
        event = Event(number, base, commit)
        with trial_merge(self.around, event) as around:  # what cannot be read is not pushed
            branch.push(commit)
            said = comment_on_pushed(
                around, self.ledger, self.job, self.client, event, parent=head, offline=False
            )
        return said, held


def _held(run: PlanRun, number: int) -> list[Change]:
    made = run.planned.plan
    held = [one for one in made.changes if one.standing == "held" and awaits_approval(one)]
    if not held and (files := _approved_in(made)):
        raise NothingHeld(
            f"what of #{number} can be approved is approved already, in {listed(files)}",
            remedy=f"{_MEND if _stuck(run) else _MERGE}. For another reason, change it in the file"
            " on its branch",
        )
    if not held:
        raise NothingHeld(
            f"nothing that #{number} causes waits for an approval",
            remedy="look at its comment: what else holds a change cannot be approved away",
        )
    return held


def _stuck(run: PlanRun) -> bool:
    """Is something of it left that an approval does not mend?"""
    made = run.planned.plan
    if made.verdict == "nothing-checked" or misfits(made.findings):
        return True
    amiss = run.caused is not None and (run.caused.unfit or run.caused.dropped.lost)
    return bool(amiss) or any(one.standing == "held" for one in made.changes)


def _approved_in(made: Plan) -> list[str]:
    """The files that approve changes of it. A price has another thing that lets it be written."""
    steps = (step for change in made.changes for step in change.steps if step.what == APPROVED)
    files = {step.value.partition(": ")[0] for step in steps}
    return sorted(file for file in files if "approvals/" in file)
