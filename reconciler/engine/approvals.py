"""Which changes approvals let pass, field by field, each once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.findings import finding
from reconciler.model.approval import Approval
from reconciler.model.finding import Finding, Subject
from reconciler.model.plan import Change

APPROVABLE: Final = frozenset(
    {"GRD001", "GRD002", "GRD003", "GRD004", "GRD006", "GRD007", "POL008", "TRU002"}
)
"""Codes that hold a change until a person says that it is right."""


@dataclass(frozen=True, slots=True)
class Permits:
    """By the ids of the changes approved, their approvals; ids of those whose approval names other
    numbers."""

    approved: Mapping[str, Approval]
    denied: frozenset[str]
    findings: tuple[Finding, ...]


def permits(
    changes: Iterable[Change], approvals: Iterable[Approval], done: Mapping[str, int]
) -> Permits:
    """``done``: how often each change was written before, by its id; each time used one approval
    up."""
    by_change: dict[str, list[Approval]] = defaultdict(list)
    for approval in approvals:
        by_change[approval.change].append(approval)
    approved: dict[str, Approval] = {}
    denied: set[str] = set()
    findings: list[Finding] = []
    for change in changes:
        given = by_change.get(change.id, ())
        if (unused := _unused(change, given, done)) is not None:
            approved[change.id] = unused
        elif given and not any(_is_exact(approval, change) for approval in given):
            denied.add(change.id)
            findings.append(_mismatch(change, given[0]))
    return Permits(approved, frozenset(denied), tuple(findings))


def is_approved(change: Change, approvals: Iterable[Approval], done: Mapping[str, int]) -> bool:
    """Do more approvals fit in every field than were used up? A change can come back: its id says
    nothing of the day that a price is dated."""
    return _unused(change, approvals, done) is not None


def _unused(
    change: Change, approvals: Iterable[Approval], done: Mapping[str, int]
) -> Approval | None:
    exact = [approval for approval in approvals if _is_exact(approval, change)]
    return next(iter(exact[done.get(change.id, 0) :]), None)


def awaits_approval(change: Change) -> bool:
    """Would an approval let it be written, now or once its days are closed?"""
    match change.standing:
        case "proposed":
            return True
        case "held":
            return APPROVABLE.issuperset(change.because)
        case "scheduled":
            return "TRU001" in change.because and APPROVABLE.issuperset(
                code for code in change.because if code != "TRU001"
            )
        case _:
            return False


def _is_exact(approval: Approval, change: Change) -> bool:
    return approval.change == change.id and not any(_wrong(approval, change))


def _wrong(approval: Approval, change: Change) -> Iterator[str]:
    """What the approval says, where the change has something else.

    A price is dated anew every day, so its day may differ.
    """
    ref = change.line
    fields = (
        ("account", approval.account, ref.account),
        ("contract", approval.contract, ref.contract),
        ("service", approval.service, ref.service),
        ("from_units", approval.from_units, change.units_before),
        ("to_units", approval.to_units, change.units_after),
        ("monthly", approval.monthly, change.money.monthly),
    )
    for name, said, found in fields:
        if said != found:
            yield f"{name} {said} where the change has {found}"
    if approval.price is not None and approval.price != change.price:
        yield f"price {approval.price} where the change has {change.price}"
    if change.kind != "price" and approval.day != change.day:
        yield f"day {approval.day} where the change has {change.day}"


def _mismatch(change: Change, approval: Approval) -> Finding:
    ref = change.line
    words = "; ".join(_wrong(approval, change))
    return finding(
        "GRD007",
        f"the approval of {change.id} for {ref.bms_service} of {ref.account} says {words}",
        subject=Subject(account=ref.account, contract=ref.contract, service=ref.service),
        origin=approval.origin,
        money=change.money.monthly,
    )
