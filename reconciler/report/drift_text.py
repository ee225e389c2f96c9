"""What was changed in BMS by hand, what is in doubt, and the money that waits for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from rich.text import Text

from reconciler.report.copied import to_copy
from reconciler.report.money import amount, of_finding, signed, with_code
from reconciler.report.outside import plain
from reconciler.report.remedies import with_command
from reconciler.report.words import counted, listed, listed_few, needs_person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from reconciler.model.acceptance import Acceptance, Rest
    from reconciler.model.finding import Finding
    from reconciler.model.plan import Change, Plan

DRIFT: Final = ("KNW002", "KNW005", "KNW009", "KNW013", "APP005")
"""Codes of contracts that are not as agreed, in doubt, or whose total does not close."""

UNKNOWN: Final = ("KNW001",)
"""Codes of contracts whose units nobody has told."""

UNSEEN: Final = ("BMS001", "BMS002", "BMS003", "BMS004", "BMS007", "KNW011")
"""Codes of contracts that the configuration names and that nobody could look at in full."""

RENAMED: Final = "BMS010"
"""Code of what has another name in BMS, and is found all the same."""

SHOWN: Final = 3

TOLD: Final = (*DRIFT, *UNSEEN, "KNW003", "KNW004", RENAMED)
"""With what was taken over, done by hand, or renamed."""


def render(plan: Plan, console: Console) -> None:
    """A sentence, then every finding about hand edits, then what else waits."""
    console.print(headline(plan))
    for one in told(plan):
        console.print(Text(f"\n{one.code} {plain(one.message)}"))
        if money := of_finding(one, plan.currency):
            console.print(Text(f"  money that waits: {money}"))
        what, command = with_command(plain(one.remedy))
        console.print(Text(f"  what to do: {what}", style="dim"))
        if command is not None:
            to_copy(command, console)
    if rest := _rest(plan):
        console.print(Text(f"\n{rest}"))


def taken_over(contract: str, taken: Acceptance) -> str:
    """What the ledger has of a contract from now on."""
    rest = "" if taken.rest is None else f"\n{_left(taken.rest, taken.currency)}"
    rest += f"\n{_also(taken.also)}" if taken.also else ""
    if not taken.facts:
        return f"took over {contract} as it is; no line's units were given{rest}"
    lines = counted(len(taken.facts), "line")
    days = listed(sorted({str(fact.day) for fact in taken.facts}))
    return (
        f"took over {contract}: {lines}, with these units from {days} on{rest}\n"
        "BMS may bill a row that was edited by hand back to the row's own date:"
        f" look at the next invoice (`reconciler verify`){_back(taken.back)}"
    )


def _left(rest: Rest, currency: str) -> str:
    """How much of the total that is, and by how much it moved."""
    now = with_code(amount(rest.now, currency), currency)
    text = f"{now} of its total is left for lines that the configuration does not name"
    if rest.before is None or rest.agreed is None:
        return text
    before = amount(rest.before, currency)
    if before == amount(rest.now, currency):
        return f"{text}, as agreed before"
    moved = signed(rest.now - rest.before, currency)
    return f"{text}: {moved} {currency} against the {before} agreed on {rest.agreed}"


def _also(also: Sequence[str]) -> str:
    """A total that fits is no proof where other units fit it too."""
    more = [f"{len(also) - SHOWN} more"] if len(also) > SHOWN else []
    return (
        "its total does not prove these units, and may as well come of"
        f" {' or '.join([*also[:SHOWN], *more])}: look at BMS once more, and if it shows other"
        " units, accept those in their place"
    )


def _back(back: Sequence[Change]) -> str:
    """Whoever takes units over may think that they stay."""
    if not back:
        return ""
    last = {change.line.service: change for change in back}
    steps = [f"{name} to {change.units_after:,}" for name, change in last.items()]
    return (
        f"\nthe next run sets {listed_few(steps, SHOWN)} again, since usage and configuration say"
        " so and the account's mode is apply: to keep what BMS has, fix the units before that"
        " (`units: {fixed: ..., reason: ...}`)"
    )


def prices_taken_over(contracts: Sequence[str]) -> str:
    """Of which contracts."""
    if not contracts:
        return "no price was changed in BMS by hand"
    return f"took over the prices of {listed(list(contracts))}"


def leaves_open(plan: Plan) -> bool:
    """Is there drift, or a contract of which nobody can say that there is none?

    Changes that wait and findings about usage or guards are the plan's matter, and not this one.
    """
    codes = {*DRIFT, *UNKNOWN, *UNSEEN}
    return not plan.checked.contracts or any(found.code in codes for found in plan.findings)


def headline(plan: Plan) -> Text:
    """The verdict on hand edits, for somebody who reads nothing else."""
    contracts = counted(plan.checked.contracts, "contract")
    if not plan.checked.contracts:
        return Text("No contract was looked at.", style="bold red")
    if drifted := _contracts(plan, DRIFT):
        verb = "needs" if drifted == 1 else "need"
        text = f"{drifted} of {contracts} {verb} a person: BMS is not as it was agreed."
        return Text(text, style="bold red")
    if unknown := _contracts(plan, UNKNOWN):
        text = f"{unknown} of {contracts} cannot be compared: nobody knows their units yet."
        return Text(text, style="bold yellow")
    if unseen := _contracts(plan, UNSEEN):
        text = f"{counted(unseen, 'contract')} of the configuration could not be looked at in BMS."
        return Text(text, style="bold yellow")
    verb = "is as it was" if plan.checked.contracts == 1 else "are as they were"
    return Text(f"No drift: {contracts} {verb} agreed.", style="bold green")


def _contracts(plan: Plan, codes: Sequence[str]) -> int:
    return len({(f.subject.account, f.subject.contract) for f in plan.findings if f.code in codes})


def _rest(plan: Plan) -> str:
    waiting = plan.totals.changes
    others = sum(needs_person(one) for one in plan.findings if one.code not in TOLD)
    parts = []
    if waiting:
        verb = "waits" if waiting == 1 else "wait"
        parts.append(f"{counted(waiting, 'change')} from usage or configuration {verb}.")
    if others:
        parts.append(f"{counted(others, 'other finding needs', 'other findings need')} a person.")
    return " ".join([*parts, "`reconciler plan` shows what and why."]) if parts else ""


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
