"""``reconciler github drift``: look for drift, in a scheduled workflow."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from reconciler.cli.commands.drift import exit_of
from reconciler.cli.commands.github_opening import client_of, in_month, opened_or_said
from reconciler.cli.options import Options, common
from reconciler.cli.output import note, warn, write
from reconciler.report.drift_markdown import sentence
from reconciler.report.outside import plain

if TYPE_CHECKING:
    from reconciler.runs.proposing import Proposed


@click.command("drift")
@click.option("--label", "labels", multiple=True, help="For the issue; repeatable.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 10 while changes wait.")
@common("text", config=True, ledger=True)
def command(options: Options, labels: tuple[str, ...], *, detailed_exitcode: bool) -> int:
    """Find what was changed in BMS by hand, and keep one issue about it.

    Nothing is ever written to BMS. The issue tells apart what was changed by hand, what was merged
    and not applied, and what is due by usage or configuration. It is closed when BMS is in step
    again, and opened when it is not. With `on_drift: adopt`, edits that are clear are proposed in a
    pull request, as fixed units.

    A configuration or a ledger that cannot be opened is told in the month's issue of the daily run.

    Exit code as `reconciler drift`. What cannot be posted is a warning.
    """
    from reconciler.github import Job
    from reconciler.runs.drifting import Drifting

    job = Job.of(os.environ)
    with (
        client_of(job) as client,
        opened_or_said(options, in_month(options, job, client, "drift", labels)) as (
            around,
            ledger,
        ),
    ):
        found = Drifting(around, ledger, job, client, labels).run()
    # One line: a name that began one would be a command to the runner.
    write(f"{plain(sentence(found.apart))}\n")
    if found.apart.unsure is not None:
        warn(f"whether merged commits wait cannot be told: {found.apart.unsure}")
    if found.posted == "failed":
        warn(f"the issue could not be brought up to date: {found.why}")
    else:
        note(f"the issue: {found.posted}")
    _tell(found.adopted)
    return exit_of(found.apart.plan, detailed=detailed_exitcode)


def _tell(adopted: Proposed | None) -> None:
    if adopted is None or adopted.came == "none":
        return
    if adopted.came in ("failed", "theirs"):
        warn(f"the pull request that takes over edits: {adopted.why}")
    else:
        note(f"the pull request that takes over edits, #{adopted.number}: {adopted.came}")
    for one in adopted.unsaid:
        warn(f"#{adopted.number}: {one}")
