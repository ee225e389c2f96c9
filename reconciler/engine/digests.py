"""Short names for exact content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from reconciler.model.errors import PlanError
from reconciler.model.plan import Change, Plan


def digest(parts: Iterable[object]) -> str:
    """SHA-256 over the parts' text, in order."""
    text = "\x1f".join(map(str, parts))
    return hashlib.sha256(text.encode()).hexdigest()


def change_id(parts: Iterable[object]) -> str:
    """The first 16 digits; names one exact change of one line."""
    return digest(parts)[:16]


def plan_digest(plan: Plan) -> str:
    """Of everything that decides what is written, and what a person approves."""
    return digest(
        [
            plan.format_version,
            plan.tenant,
            plan.ledger,
            plan.as_of,
            *(f"{name}={value}" for name, value in sorted(plan.assumptions.items())),
            *([f"true-up {plan.true_up.month}"] if plan.true_up is not None else []),
            *(f"corrects {ref}" for ref in plan.corrects),
            *(_decides(change) for change in plan.changes),
        ]
    )


def check_unedited(plan: Plan) -> None:
    """PlanError for a plan from a file that somebody changed after it was made."""
    if plan_digest(plan) != plan.digest:
        raise PlanError(
            "the plan's file was changed after it was made",
            remedy="make the plan again, and have it reviewed",
        )


def _decides(change: Change) -> str:
    ref = change.line
    parts = (change.id, change.kind, change.standing, ",".join(change.because), change.day)
    numbers = (change.units_before, change.units_after, change.posts, change.price)
    ids = (ref.account_id, ref.contract_id, ref.service_id)
    # An approval names the line as people do, with its money.
    names = (ref.account, ref.contract, ref.service, f"{change.money.monthly:f}")
    return "\x1e".join(map(str, (*parts, *numbers, *ids, *names)))
