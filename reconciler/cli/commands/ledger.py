"""``reconciler ledger``: the ledger and its branch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import note, write
from reconciler.cli.places import opened, shared
from reconciler.ledger.branch import SharedLedger
from reconciler.model.errors import WrongUsage
from reconciler.report.words import counted


@click.group("ledger")
def command() -> None:
    """The ledger, and the git branch that keeps it.

    With `ledger: {branch: NAME}` in billing.yaml every command that adds to the ledger brings it up
    to date first and pushes what it added; these commands do one or the other alone.
    """


@command.command("pull")
@common("text", config=True, ledger=True)
def pull(options: Options) -> int:
    """Bring this copy up to date with the branch."""
    with _shared(options) as ledger:
        ledger.pull()
        # All of a new copy comes with opening it.
        note(f"{_entries(ledger.received)} taken from {ledger.branch}")
    return Exit.DONE


@command.command("push")
@common("text", config=True, ledger=True)
def push(options: Options) -> int:
    """Send what the branch does not have."""
    with _shared(options) as ledger:
        note(f"{_entries(ledger.push())} sent to {ledger.branch}")
    return Exit.DONE


@command.command("check")
@common("text", config=True, ledger=True)
def check(options: Options) -> int:
    """Is the ledger in itself consistent? Exit code 3 where it is not."""
    with opened(options, create=False) as (_, ledger):
        wrong = ledger.check()
    for sentence in wrong:
        write(f"{sentence}\n")
    if not wrong:
        note(f"{ledger.where} is consistent")
    return Exit.PERSON if wrong else Exit.DONE


def _entries(rows: int) -> str:
    """Whichever way they go: readings, plans, writes, answers and what else is noted."""
    return counted(rows, "ledger entry", "ledger entries")


@contextmanager
def _shared(options: Options) -> Iterator[SharedLedger]:
    from reconciler.desired import load_counted

    state = load_counted(options.config)
    if state.ledger is None:
        raise WrongUsage(
            "the ledger is kept in its file alone",
            where=str(options.config / "billing.yaml"),
            remedy="name a branch with `ledger: {branch: reconciler-ledger}`",
        )
    with shared(options, state, offline=True) as ledger:
        yield ledger
