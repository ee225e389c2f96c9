"""Plan a pull request and say it where it is reviewed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from reconciler import __version__
from reconciler.desired import addressed
from reconciler.engine.merged_prices import digest_of
from reconciler.github import Event, GithubClient, GithubError, Job, Marker, Posted, post
from reconciler.github.pulls import is_open
from reconciler.model.plan import Plan
from reconciler.report import comment_markdown
from reconciler.report.annotated import NOTHING, Annotated
from reconciler.report.comment_markdown import Also
from reconciler.report.plan_markdown import SUMMARY_BYTES
from reconciler.report.reached import Moved
from reconciler.report.replayed import whole as replayed_whole
from reconciler.runs import stating
from reconciler.runs.annotating import onto, remarks
from reconciler.runs.asked import PlanOptions
from reconciler.runs.edited_usage import edited_usage
from reconciler.runs.neighbours import state_others
from reconciler.runs.newest import is_newer
from reconciler.runs.planning import plan
from reconciler.runs.replaying import replayed
from reconciler.runs.retired import retired
from reconciler.runs.unread import unread

if TYPE_CHECKING:
    from reconciler.engine.caused import Caused
    from reconciler.ledger import Ledger
    from reconciler.runs.surroundings import Surroundings

PAST_BYTES: Final = 200_000
"""What past months take of a job's summary."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was planned, and whether it could be said."""

    plan: Plan
    whole: str
    """All of it, for a job's summary."""
    posted: Posted | Literal["closed", "failed"]
    """closed: the pull request is not open any more, and keeps what it was merged with."""
    unsaid: tuple[str, ...] = ()
    """What could not be said, and why: a sentence each, for whoever can read the run's page."""
    remarks: Annotated = NOTHING
    """What it finds on lines that the pull request changes."""

    def but(self, unsaid: str) -> Said:
        """That this could not be said either; empty where it was."""
        return replace(self, unsaid=(*self.unsaid, unsaid)) if unsaid else self


def comment(
    around: Surroundings,
    ledger: Ledger,
    job: Job,
    client: GithubClient,
    *,
    offline: bool = False,
) -> Said:
    """The plan of the pull request that the job is about, in its comment and the job's summary."""
    event = onto(around.repository, job.pull_request())
    said = comment_on(around, ledger, job, client, event, offline=offline)
    job.summarize(said.whole)
    return replace(said, remarks=remarks(around.config, event, said.plan.findings))


def comment_on(
    around: Surroundings,
    ledger: Ledger,
    job: Job,
    client: GithubClient,
    event: Event,
    *,
    offline: bool,
) -> Said:
    """The plan of a pull request as its comment, and in a line as its newest commit's status.

    ``around`` has the configuration as the pull request makes it. That it cannot be posted changes
    nothing about the plan. Where the same commit was looked at later, comment and status stay.
    """
    at = int(around.clock.now().timestamp())
    asked = PlanOptions(offline=offline, keep=False, base=event.base, commit=event.head)
    run = plan(around, ledger, asked)
    assert run.caused is not None
    assert run.base is not None
    past = replayed(around, ledger, run.state, run.base.state, run.as_of)
    moved = _reached(run.base.reached, addressed(around.config))
    gone = retired(around.repository, event, run.as_of)
    unseen = unread(around.repository, event)
    also = Also(moved, past, edited_usage(around, run.state, event), gone, unseen)
    found, text = run.planned.plan, _text(run.caused, event, job, also)
    whole = _whole(run.caused, event, job, also)
    marker = Marker(
        config=str(around.repository),
        plan=found.digest,
        base=event.base,
        head=event.head,
        as_of=found.as_of,
        version=__version__,
        run=job.run,
        prices=digest_of(run.caused.later),
        reverts=run.caused.reverts,
        at=at,
    )
    newer = partial(is_newer, client, around.repository, event)
    try:
        if not is_open(client, event.number):
            return Said(found, whole, "closed")
        said = Said(found, whole, post(client, event.number, marker, text, newer))
    except GithubError as error:
        unsaid = f"the comment could not be posted: {error.message}"
        said = Said(found, whole, "failed", (unsaid,))
    if said.posted == "older":
        return said
    return said.but(stating.planned(job, client, event, around.repository, run.caused, also))


def comment_on_pushed(
    around: Surroundings,
    ledger: Ledger,
    job: Job,
    client: GithubClient,
    event: Event,
    *,
    parent: str | None = None,
    offline: bool,
) -> Said:
    """The same for a head that this job pushed, and for the other configurations too: no workflow
    starts for it. ``parent``: as ``state_others`` has it.
    """
    said = comment_on(around, ledger, job, client, event, offline=offline)
    return said.but(state_others(job, client, around.repository, event, parent))


def _reached(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Moved, ...]:
    """What merging changes in how BMS is reached: nothing else says where passwords are sent."""
    names = dict.fromkeys([*before, *after])
    moved = (Moved(name, before.get(name), after.get(name)) for name in names)
    return tuple(one for one in moved if one.before != one.after)


def _text(caused: Caused, event: Event, job: Job, also: Also) -> Callable[[int], str]:
    status = comment_markdown.planned(event.head)
    return lambda limit: comment_markdown.render(caused, status, job.link, also, limit=limit)


def _whole(caused: Caused, event: Event, job: Job, also: Also) -> str:
    past = also.replayed
    months = "" if past is None else f"\n{replayed_whole(past, PAST_BYTES)}"
    room = SUMMARY_BYTES - len(months.encode())
    return _text(caused, event, job, replace(also, replayed=None))(room) + months
