"""What a merged revert, or a correction, leaves to a person, since the API cannot do it: asked for
until it is done.

No plan finds it by itself: it may lie in periods that are over, and policies may lower no line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from reconciler.engine.correcting import reversal_id
from reconciler.ledger import Ledger
from reconciler.model.ledgered import Intent
from reconciler.runs.asked import PlanRun
from reconciler.runs.correcting import ALL, Writes, stands

KIND: Final = "left-by-hand"
"""Of the runs that the ledger has for it, one per write."""


def left_by_hand(ledger: Ledger) -> tuple[Intent, ...]:
    """Writes that are to be taken back in BMS, as far as no write of ours did."""
    return tuple(intent for intent in ledger.told(KIND) if stands(intent, _of_line(ledger, intent)))


def _of_line(ledger: Ledger, intent: Intent) -> Writes:
    return {one.ref: (one, end) for one, end in ledger.writes(ALL, line=intent.line)}


def leave(ledger: Ledger, run: PlanRun, at: datetime) -> None:
    """Remember what the plan of a revert, or of a correction, takes back by hand."""
    known = {intent.ref for intent in ledger.told(KIND)}
    for intent in _by_hand(ledger, run):
        if intent.ref not in known:
            outcome = f"{intent.ref} is to be taken back in BMS by hand"
            ledger.append_run(run.row(KIND, at, outcome, intent.ref))


def _by_hand(ledger: Ledger, run: PlanRun) -> Iterator[Intent]:
    plan = run.planned.plan
    if plan.corrects:
        ids = {change.id for change in plan.changes if change.standing == "by-hand"}
        named = (intent for intent, _ in ledger.writes(ALL) if ids and intent.ref in plan.corrects)
        return (intent for intent in named if reversal_id(intent.line, intent.ref) in ids)
    back = run.caused.taken_back if run.caused is not None else ()
    ids = {c.id for one in back for c in one.changes if c.standing == "by-hand"}
    works: Iterable[Intent] = (
        intent for work in run.planned.examined.works for intent in work.bound.takes_back
    )
    return (intent for intent in works if reversal_id(intent.line, intent.ref) in ids)
