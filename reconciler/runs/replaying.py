"""What a pull request's policies would have billed in the months that are over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from reconciler.engine.recounted import lines_of, recounted
from reconciler.ledger import Ledger
from reconciler.model.errors import ReconcilerError
from reconciler.report.replayed import Replayed
from reconciler.report.words import counted
from reconciler.runs.simulating import SimulateOptions, replay
from reconciler.runs.surroundings import Surroundings

if TYPE_CHECKING:
    from reconciler.model.desired import DesiredAccount, DesiredState

MONTHS: Final = 3
MOST: Final = 9_000
"""Lines times months: what is replayed in a few seconds."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is replayed of what is counted otherwise."""

    accounts: tuple[str, ...]
    months: int
    left_out: str


def replayed(
    around: Surroundings, ledger: Ledger, state: DesiredState, old: DesiredState, as_of: date
) -> Replayed | None:
    """Under one configuration against another; None where both count alike.

    That it cannot be told stops no plan.
    """
    try:
        accounts = recounted(state, old, as_of)
        if not accounts:
            return None
        part = part_of(accounts)
        last = _before(as_of)
        first = last
        for _ in range(part.months - 1):
            first = _before(first)
        asked = SimulateOptions(first, last, accounts=part.accounts)
        found = replay(around, ledger, state, old, asked)
    except ReconcilerError as error:
        return Replayed(None, why=error.message)
    return Replayed(found, part.left_out)


def part_of(accounts: Sequence[DesiredAccount], most: int = MOST) -> Part:
    """Fewer months first, then fewer accounts, so that it comes to no more than ``most``."""
    lines = sum(map(lines_of, accounts))
    months = MONTHS if lines * MONTHS <= most else 1
    room = most // months
    taken: list[str] = []
    for account in accounts:
        room -= lines_of(account)
        if room < 0 and taken:
            break
        taken.append(str(account.account))
    out = []
    if months < MONTHS:
        out.append(f"only the last of {MONTHS} months")
    if more := len(accounts) - len(taken):
        out.append(f"not {counted(more, 'more account')} whose policies change too")
    text = f"Replayed here, to keep it short: {', '.join(out)}" if out else ""
    return Part(tuple(taken), months, text)


def _before(day: date) -> date:
    """The first day of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)
