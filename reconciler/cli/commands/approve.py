"""``reconciler approve``: held changes, exact, into a file whose merge approves them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import terminal
from reconciler.cli.places import opened, read_plan
from reconciler.cli.reason import FILED_REASON
from reconciler.desired import load
from reconciler.desired.approving import approve
from reconciler.engine.approvals import awaits_approval
from reconciler.engine.digests import check_unedited
from reconciler.model.errors import WrongUsage
from reconciler.model.plan import Change, Plan
from reconciler.report.words import counted
from reconciler.runs.account_names import check_accounts
from reconciler.runs.asked import PlanOptions
from reconciler.runs.planning import plan


@click.command("approve")
@click.argument("changes", nargs=-1)
@click.option(
    "--plan", "path", type=click.Path(path_type=Path), help="Approve from this saved plan."
)
@click.option("--account", "accounts", multiple=True, help="Only this account; repeatable.")
@click.option("--reason", type=FILED_REASON, required=True, help="Why; it stands in the file.")
@common("text", config=True, ledger=True)
def command(
    options: Options,
    changes: tuple[str, ...],
    path: Path | None,
    accounts: tuple[str, ...],
    reason: str,
) -> int:
    """Approve changes that wait for it.

    Held by a guard, of a true-up that nobody merged yet, or of an account whose mode is `propose`.
    CHANGES are ids as `reconciler plan --format json` shows them; none: all but the proposed ones.
    They are written into billing-config/approvals/<month>.yaml. An approval dies if its numbers
    change, and is used up once its change is written. The steps of one line are approved together.
    """
    used: Mapping[str, int] = {}
    if path is not None:
        made = read_plan(path)
        check_unedited(made)
        _check_accounts(made, options.config, accounts)
    else:
        with opened(options, known=True) as (around, ledger):
            run = plan(around, ledger, PlanOptions(accounts=accounts))
            made, used = run.planned.plan, run.remembered.done_changes
    wanted = _chosen(made, changes, accounts)
    done = approve(options.config, wanted, made.as_of, reason, used)
    console = terminal(options)
    if not wanted:
        console.print("nothing waits for approval")
        return Exit.DONE
    if not done.added:
        console.print(f"{done.path} approves them already; commit and merge it")
        return Exit.DONE
    console.print(f"{counted(done.added, 'change')} approved in {done.path}")
    them = "it" if done.added == 1 else "them"
    console.print(
        f"commit and merge that file; the next apply without a saved plan writes {them}, or one of"
        " a plan made after it"
    )
    return Exit.DONE


def _check_accounts(plan: Plan, config: Path, accounts: Sequence[str]) -> None:
    """WrongUsage for a name that neither the saved plan nor the configuration has."""
    planned = {change.line.account for change in plan.changes}
    strange = tuple(name for name in accounts if name not in planned)
    if strange:
        check_accounts(load(config), strange)


def _chosen(plan: Plan, ids: Sequence[str], accounts: Sequence[str]) -> list[Change]:
    waiting = {
        change.id: change
        for change in plan.changes
        if awaits_approval(change) and (not accounts or change.line.account in accounts)
    }
    unknown = [one for one in ids if one not in waiting]
    if unknown:
        raise WrongUsage(
            f"no change that waits for approval has the id {', '.join(unknown)}",
            where="CHANGES",
            remedy="take the ids from `reconciler plan --format json`; other findings cannot be"
            " approved away",
        )
    held = [one for one in waiting.values() if one.standing != "proposed"]
    chosen = [waiting[one] for one in ids] if ids else held
    whole_lines(chosen, waiting.values())
    return chosen


def whole_lines(chosen: Sequence[Change], held: Iterable[Change]) -> None:
    """WrongUsage for some steps of a line without the others, which they are computed on."""
    lines = {change.line for change in chosen}
    ids = {change.id for change in chosen}
    left = [change.id for change in held if change.line in lines and change.id not in ids]
    if left:
        raise WrongUsage(
            f"of these lines other steps wait too: {', '.join(left)}",
            where="CHANGES",
            remedy="approve every step of a line together; name these ids as well",
        )
