"""Look for drift, and keep the one issue about it. Nothing here can write to BMS."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from reconciler.git import Revisions
from reconciler.github import GithubClient, GithubError, Job, Kept, Standing, Tag, keep
from reconciler.ledger import Ledger
from reconciler.model.errors import ReconcilerError
from reconciler.model.plan import Plan
from reconciler.report import drift_markdown
from reconciler.report.drift_markdown import Apart, Merged
from reconciler.report.plan_markdown import SUMMARY_BYTES
from reconciler.runs.adopting import Adopting
from reconciler.runs.asked import PlanOptions, PlanRun
from reconciler.runs.branches import own_title
from reconciler.runs.looked_at import last_looked_at
from reconciler.runs.planning import plan
from reconciler.runs.proposing import Proposed, Proposer
from reconciler.runs.surroundings import Surroundings

TITLE: Final = "Billing: BMS differs"


@dataclass(frozen=True, slots=True)
class Drifted:
    """What was found, and whether it could be said."""

    apart: Apart
    posted: Kept | Literal["failed"]
    why: str = ""
    """It could not be."""
    adopted: Proposed | None = None
    """What became of the pull request that takes over edits; None where none is wished or open."""


@dataclass(frozen=True, slots=True)
class Drifting:
    """One look for drift, in a job on GitHub."""

    around: Surroundings
    ledger: Ledger
    job: Job
    client: GithubClient
    labels: tuple[str, ...] = ()

    def run(self) -> Drifted:
        """Look, and tell it."""
        run = plan(self.around, self.ledger, PlanOptions(commit=self.around.commit))
        made = run.planned.plan
        at = int(self.around.clock.now().timestamp())
        # First: the issue names the pull request.
        adopted = self._adopted(run)
        offer = adopted.request() if adopted is not None else None
        apart = replace(self._apart(made), offer=offer)
        self.job.summarize(drift_markdown.summary(apart, SUMMARY_BYTES))
        wanted = Standing(
            Tag("drift", str(self.around.repository), "", at),
            title=own_title(self.around, TITLE),
            text=lambda limit: drift_markdown.render(apart, limit),
            end=f"\n<sub>As of {made.as_of}, by [this run]({self.job.link}).</sub>",
            news=drift_markdown.news(apart),
            open=apart.open,
            labels=self.labels,
        )
        try:
            return Drifted(apart, keep(self.client, wanted), adopted=adopted)
        except GithubError as error:
            return Drifted(apart, "failed", error.message, adopted)

    def _adopted(self, run: PlanRun) -> Proposed | None:
        adopting = Adopting(Proposer(self.around, self.ledger, self.job, self.client))
        if any(account.on_drift == "adopt" for account in run.state.accounts):
            edits = run.planned.examined.edits
            return adopting.propose(edits, run.state.currency, run.as_of)
        # What GitHub does not tell or take is no news where nobody wished it: the next run asks.
        gone = adopting.unwished()
        return gone if gone.came == "closed" else None

    def _apart(self, made: Plan) -> Apart:
        """With what was merged and not looked at; a repository that cannot tell is no reason not to
        look for drift."""
        before = last_looked_at(self.ledger)
        if before is None:
            return Apart(made)
        try:
            found = Revisions(self.around.repository).merged(before, "HEAD")
            if not found:
                return Apart(made)
            # From what was just read: BMS is not asked twice.
            asked = PlanOptions(as_of=made.as_of, offline=True, keep=False, base=before)
            caused = plan(self.around, self.ledger, asked).planned.plan.changes
        except ReconcilerError as error:
            return Apart(made, unsure=error.message)
        return Apart(made, tuple(Merged(*one) for one in found), caused)
