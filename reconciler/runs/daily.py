"""The daily run: usage, plan, what may be written, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

from reconciler import __version__
from reconciler.engine.unmerged import is_true_up
from reconciler.git import Revisions
from reconciler.github import Entered, Entry, GithubClient, GithubError, Job, Month, Tag, enter
from reconciler.ledger import Ledger, Run
from reconciler.model.errors import ReconcilerError, SourceError
from reconciler.report import daily_markdown
from reconciler.report.daily import Day, Request, Silent, sentence
from reconciler.runs import late_news
from reconciler.runs.applying import ApplyOptions, ApplyRun, apply
from reconciler.runs.asking import Asking
from reconciler.runs.branches import own_title
from reconciler.runs.looked_at import require_newest
from reconciler.runs.monthly import Monthly
from reconciler.runs.news import News
from reconciler.runs.proposing import Proposer
from reconciler.runs.surroundings import Surroundings
from reconciler.runs.written_today import written_today
from reconciler.usage import BadRows, PullReport, overlooked, pull

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconciler.model.desired import DesiredState
    from reconciler.model.finding import Finding
    from reconciler.model.plan import Plan

KIND: Final = "daily"
RECENT: Final = 10_000
_UNNOTICED: Final = ("edited", "same")
"""How a comment that is there is left. GitHub tells nobody of what it says now."""


class MergesWait(ReconcilerError):
    """What was merged comes before what the night writes, and is not done."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a daily run came to, and whether it could be said."""

    day: Day
    run: ApplyRun | None
    posted: Entered | Literal["failed"]
    why: str = ""
    """It could not be."""


@dataclass(frozen=True, slots=True)
class Daily:
    """One daily run, in a job on GitHub."""

    around: Surroundings
    ledger: Ledger
    job: Job
    client: GithubClient
    labels: tuple[str, ...] = ()
    held: ReconcilerError | None = None
    """Why nothing may be written today. Usage is read all the same: later it may be gone."""

    def run(self) -> Told:
        """Do the day's work, and tell it. A failure of the work is told too, as ``day.failed``."""
        state = self.around.desired()
        today = self.around.today(state)
        pulled, run, failed = PullReport(()), None, None
        try:
            require_newest(self.ledger, Revisions(self.around.repository))
            now = self.around.clock.now()
            pulled = pull(state.sources, self.around.config, self.ledger, today, now)
            if self.held is not None:
                raise self.held
            run = apply(self.around, self.ledger, self._asked())
            today = run.found.as_of if run is not None else today
        except ReconcilerError as error:
            failed = error
        applied = run.applied if run is not None else ()
        day = Day(
            as_of=today,
            currency=state.currency,
            before=self._before(today),
            applied=written_today(self.around, self.ledger, state, today, applied),
            silent=tuple(_silent(pulled)),
            noticed=self._noticed(today),
            news=News(self.ledger, today).of(run.found) if run is not None else (),
            plan=run.found if run is not None else None,
            stopped=run.stopped if run is not None else None,
            failed=failed,
            overlooked=tuple(overlooked([s.path for s in state.sources], self.around.config)),
        )
        if failed is None:
            self._keep(day, state)
            day = replace(day, requests=tuple(self._requests(run, state, day.news)))
        self.job.summarize(daily_markdown.summary(day))
        return self._told(day, run, state)

    def _requests(
        self, run: ApplyRun | None, state: DesiredState, news: Sequence[Finding]
    ) -> Iterator[Request]:
        """For what waits for approval, and for each month whose true-up waits for its merge."""
        if run is None:
            return
        proposer = Proposer(self.around, self.ledger, self.job, self.client)
        done = self.ledger.remember().done_changes
        made = [("", Asking(proposer, done).nightly(run.found, run.lapses, news))]
        month = Monthly(self.around, self.ledger, self.job, self.client)
        made += [(f"{one:%Y-%m}", month.ask(one)) for one in _months(run.found, state)]
        yield from (one for name, came in made if (one := came.request(name)) is not None)

    def _asked(self) -> ApplyOptions:
        who = self.job.workflow or "the schedule"
        return ApplyOptions(who, "schedule", commit=self.around.commit)

    def _before(self, today: date) -> date | None:
        """The day of the last run that was no attempt of this day's."""
        runs = (one for one in self.ledger.history(RECENT) if one.kind == KIND)
        return max((one.as_of for one in runs if one.as_of < today), default=None)

    def _noticed(self, today: date) -> tuple[tuple[str, str], ...]:
        """What was noticed since the day before was told: no later plan has it."""
        found, told = set(), False
        for run in self.ledger.history(RECENT):
            told = run.kind == KIND and run.as_of < today
            if told:
                break
            if run.kind == "noticed":
                found.add((run.as_of, run.detail, run.outcome))
        since = [one for one in sorted(found) if told or one[0] == today]
        return tuple((code, message) for _, code, message in since)

    def _keep(self, day: Day, state: DesiredState) -> None:
        self.ledger.append_run(
            Run(
                kind=KIND,
                at=self.around.clock.now(),
                version=__version__,
                config=state.digest,
                commit=self.around.commit,
                as_of=day.as_of,
                outcome=sentence(day),
            )
        )

    def _told(self, day: Day, run: ApplyRun | None, state: DesiredState) -> Told:
        config, named = str(self.around.repository), f"{day.as_of:%Y-%m}"
        at = int(self.around.clock.now().timestamp())
        month = Month(
            Tag("month", config, named, at),
            title=own_title(self.around, f"Billing {named}"),
            body=daily_markdown.month(state.tenant, config),
            labels=self.labels,
        )
        entry = Entry(
            Tag("day", config, day.as_of.isoformat(), at),
            text=lambda limit: daily_markdown.render(day, limit),
            end=f"\n[The run]({self.job.link}) has the whole plan in its summary.",
            notable=day.notable,
        )
        news = News(self.ledger, day.as_of)
        try:
            posted = enter(self.client, month, entry)
            if run is not None and posted in _UNNOTICED:
                late_news.tell(self.client, month, day, news.since(run.found), entry.end)
        except GithubError as error:
            return Told(day, run, "failed", error.message)
        now = self.around.clock.now()
        news.keep(day.news, now, state.digest, self.around.commit)
        return Told(day, run, posted)


def _months(found: Plan, state: DesiredState) -> list[date]:
    """The months of true-ups that are over and not merged."""
    ends = {
        change.month_end
        for change in found.changes
        if change.standing == "held" and change.month_end and is_true_up(change, state)
    }
    return sorted({(end - timedelta(days=1)).replace(day=1) for end in ends})


def _silent(pulled: PullReport) -> list[Silent]:
    return [
        Silent(one.source, _why(one.source, one.failed), _mistakes(one.failed))
        for one in pulled.failed
        if one.failed is not None
    ]


def _why(source: str, failed: SourceError) -> str:
    where = None if failed.where == source else failed.where
    return ": ".join(filter(None, (where, failed.message)))


def _mistakes(failed: SourceError) -> tuple[str, ...]:
    return tuple(map(str, failed.problems)) if isinstance(failed, BadRows) else ()
