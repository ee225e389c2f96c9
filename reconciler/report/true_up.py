"""What a true-up says before its changes: how it stands, by when to merge it, what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reconciler.report.money import signed, with_code
from reconciler.report.words import counted

if TYPE_CHECKING:
    from reconciler.model.plan import Plan, TrueUp

STARTS_SHOWN: Final = 10


def headline(plan: Plan, true_up: TrueUp) -> str | None:
    """Instead of a verdict while days are missing; None where the verdict says it all."""
    if not true_up.provisional or plan.verdict != "in-step":
        return None
    scheduled = [change for change in plan.changes if change.standing == "scheduled"]
    monthly = sum(change.money.monthly for change in scheduled)
    money = with_code(signed(plan.totals.monthly + monthly, plan.currency), plan.currency)
    if not scheduled:
        return f"True-up of {true_up.month}: as far as readings go, nothing is to change."
    return (
        f"True-up of {true_up.month}, provisional: {counted(len(scheduled), 'change')},"
        f" {money} per month."
    )


def sentences(plan: Plan, true_up: TrueUp) -> tuple[str, ...]:
    """By when it must be (or was to be) merged, what is provisional, and what comes next."""
    lines = []
    if true_up.merge_by is not None:
        lines.append(_by_when(true_up, f"{true_up.merge_by:%Y-%m-%d %H:%M} {true_up.time_zone}"))
    if true_up.provisional:
        first, last = true_up.provisional[0], true_up.provisional[-1]
        days = f"{first}" if first == last else f"{first} to {last}"
        lines.append(f"Provisional: the newest readings stand for {days}.")
    return (*lines, *_starts(plan, true_up))


def _by_when(true_up: TrueUp, by: str) -> str:
    if true_up.is_over:
        what = "Was to be merged" if true_up.needs_merge else "Was to be written"
        return (
            f"{what} by {by}: that invoice run has passed, and what is dated before it is billed a"
            " month later."
        )
    if true_up.needs_merge:
        return f"Must be merged by {by}, before the next invoice run."
    return (
        f"The daily run writes it where modes and guards allow; the rest is to be approved by {by},"
        " before the next invoice run."
    )


def _starts(plan: Plan, true_up: TrueUp) -> list[str]:
    moved = {change.line for change in plan.changes}
    shown = [start for start in true_up.starts if start.line in moved]
    if not true_up.starts:
        return []
    same = len(true_up.starts) - len(shown)
    lines = [
        f"The next period of {start.line.service} of {start.line.account} starts on {start.day}"
        f" with {start.units:,}."
        for start in shown[:STARTS_SHOWN]
    ]
    if more := len(shown) - STARTS_SHOWN:
        lines += [f"And {counted(more, 'more line')} like these."] if more > 0 else []
    if same:
        lines.append(f"{counted(same, 'line')} without a change: the next period starts the same.")
    return lines
