"""``reconciler github approve``: what a form does for a reviewer."""

from __future__ import annotations

import os

import click

from reconciler.cli.commands.github_opening import client_of
from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import warn, write
from reconciler.cli.places import opened
from reconciler.cli.reason import FILED_REASON
from reconciler.report.words import counted


@click.command("approve")
@click.option(
    "--pull", type=click.IntRange(min=1), required=True, help="The pull request's number."
)
@click.option("--reason", type=FILED_REASON, required=True, help="Why; it stands in the file.")
@common("text", config=True, ledger=True)
def command(options: Options, pull: int, reason: str) -> int:
    """Approve what a pull request holds, with a commit to its branch.

    Every change that it causes and that a guard holds is written, exact, into a file of its own on
    its branch, as approvals/2026-11-7.yaml for #7 in November. Its comment and its status are made
    anew, since a push of a workflow starts none. Whoever may merge it, approves: nothing is written
    before.
    """
    from reconciler.github import Job
    from reconciler.runs.approving import Approver

    job = Job.of(os.environ)
    with (
        opened(options) as (around, ledger),
        client_of(job) as client,
    ):
        said, held = Approver(around, ledger, job, client).approve(pull, reason)
    job.summarize(said.whole)
    them = "it" if len(held) == 1 else "them"
    write(f"{counted(len(held), 'change')} approved in #{pull}; merging it writes {them}\n")
    for one in said.unsaid:
        warn(one)
    return Exit.DONE
