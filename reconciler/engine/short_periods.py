"""Invoices that bill a period which the contract cuts short in the other way than is assumed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from reconciler.engine.expected import Convention
from reconciler.engine.fitting import ZERO
from reconciler.engine.mismatch import OTHER
from reconciler.engine.periods import Period
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
    ours = _services(walked)
    wrong = [one for one in ours.values() if one.status not in FITS]
    if not _short(walked, wrong):
        return None
    side = OTHER[convention.part_period]
    theirs = _services(walk(walked.contract, month, replace(convention, part_period=side)))
    fits_ours, fits_theirs = _fitting(ours), _fitting(theirs)
    if any(key not in fits_theirs for key in fits_ours & theirs.keys()):
        return None
    lines = frozenset(key for key in ours if key in fits_theirs and key not in fits_ours)
    return OtherSide(lines, _finding(walked, lines, side, convention.currency)) if lines else None


def _short(walked: Walked, services: Iterable[ServiceCheck]) -> list[Period]:
    """The periods that the contract cuts short, of those that something is billed for."""
    firsts = {part.first for one in services for part in (*one.parts, *one.left_open)}
    periods = (walked.contract.schedule.containing(first) for first in sorted(firsts))
    return [period for period in periods if period.is_cut]


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
            ("expected", sum((_asked(one) for one in about), ZERO)),
        )
    }
    lines_in_all = f"{len(about)} line{'' if len(about) == 1 else 's'}"
    days = " and ".join(f"{one.first} to {one.last}" for one in _short(walked, about))
    message = (
        f"{some(one.number for one in invoices)} for {contract.name} of {contract.account}:"
        f" the contract cuts {days} short, and BMS bills it {IN_WORDS[side]}:"
        f" {lines_in_all} for {money['billed']}, and {money['expected']} expected"
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


def _asked(one: ServiceCheck) -> Decimal:
    """All that was to be billed, with what no invoice has."""
    return sum((part.per_line for part in one.left_open), one.expected or ZERO)
