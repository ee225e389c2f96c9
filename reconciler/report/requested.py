"""What to do with a pull request that asks for approval, or with one that could not be opened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from reconciler.engine.approvals import awaits_approval
from reconciler.report import sections
from reconciler.report.sentences import NOTHING, Next, next_steps
from reconciler.report.words import full_stop

if TYPE_CHECKING:
    from reconciler.model.plan import Plan
    from reconciler.report.daily import Request

_ASKS: Final = "TRU002"
"""The finding that asks for the merge."""


def instead(plan: Plan, one: Request) -> tuple[Next, ...]:
    """What to do of a plan whose changes wait for that merge: it comes in place of a file."""
    left = plan
    if one.number is not None:
        waits = tuple(change for change in plan.changes if not awaits_approval(change))
        found = tuple(found for found in plan.findings if found.code != _ASKS)
        left = replace(plan, changes=waits, findings=found)
    return (Next(step(one)), *(also for also in next_steps(left) if also != NOTHING))


def step(one: Request) -> str:
    """As Markdown."""
    that = f"the true-up of {one.month}" if one.month else "that"
    why = sections.words(full_stop(one.why))
    if one.number is None:
        what = f" of {that}" if one.month else ""
        return f"No pull request asks for approval{what}: {sections.words(one.why)}"
    if one.state == "declined":
        return (
            f"Open #{one.number} again and merge it, if {that} is to be written after all: {why}"
            " These numbers are not asked for again."
        )
    what = f"Review #{one.number}, and merge it to have exactly {that} written."
    if one.why:
        what = (
            f"Review #{one.number}, and merge it to have what it lists written: {why} To be asked"
            f" for all of {that} again, close it and delete its branch."
        )
    unsaid = sections.words("; ".join(one.unsaid))
    return f"{what} Not all of it is said there: {unsaid}." if unsaid else what
