"""POL007: what is lost for good, told like what waits was told before it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from reconciler.engine.lines import LineWork
from reconciler.findings import finding
from reconciler.findings.by_hand import BILL, BOTH, CREDIT, NEW
from reconciler.model.finding import Finding, Subject
from reconciler.model.ledgered import Lapsed, LapsedDays

SHOWN: Final = 4


def lapsed_finding(work: LineWork, lapsed: Lapsed, currency: str) -> Finding:
    """What is never billed and what is never credited: neither makes up for the other."""
    ref = work.bound.ref
    lacks = [one for one in lapsed.days if one.money > 0]
    too_much = [one for one in lapsed.days if one.money < 0]
    least = "at least " if lapsed.at_least else ""
    says = []
    if lacks:
        come_to = f"{least}{_sum(lacks):+,f} {currency}"
        says.append(f"what they come to, {come_to}, is never billed ({_days(lacks)})")
    if too_much:
        money = f"{least}{-_sum(too_much):,f} {currency}"
        says.append(
            f"what is billed too much for them, {money}, is never credited ({_days(too_much)})"
        )
    message = (
        f"{ref.bms_service} on {ref.contract} of {ref.account}: no plan looks any more at days"
        f" before {lapsed.before} that are invoiced, and {', and '.join(says)}"
    )
    return finding(
        "POL007",
        message,
        subject=Subject(account=ref.account, contract=ref.contract, service=ref.service),
        origin=work.bound.line.origin,
        remedy=_remedies(work, bills=bool(lacks), credits_=bool(too_much))["POL007"],
    )


def _remedies(work: LineWork, *, bills: bool, credits_: bool) -> Mapping[str, str]:
    if bills and credits_:
        return BOTH
    if credits_:
        return CREDIT
    return BILL if work.known.exists else NEW


def _sum(days: Sequence[LapsedDays]) -> Decimal:
    return sum((one.money for one in days), Decimal(0))


def _days(days: Sequence[LapsedDays]) -> str:
    shown = "; ".join(map(_due, days[:SHOWN]))
    more = len(days) - SHOWN
    return f"{shown}; and {more} times more up to {days[-1].last}" if more > 0 else shown


def _due(one: LapsedDays) -> str:
    on = f"on {one.first}" if one.first == one.last else f"from {one.first} to {one.last}"
    units = "1 unit" if one.wanted == 1 else f"{one.wanted} units"
    return f"{units} {on}, where BMS has {one.has}"
