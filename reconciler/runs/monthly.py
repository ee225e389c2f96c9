"""The true-up of a month, in a job on GitHub: shown, and asked for where a merge must let it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from reconciler.engine.line_months import month_after
from reconciler.git import Revisions
from reconciler.github import GithubClient, Job
from reconciler.ledger import Ledger
from reconciler.model.plan import Plan
from reconciler.report import requested
from reconciler.report.outside import markdown
from reconciler.report.plan_markdown import SUMMARY_BYTES, render
from reconciler.runs.asked import PlanOptions, PlanRun
from reconciler.runs.asking import Asking
from reconciler.runs.looked_at import require_newest
from reconciler.runs.planning import plan
from reconciler.runs.proposing import Proposed, Proposer
from reconciler.runs.surroundings import Surroundings

BACK: Final = timedelta(days=7)
"""In the first days of a month it is still about the one before."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The month's plan, and its pull request; None where the schedule writes it."""

    plan: Plan
    request: Proposed | None


@dataclass(frozen=True, slots=True)
class Monthly:
    """One look at a month, from what the ledger knows: BMS is not asked."""

    around: Surroundings
    ledger: Ledger
    job: Job
    client: GithubClient

    def run(self, month: date | None = None) -> Shown | None:
        """Show the month, by its first day; the one that ends or has just ended without it.

        None where that is over before billing starts: there is nothing to set.
        """
        state = self.around.desired()
        wanted = month or (self.around.today(state) - BACK).replace(day=1)
        starts = state.billing_starts
        if month is None and starts is not None and month_after(wanted) <= starts:
            return None
        require_newest(self.ledger, Revisions(self.around.repository))
        run = self._planned(wanted)
        made = run.planned.plan
        if state.true_up.by == "schedule":
            self.job.summarize(render(made, limit=SUMMARY_BYTES))
            return Shown(made, None)
        request = self._ask(run)
        asks = request.request(f"{wanted:%Y-%m}")
        steps = () if asks is None else requested.instead(made, replace(asks, unsaid=()))
        self.job.summarize(render(made, limit=SUMMARY_BYTES, steps=steps))
        for one in request.unsaid:
            self.job.summarize(f"\n⚠️ #{request.number}: {markdown(one)}\n")
        return Shown(made, request)

    def ask(self, month: date) -> Proposed:
        """Bring the pull request of a month up to date."""
        return self._ask(self._planned(month))

    def _planned(self, month: date) -> PlanRun:
        asked = PlanOptions(offline=True, keep=False, true_up=month, commit=self.around.commit)
        return plan(self.around, self.ledger, asked)

    def _ask(self, run: PlanRun) -> Proposed:
        proposer = Proposer(self.around, self.ledger, self.job, self.client)
        planned = run.planned
        asking = Asking(proposer, run.remembered.done_changes)
        return asking.monthly(planned.plan, planned.examined.part.lapses)
