"""``reconciler demo``: the whole story on a local BMS, nothing to set up."""

from __future__ import annotations

import tempfile
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import click

from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import terminal
from reconciler.report import apply_text, demo_text, drift_text
from reconciler.runs.rehearsal import Rehearsal
from reconciler.runs.stage import set_up


@click.command("demo")
@click.option(
    "--keep", type=click.Path(path_type=Path), metavar="DIR", help="Keep the files in DIR."
)
@common("text")
def command(options: Options, keep: Path | None) -> int:
    """Show the whole story on a BMS on this machine.

    Runs on a BMS on this machine with 62 made-up customers. Nothing leaves the machine.
    """
    with _folder(keep) as folder:
        return _tell(Path(folder), options, kept=keep is not None)


def _folder(keep: Path | None) -> AbstractContextManager[str]:
    if keep is not None:
        return nullcontext(str(keep))
    return tempfile.TemporaryDirectory(prefix="reconciler-demo-")


def _tell(folder: Path, options: Options, *, kept: bool) -> Exit:
    console = terminal(options)
    story = demo_text.Story(console)
    story.opening()
    with story.working("Setting up a BMS with 62 customers on this machine"):
        stage = set_up(folder)
    with Rehearsal(stage) as show:
        with story.working("Reading usage files"):
            pulled = show.pull()
        story.usage(pulled.readings, pulled.organizations, pulled.newest)
        with story.working("Reading contracts from BMS"):
            taken = show.learn_units()
        story.baseline(taken)
        with story.working("Planning"):
            plan = show.plan()
        story.plan(plan)
        approved = show.approve("new office, agreed with the customer")
        story.approved(approved)
        with story.working("Writing to BMS"):
            done = show.apply()
        story.applied(apply_text.summary(done.applied, plan.currency), len(done.applied))
        with story.working("Planning again"):
            again = show.plan()
        story.in_step(again)
        edited = show.edit_by_hand()
        with story.working("Looking for drift"):
            after = show.plan()
        story.drift(edited.service, edited.account, edited.before, edited.after)
        drift_text.render(after, console)
        story.ending(folder if kept else None)
        fits = demo_text.is_in_step(again) and not demo_text.is_in_step(after)
    return Exit.DONE if fits else Exit.FAILED
