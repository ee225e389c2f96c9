"""What a merge has sent to BMS so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.report import plan_json
from reconciler.runs.correcting import ALL, DONE

if TYPE_CHECKING:
    from reconciler.ledger import Ledger


def sent(ledger: Ledger, commit: str) -> int:
    """How many writes of a commit's merge BMS has, or may have."""
    plans = {plan_json.loads(text).digest for text in ledger.plans_of(commit)}
    if not plans:
        return 0
    wrote = [
        ledger.let_by(intent)
        for intent, end in ledger.writes(ALL)
        if intent.plan in plans and (end is None or end.outcome in DONE)
    ]
    return sum(let is not None and (let.how, let.commit) == ("merge", commit) for let in wrote)
