"""What approved single writes, beside whoever let the run write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.ledger import Ledger
from reconciler.model.ledgered import Intent
from reconciler.model.plan import APPROVED
from reconciler.report import plan_json


def approved(ledger: Ledger, intents: Iterable[Intent]) -> Mapping[str, str]:
    """By the ref of a write: the file of its approval with the reason, or the merge that named its
    price. Those that needed none are not in it."""
    by_plan: dict[str, dict[str, str]] = {}
    found = {}
    for intent in intents:
        if intent.plan not in by_plan:
            by_plan[intent.plan] = _of_plan(ledger.load_plan(intent.plan))
        if told := by_plan[intent.plan].get(intent.change):
            found[intent.ref] = told
    return found


def _of_plan(content: str | None) -> dict[str, str]:
    """By the ids of its changes."""
    if content is None:
        return {}
    return {
        change.id: step.value
        for change in plan_json.loads(content).changes
        for step in change.steps
        if step.what == APPROVED
    }
