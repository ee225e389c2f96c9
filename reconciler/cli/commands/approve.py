"""``reconciler approve``: held changes, exact, into a file whose merge approves them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import terminal
from reconciler.cli.places import opened, read_plan
from reconciler.desired.approving import ApprovalError, approve
from reconciler.model.plan import Change, Plan
from reconciler.report.words import counted
from reconciler.runs.planning import PlanOptions, plan

GUARDS = ("GRD001", "GRD002", "GRD003", "GRD004")


@click.command("approve")
@click.argument("changes", nargs=-1)
@click.option(
    "--plan", "path", type=click.Path(path_type=Path), help="Approve from this saved plan."
)
@click.option("--account", "accounts", multiple=True, help="Only this account; repeatable.")
@click.option("--reason", required=True, help="Why; it stands in the file.")
@common("text", config=True, ledger=True)
def command(
    options: Options,
    changes: tuple[str, ...],
    path: Path | None,
    accounts: tuple[str, ...],
    reason: str,
) -> int:
    """Approve changes that a guard holds.

    CHANGES are ids as `reconciler plan --format json` shows them; none: every held change. They are
    written into billing-config/approvals/<month>.yaml. An approval dies if its numbers change.
    """
    if path is not None:
        made = read_plan(path)
    else:
        with opened(options) as (around, ledger):
            made = plan(around, ledger, PlanOptions(accounts=accounts)).planned.plan
    wanted = _chosen(made, changes, accounts)
    done = approve(options.config, wanted, made.as_of, reason)
    console = terminal(options)
    if not wanted:
        console.print("nothing is held by a guard")
        return Exit.DONE
    if not done.added:
        console.print(f"{done.path} approves them already; commit and merge it")
        return Exit.DONE
    console.print(f"{counted(done.added, 'change')} approved in {done.path}")
    console.print("commit and merge that file; the next apply writes them")
    return Exit.DONE


def _chosen(plan: Plan, ids: Sequence[str], accounts: Sequence[str]) -> list[Change]:
    held = {
        change.id: change
        for change in plan.changes
        if change.standing == "held"
        and all(code in GUARDS for code in change.because)
        and (not accounts or change.line.account in accounts)
    }
    unknown = [one for one in ids if one not in held]
    if unknown:
        raise ApprovalError(
            f"no change held by a guard has the id {', '.join(unknown)}",
            where="CHANGES",
            remedy="take the ids from `reconciler plan --format json`; other findings cannot be"
            " approved away",
        )
    return [held[one] for one in ids] if ids else list(held.values())
