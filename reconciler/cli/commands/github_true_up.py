"""``reconciler github true-up``: what a month comes to, in a scheduled workflow."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.commands.github_opening import client_of
from reconciler.cli.commands.plan import exit_of, save
from reconciler.cli.exits import Exit
from reconciler.cli.form import answer
from reconciler.cli.options import Options, common
from reconciler.cli.output import note, warn, write
from reconciler.cli.places import MONTH, opened

if TYPE_CHECKING:
    from reconciler.runs.proposing import Proposed


@click.command("true-up")
@click.option(
    "--month",
    metavar="YYYY-MM",
    type=MONTH,
    help="As 2026-11; the one that ends or has just ended.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Also save the plan as JSON.")
@common("text", config=True, ledger=True)
def command(options: Options, month: date | None, out: Path | None) -> int:
    """Show what a month comes to, and ask for its merge where billing.yaml wants one.

    Nothing is written to BMS, and BMS is not asked: the ledger's last readings and known state
    count. With `true_up: {by: pull-request}` one pull request names the month's changes, exactly,
    and is brought up to date by every run until it is merged; merging it lets them be written.

    The exit code is the plan's. What cannot be posted is a warning.
    """
    from reconciler.github import Job
    from reconciler.runs.monthly import Monthly

    job = Job.of(os.environ)
    with (
        opened(options) as (around, ledger),
        client_of(job) as client,
    ):
        shown = Monthly(around, ledger, job, client).run(month)
    if shown is None:
        nothing = "the month is over before billing starts: there is nothing to set"
        write(f"{nothing}\n")
        answer([nothing])
        return Exit.DONE
    if out is not None:
        save(shown.plan, out)
    if shown.request is not None:
        _tell(shown.request)
    return exit_of(shown.plan, detailed=False)


def _tell(request: Proposed) -> None:
    number = f" #{request.number}" if request.number is not None else ""
    if request.why:
        warn(f"the pull request{number} could not be brought up to date: {request.why}")
    else:
        note(f"the pull request{number}: {request.came}")
    for one in request.unsaid:
        warn(f"the pull request{number}: {one}")
