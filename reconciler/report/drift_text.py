"""What was changed in BMS by hand, what is in doubt, and the money that waits for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from rich.text import Text

from reconciler.report.money import signed, with_code
from reconciler.report.outside import plain
from reconciler.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from reconciler.model.finding import Finding
    from reconciler.model.plan import Plan

DRIFT: Final = ("KNW002", "KNW005")
"""Codes of contracts that nothing is written to."""

TOLD: Final = (*DRIFT, "KNW003", "KNW004", "BMS010")
"""With what was taken over, done by hand, or renamed."""


def render(plan: Plan, console: Console) -> None:
    """A sentence, then every finding about hand edits, then what else waits."""
    found = told(plan)
    drifted = [one for one in found if one.code in DRIFT]
    contracts = counted(plan.checked.contracts, "contract")
    if drifted:
        text = f"{len(drifted)} of {contracts} need a person: BMS is not as it was agreed."
        console.print(Text(text, style="bold red"))
    else:
        console.print(Text(f"No drift: {contracts} are as they were agreed.", style="bold green"))
    for one in found:
        console.print(Text(f"\n{one.code} {plain(one.message)}"))
        if one.money:
            money = with_code(signed(one.money, plan.currency), plan.currency)
            console.print(Text(f"  money that waits: {money} per month"))
        console.print(Text(f"  what to do: {one.remedy}", style="dim"))
    waiting = plan.totals.changes
    if waiting:
        console.print(Text(f"\n{counted(waiting, 'change')} from usage or configuration wait."))


def told(plan: Plan) -> Sequence[Finding]:
    """The findings about hand edits, in the plan's order."""
    return [one for one in plan.findings if one.code in TOLD]


def dumps(plan: Plan) -> str:
    """A JSON object: the day, the contracts looked at, and the findings."""
    document = {
        "as_of": plan.as_of.isoformat(),
        "contracts": plan.checked.contracts,
        "changes_waiting": plan.totals.changes,
        "findings": [
            {
                "code": one.code,
                "message": one.message,
                "account": one.subject.account,
                "contract": one.subject.contract,
                "money_waiting": None if one.money is None else str(one.money),
                "remedy": one.remedy,
            }
            for one in told(plan)
        ],
    }
    return json.dumps(document, indent=2, sort_keys=True) + "\n"
