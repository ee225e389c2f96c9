"""Say on a pull request's newest commit how its plan came out, or that there is none."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reconciler.github import (
    Event,
    GithubClient,
    GithubError,
    Job,
    State,
    Status,
    editor,
    find,
    mark,
    set_status,
    status_of,
)
from reconciler.github.pulls import head_of, is_open
from reconciler.model.errors import ConfigError, PlanError
from reconciler.report import caused, comment_markdown, commit_status, retired, unread
from reconciler.report.plan_view import misfits
from reconciler.runs.newest import is_newer

if TYPE_CHECKING:
    from reconciler.engine.caused import Caused
    from reconciler.model.errors import ReconcilerError
    from reconciler.report.comment_markdown import Also

_NO_STATUS: Final = "the commit's status could not be set: {}"
_ENDED: Final = "the run ended before it had one, and its page says why"


def pending(job: Job, client: GithubClient, event: Event, config: Path) -> str:
    """That it is being planned, in place of what an earlier run said of the same commit.

    Here and below: that it could not be said, and why; empty where it was.
    """
    return _said(job, client, event, config, Status("pending", commit_status.PENDING))


def planned(
    job: Job,
    client: GithubClient,
    event: Event,
    config: Path,
    found: Caused,
    also: Also,
) -> str:
    """What merging writes. Changes that are held fail nothing: merging leaves them held."""
    plan = found.planned.plan
    wrong = plan.verdict == "nothing-checked" or misfits(plan.findings)
    state: State = "failure" if wrong else "success"
    beside = retired.in_short(also.retired)
    beside += ["changes readings"] if also.readings else []
    beside += [unread.in_short(also.unread)] if also.unread else []
    told = commit_status.planned(plan, (*beside, *caused.in_short(found)))
    return _said(job, client, event, config, Status(state, told))


def failed(
    job: Job, client: GithubClient, event: Event, config: Path, error: ReconcilerError
) -> str:
    """That there is no plan, and why; also in the comment, where an earlier plan has one."""
    with suppress(GithubError):
        _mark(job, client, event, config, error)
    state: State = "failure" if isinstance(error, ConfigError) else "error"
    return _said(job, client, event, config, Status(state, commit_status.failed(error)))


def ended(job: Job, client: GithubClient, event: Event, config: Path) -> str:
    """That there is no plan, where the run ended before it said anything. Of a commit that is not
    the newest any more nobody waits for one: the next one's run may have ended this."""
    try:
        told = status_of(client, event.head, str(config))
        waits = told is None or told[0].state == "pending"
        if not waits or head_of(client, event.number) != event.head:
            return ""
    except GithubError as error:
        return _NO_STATUS.format(error.message)
    return failed(job, client, event, config, PlanError(_ENDED))


def _mark(
    job: Job, client: GithubClient, event: Event, config: Path, error: ReconcilerError
) -> None:
    found = find(client, event.number, str(config))
    if found is None or not is_open(client, event.number):
        return
    head = found.marker.head
    if head != event.head and is_newer(client, config, event, head):
        return
    # Our own edit on top of another's would hide it from whoever merges what it says.
    if editor(client, found):
        return
    if head == event.head:
        mark(client, found, comment_markdown.not_again(event.head, error, job.link))
    else:
        status = comment_markdown.unplanned(event.head, error, job.link)
        mark(client, found, status, comment_markdown.outdated(event.head))


def _said(job: Job, client: GithubClient, event: Event, config: Path, status: Status) -> str:
    try:
        set_status(client, event.head, str(config), status, job.link)
    except GithubError as error:
        return _NO_STATUS.format(error.message)
    return ""
