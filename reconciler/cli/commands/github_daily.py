"""``reconciler github daily``: the run of every day, in a scheduled workflow."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from reconciler.cli.commands.apply import exit_of as exit_of_apply
from reconciler.cli.commands.github_opening import client_of, in_month, opened_or_said
from reconciler.cli.exits import Exit, worst
from reconciler.cli.options import Options, common
from reconciler.cli.output import note, warn, write
from reconciler.model.errors import ReconcilerError
from reconciler.report import refreshed
from reconciler.report.daily import sentence
from reconciler.report.outside import inert, markdown, plain

if TYPE_CHECKING:
    from reconciler.github import Job
    from reconciler.report.refreshed import Refreshed
    from reconciler.runs.daily import Told


@click.command("daily")
@click.option("--label", "labels", multiple=True, help="For the month's issue; repeatable.")
@click.option(
    "--merges",
    type=click.Choice(["success", "failure", "cancelled", "skipped"]),
    default="success",
    show_default=True,
    help="How `reconciler github apply` ended before: otherwise nothing is written.",
)
@common("text", config=True, ledger=True)
def command(options: Options, labels: tuple[str, ...], merges: str) -> int:
    """Read usage, write what modes and guards allow, and report it.

    For a scheduled workflow. The job's summary has all of it; on GitHub there is one issue a month,
    with a comment on days when something was written, needs a person, or a source was silent. At
    the end of a run that did its work, the address in RECONCILER_HEARTBEAT is requested, if set.
    Open pull requests are planned again, so that their comments say what merging them writes now.

    A configuration or a ledger that cannot be opened is told in the month's issue too.

    Exit code as `reconciler apply`, and 1 where a source failed. What cannot be posted is a
    warning.
    """
    from reconciler.github import Job
    from reconciler.runs.heartbeat import beat

    job = Job.of(os.environ)
    try:
        told = _run(options, job, labels, merged=merges == "success")
    except ReconcilerError as error:
        job.summarize(f"## ❌ The daily run did not come to its end: {markdown(error.message)}\n")
        raise
    if told.day.failed is not None:
        raise told.day.failed
    if told.day.stopped is None and (why := beat(os.environ)):
        warn(why)
    return _exit_of(told)


def _run(options: Options, job: Job, labels: tuple[str, ...], *, merged: bool) -> Told:
    from reconciler.runs.daily import Daily, MergesWait
    from reconciler.runs.refreshing import Refresher

    held = MergesWait(
        "what was merged could not all be looked at and written, and comes before what the night"
        " writes",
        remedy="the step before it says why; the next run takes what was merged, and this day too",
    )
    with (
        client_of(job) as client,
        opened_or_said(options, in_month(options, job, client, "daily", labels)) as (
            around,
            ledger,
        ),
    ):
        told = Daily(around, ledger, job, client, labels, None if merged else held).run()
        write(f"{plain(sentence(told.day))}\n")
        if told.posted == "failed":
            warn(f"the day's comment could not be posted: {told.why}")
        else:
            note(f"the day's comment: {told.posted}")
        for one in told.day.requests:
            for unsaid in one.unsaid:
                warn(f"#{one.number}: {unsaid}")
        done = {one.number for one in told.day.requests if one.number and not one.why}
        _tell(job, Refresher(around, ledger, job, client).refresh(done))
    return told


def _tell(job: Job, found: Refreshed) -> None:
    job.summarize(refreshed.section(found))
    for line in refreshed.lines(found):
        note(inert(line))
    for line in refreshed.failures(found):
        warn(line)


def _exit_of(told: Told) -> Exit:
    exits = [Exit.FAILED if told.day.silent else Exit.DONE]
    if told.run is not None:
        exits.append(exit_of_apply(told.run))
    return worst(exits)
