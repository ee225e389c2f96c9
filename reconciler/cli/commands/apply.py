"""``reconciler apply``: write to BMS what was reviewed, or what is confirmed now."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import click

from reconciler.apply.moments import Moment, Watch, nobody
from reconciler.cli.exits import Exit, worst
from reconciler.cli.options import Options, common
from reconciler.cli.output import attended, messages, note, terminal, write
from reconciler.cli.places import opened, read_plan
from reconciler.model.plan import Change, Plan
from reconciler.report import apply_text, plan_text
from reconciler.report.apply_text import ApplyProgress
from reconciler.report.outside import plain
from reconciler.report.sentences import correcting
from reconciler.report.words import counted
from reconciler.runs.applying import ApplyOptions, ApplyRun, How, apply
from reconciler.runs.holder import login
from reconciler.runs.learning import noticed

NOT_WRITTEN: Final = ("person-needed", "nothing-checked")
"""Verdicts of plans that leave something to a person, whatever was written."""


@click.command("apply")
@click.argument("plan", type=click.Path(path_type=Path), required=False)
@click.option("--account", "accounts", multiple=True, help="Only this account; repeatable.")
@click.option(
    "--correct",
    "refs",
    multiple=True,
    metavar="REF",
    help="Only take back this write, or all writes of this plan, at their own days, whatever the"
    " policy says; repeatable.",
)
@click.option(
    "--yes", is_flag=True, help="Do not ask. Approves what is proposed, as the answer yes would."
)
@click.option(
    "--unattended",
    is_flag=True,
    help="As the schedule does: what modes and guards let through, and what was approved.",
)
@click.option("--who", default=login, help="Who approves; for the ledger.")
@common("text", "json", config=True, ledger=True)
def command(
    options: Options,
    plan: Path | None,
    accounts: tuple[str, ...],
    refs: tuple[str, ...],
    who: str,
    *,
    yes: bool,
    unattended: bool,
) -> int:
    """Write changes to BMS.

    With PLAN, a plan saved by `reconciler plan --out`, exactly what it says is written, or nothing
    if that is no longer what would be written. Without it the plan is made now and shown.
    """
    if plan is not None and unattended:
        raise click.UsageError("a saved plan is a person's approval; leave out --unattended")
    if refs and (plan is not None or unattended):
        raise click.UsageError("a correction is its own plan, approved by a person who asks for it")
    reviewed = read_plan(plan) if plan is not None else None
    how: How = "schedule" if unattended else "--yes" if yes else "terminal"
    asks = how == "terminal"
    talk = Conversation(options, asks=asks, accounts=accounts)
    with talk, opened(options) as (around, ledger):
        if asks:
            _check_attended()
        done = apply(
            around,
            ledger,
            ApplyOptions(who, how, accounts, correct=refs),
            reviewed=reviewed,
            confirm=talk.confirm,
            watch=talk.watch,
        )
    if done is None:
        note("nothing was written")
        return Exit.DONE
    _show(done, options)
    return exit_of(done)


def _check_attended() -> None:
    """Said before minutes of reading, and not at their end."""
    if not attended():
        raise click.UsageError(
            "nobody is at a terminal to confirm; nothing was written. Give --yes, or --unattended"
        )


class Conversation(ExitStack):
    """Asks before the first write, and names each change as it is written."""

    def __init__(self, options: Options, *, asks: bool, accounts: Sequence[str] = ()) -> None:
        super().__init__()
        self._options = options
        self._asks = asks
        self._accounts = accounts
        self._progress: Watch = nobody

    def confirm(self, plan: Plan, changes: Sequence[Change]) -> bool:
        """The person's answer, or True where nobody is to be asked."""
        if self._asks:
            if self._options.format == "text":
                plan_text.render(plan, terminal(self._options), self._accounts)
            question = f"Write {counted(len(changes), 'change')} to BMS?"
            if not click.confirm(question, default=False, err=True):
                return False
        progress = ApplyProgress(messages(self._options), plan.currency, len(changes))
        self._progress = self.enter_context(progress)
        return True

    def watch(self, moment: Moment, change: Change) -> None:
        """One step of writing a change."""
        self._progress(moment, change)


def _show(done: ApplyRun, options: Options) -> None:
    if options.format == "json":
        write(apply_text.dumps(done.applied))
        return
    console = terminal(options)
    apply_text.render_summary(done.applied, done.plan.currency, console)
    if done.already:
        before = counted(len(done.already), "change")
        note(f"{before} of the plan had been written before")
    if any(entry.result == "refused" for entry in done.applied):
        note("a refused write changed nothing; `reconciler rule APP001` tells what to do")
    for found in noticed(done.found):
        note(f"noticed in BMS: {found.code} {plain(found.message)}")
    if done.stopped is not None:
        note(f"the run stopped: {plain(done.stopped)}")
    if done.found.verdict in NOT_WRITTEN:
        same = f"reconciler plan{correcting(done.found)}"
        note(f"the plan also has what needs a person; `{same}` shows it")


def exit_of(done: ApplyRun) -> Exit:
    """Done; in part; or a person is needed, for what was not written or for what is held now.

    What was reviewed may be old: drift that was found since needs a person all the same.
    """
    exits = [Exit.DONE]
    if done.stopped is not None or any(entry.result != "done" for entry in done.applied):
        exits.append(Exit.PARTIAL if done.answered else Exit.PERSON)
    if done.found.verdict in NOT_WRITTEN:
        exits.append(Exit.PERSON)
    return worst(exits)
