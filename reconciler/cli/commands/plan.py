"""``reconciler plan``: what would be written to BMS, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import terminal, write
from reconciler.cli.places import DAY, MONTH, opened, surroundings, undisturbed
from reconciler.model.plan import Plan
from reconciler.runs.asked import PlanOptions
from reconciler.runs.planning import plan
from reconciler.runs.shares import plan_in_shares


@click.command("plan")
@click.option("--as-of", type=DAY, help="Plan as on this day; default: today.")
@click.option("--account", "accounts", multiple=True, help="Only this account; repeatable.")
@click.option("--offline", is_flag=True, help="From the last readings and the last known state.")
@click.option(
    "--true-up",
    "month",
    metavar="YYYY-MM",
    type=MONTH,
    help="Only what the month comes to, for lines set at month end; forecast while it runs.",
)
@click.option(
    "--correct",
    "refs",
    multiple=True,
    metavar="REF",
    help="Only take back this write, or all writes of this plan; repeatable.",
)
@click.option(
    "--base",
    metavar="REF",
    help="Only what the configuration causes since this commit; nothing is kept in the ledger.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Also save the plan as JSON.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 10 while changes wait.")
@common("text", "json", "markdown", config=True, ledger=True)
def command(
    options: Options,
    as_of: date | None,
    accounts: tuple[str, ...],
    month: date | None,
    refs: tuple[str, ...],
    base: str | None,
    out: Path | None,
    *,
    offline: bool,
    detailed_exitcode: bool,
) -> int:
    """Show what would be written to BMS, and why.

    Writes nothing to BMS. Exit code 3 when a person is needed.
    """
    if month is not None and refs:
        raise click.UsageError("a true-up takes no write back; leave out --true-up or --correct")
    if base is not None and (month is not None or refs):
        raise click.UsageError("--base compares ordinary plans; leave out --true-up and --correct")
    asked = PlanOptions(as_of, accounts, offline, true_up=month, correct=refs, base=base)
    with undisturbed():
        # Against another commit a plan is only looked at.
        made = _made(options, replace(asked, keep=base is None))
    if out is not None:
        save(made, out)
    show(made, options, accounts)
    return exit_of(made, detailed=detailed_exitcode)


def _made(options: Options, asked: PlanOptions) -> Plan:
    made = None
    if asked.offline:
        made = plan_in_shares(surroundings(options), options.ledger, asked)
    if made is None:
        with opened(options, offline=asked.offline, known=asked.offline) as (around, ledger):
            made = plan(around, ledger, asked).planned.plan
    return made


def show(plan: Plan, options: Options, accounts: Sequence[str] = ()) -> None:
    """The plan in the format asked for; ``accounts``: it is of these alone."""
    match options.format:
        case "json":
            from reconciler.report import plan_json

            write(plan_json.dumps(plan))
        case "markdown":
            from reconciler.report import plan_markdown

            write(plan_markdown.render(plan, accounts=accounts))
        case _:
            from reconciler.report import plan_text

            plan_text.render(plan, terminal(options), accounts)


def save(plan: Plan, path: Path) -> None:
    """The plan as JSON, for `reconciler apply`."""
    from reconciler.cli.files import write_file
    from reconciler.report import plan_json

    write_file(path, plan_json.dumps(plan))


def exit_of(plan: Plan, *, detailed: bool) -> Exit:
    """By its verdict."""
    match plan.verdict:
        case "in-step":
            return Exit.DONE
        case "changes":
            return Exit.CHANGES if detailed else Exit.DONE
        case "person-needed" | "nothing-checked":
            return Exit.PERSON
