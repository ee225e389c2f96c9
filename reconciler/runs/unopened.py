"""Say on GitHub that a run could not begin: its configuration or its ledger cannot be opened.

Nothing is known then but where the configuration lies, so a day is one of UTC.
"""

from __future__ import annotations

from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING

from reconciler.github import Entry, GithubClient, GithubError, Job, Month, Tag, enter
from reconciler.github.issues import comment, create_comment
from reconciler.github.once import within
from reconciler.report import daily_markdown, not_begun
from reconciler.runs.branches import own_title

if TYPE_CHECKING:
    from reconciler.model.errors import ReconcilerError
    from reconciler.runs.surroundings import Surroundings


def in_month(
    around: Surroundings,
    job: Job,
    client: GithubClient,
    what: str,
    error: ReconcilerError,
    labels: tuple[str, ...] = (),
) -> str:
    """In the month's issue, once a day; never in place of what the day's own comment says.

    Why it could not be said; empty where it was.
    """
    now, config = around.clock.now().astimezone(UTC), str(around.repository)
    named, at = f"{now:%Y-%m}", int(now.timestamp())
    month = Month(
        Tag("month", config, named, at),
        title=own_title(around, f"Billing {named}"),
        body=daily_markdown.month(None, config),
        labels=labels,
    )
    entry = Entry(
        Tag("day", config, f"{now:%Y-%m-%d} {what}", at),
        text=partial(not_begun.render, what, error),
        end=f"\n[The run]({job.link})",
        notable=True,
    )
    try:
        enter(client, month, entry)
    except GithubError as failed:
        return failed.message
    return ""


def on_pull_request(
    around: Surroundings, job: Job, client: GithubClient, error: ReconcilerError
) -> str:
    """On the pull request that was just merged, beside the comment with its plan. As above."""
    commit, config = job.commit or "", str(around.repository)
    tag = Tag("not-begun", config, commit, int(around.clock.now().timestamp()))

    def say(number: int, limit: int) -> None:
        text = tag.body(
            partial(not_begun.render, "apply", error), f"\n[The run]({job.link})", limit
        )
        create_comment(client, number, tag, text)

    try:
        for pull in client.pulls_of(commit)[:1]:
            if comment(client, pull.number, tag) is None:
                within(partial(say, pull.number))
    except GithubError as failed:
        return failed.message
    return ""
