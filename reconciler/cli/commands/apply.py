"""``reconciler apply``: write to BMS what was reviewed, or what is confirmed now."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path

import click

from reconciler.cli.exits import Exit, worst
from reconciler.cli.options import Options, common
from reconciler.cli.output import note, terminal, write
from reconciler.cli.places import opened, read_file
from reconciler.model.outcome import Applied
from reconciler.model.plan import Change, Plan
from reconciler.report import apply_text, plan_json, plan_text
from reconciler.runs.applying import ApplyOptions, ApplyRun, apply


@click.command("apply")
@click.argument("plan", type=click.Path(path_type=Path), required=False)
@click.option("--account", "accounts", multiple=True, help="Only this account; repeatable.")
@click.option("--yes", is_flag=True, help="Do not ask; asking for it approves what is proposed.")
@click.option(
    "--unattended", is_flag=True, help="As the schedule does: only accounts in mode apply."
)
@click.option("--who", default=getpass.getuser, help="Who approves; for the ledger.")
@common("text", "json", config=True, ledger=True)
def command(
    options: Options,
    plan: Path | None,
    accounts: tuple[str, ...],
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
    reviewed = plan_json.loads(read_file(plan)) if plan is not None else None
    console = terminal(options)

    def confirm(shown: Plan, changes: Sequence[Change]) -> bool:
        if options.format == "text":
            plan_text.render(shown, console)
        return click.confirm(f"Write {len(changes)} changes to BMS?", default=False, err=True)

    with opened(options) as (around, ledger):
        done = apply(
            around,
            ledger,
            ApplyOptions(who, "schedule" if unattended else "terminal", accounts),
            reviewed=reviewed,
            confirm=None if yes or unattended else confirm,
            watch=lambda moment, change: _tell(moment, change, options),
        )
    if done is None:
        note("nothing was written")
        return Exit.DONE
    _show(done, options)
    return exit_of(done.applied, done.plan)


def _tell(moment: str, change: Change, options: Options) -> None:
    if moment == "starting" and options.format == "text":
        note(f"writing {change.line.bms_service} of {change.line.account} from {change.day}")


def _show(done: ApplyRun, options: Options) -> None:
    if options.format == "json":
        write(apply_text.dumps(done.applied))
        return
    console = terminal(options)
    apply_text.render_summary(done.applied, done.plan.currency, console)
    if done.already:
        note(f"{done.already} changes of the plan had been written before")
    if done.stopped is not None:
        note(f"the run stopped: {done.stopped}")


def exit_of(applied: Sequence[Applied], plan: Plan) -> Exit:
    """Done; in part; or a person is needed, for what was not written or what is held."""
    done = any(entry.result == "done" for entry in applied)
    failed = any(entry.result != "done" for entry in applied)
    exits = [Exit.DONE]
    if failed:
        exits.append(Exit.PARTIAL if done else Exit.PERSON)
    if plan.verdict in ("person-needed", "nothing-checked"):
        exits.append(Exit.PERSON)
    return worst(exits)
