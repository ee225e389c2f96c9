"""Invoices that bill a period which the contract cuts short in the other way than is assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final, TypeAlias

from reconciler.engine.expected import Convention
from reconciler.engine.fitting import ZERO
from reconciler.engine.mismatch import OTHER
from reconciler.engine.proration import rounded
from reconciler.engine.verify import Walked, walk
from reconciler.engine.words import some
from reconciler.findings import finding
from reconciler.model.assumptions import PartPeriod
from reconciler.model.finding import Finding, Subject
from reconciler.model.plan import LineRef
from reconciler.model.verification import ServiceCheck, Status

IN_WORDS: Final[dict[PartPeriod, str]] = {"prorated": "by its days", "full": "in full"}

FITS: Final[tuple[Status, ...]] = ("matched", "unknown")

OnInvoice: TypeAlias = tuple[int, LineRef]
"""A line of ours on an invoice, by the invoice's id."""


@dataclass(frozen=True, slots=True)
class OtherSide:
    """What fits the other side of ``part_period`` alone: said once, and not line by line."""

    lines: frozenset[OnInvoice]
    finding: Finding


def other_side(walked: Walked, month: date, convention: Convention) -> OtherSide | None:
    """None unless lines fit the other side alone, and none fits only the side that is assumed."""
    if not _cuts(walked) or all(one.status in FITS for one in _services(walked).values()):
        return None
    side = OTHER[convention.part_period]
    ours = _services(walked)
    theirs = _services(walk(walked.contract, month, replace(convention, part_period=side)))
    fits_ours, fits_theirs = _fitting(ours), _fitting(theirs)
    if any(key not in fits_theirs for key in fits_ours & theirs.keys()):
        return None
    lines = frozenset(key for key in ours if key in fits_theirs and key not in fits_ours)
    return OtherSide(lines, _finding(walked, lines, side, convention.currency)) if lines else None


def _cuts(walked: Walked) -> bool:
    schedule = walked.contract.schedule
    first = schedule.containing(schedule.start)
    return first.is_cut or (schedule.end is not None and schedule.containing(schedule.end).is_cut)


def _services(walked: Walked) -> Mapping[OnInvoice, ServiceCheck]:
    return {
        (invoice.invoice_id, one.line): one
        for invoice in walked.invoices
        for one in invoice.services
        if one.line is not None
    }


def _fitting(services: Mapping[OnInvoice, ServiceCheck]) -> set[OnInvoice]:
    return {key for key, one in services.items() if one.status in FITS}


def _finding(
    walked: Walked, lines: frozenset[OnInvoice], side: PartPeriod, currency: str
) -> Finding:
    contract = walked.contract
    about = [one for key, one in _services(walked).items() if key in lines]
    invoices = [one for one in walked.invoices if any(n == one.invoice_id for n, _ in lines)]
    money = {
        word: f"{rounded(Fraction(sum_), currency):,f} {currency}"
        for word, sum_ in (
            ("billed", sum((one.billed for one in about), ZERO)),
            ("expected", sum((one.expected or ZERO for one in about), ZERO)),
        )
    }
    count = len(about)
    message = (
        f"{some(one.number for one in invoices)} for {contract.name} of {contract.account}:"
        f" {_periods(walked, about)} {IN_WORDS[side]}: {count} line{'' if count == 1 else 's'} for"
        f" {money['billed']}, and {money['expected']} expected"
    )
    otherwise = (
        "agree with the customer on a correction"
        if all(one.sent for one in invoices)
        else "correct the invoice before it is sent"
    )
    return finding(
        "VER009",
        message,
        subject=Subject(account=contract.account, contract=contract.name),
        remedy=f"if BMS bills such periods so, set `part_period: {side}` under `bms.assume`;"
        f" if not, {otherwise}",
    )


def _periods(walked: Walked, about: Sequence[ServiceCheck]) -> str:
    """Which period, and why it is short."""
    schedule = walked.contract.schedule
    billed = {part.first for one in about for part in one.parts}
    first = schedule.containing(schedule.start)
    last = first if schedule.end is None else schedule.containing(schedule.end)
    short = [period for period in dict.fromkeys((first, last)) if period.is_cut]
    cut = [period for period in short if period.first in billed] or short
    days = " and ".join(f"{period.first} to {period.last}" for period in cut)
    return f"the contract cuts {days} short, and BMS bills it"
