"""What a person should know about the invoices of a month, and units that invoices prove."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from reconciler.engine.accepted import as_wanted
from reconciler.engine.expected import Convention
from reconciler.engine.fitting import ZERO
from reconciler.engine.invoiced import run_on_or_after
from reconciler.engine.periods import Period
from reconciler.engine.proration import half_a_minor_unit, rounded
from reconciler.engine.short_periods import OnInvoice, other_side
from reconciler.engine.verify import VerifyContract, Walked, walk
from reconciler.findings import finding
from reconciler.model.desired import Shown
from reconciler.model.finding import Finding, Subject
from reconciler.model.verification import (
    InvoiceCheck,
    Proposal,
    ServiceCheck,
    Status,
    Verification,
)

CODES: Final[dict[Status, str]] = {
    "missing": "VER001",
    "quantity": "VER002",
    "amount": "VER003",
    "unexpected": "VER004",
    "open": "VER005",
}

FIRST_TO_ACT_ON: Final[tuple[Status, ...]] = (
    "missing",
    "quantity",
    "amount",
    "unexpected",
    "open",
    "unknown",
    "matched",
)


@dataclass(frozen=True, slots=True)
class VerifyInput:
    """Everything a verification depends on."""

    contracts: Sequence[VerifyContract]
    month: date
    """Its first day."""
    as_of: date
    convention: Convention
    invoice_day: int
    """BMS bills on this day of the month."""
    left_out: tuple[Finding, ...] = ()
    """Why contracts of the configuration are not among those looked at."""
    shown: Mapping[str, Shown] = field(default_factory=dict)
    """Severities by code, where they are not the code's own."""


def verify(entry: VerifyInput) -> Verification:
    """Walk every contract; the same input gives the same result."""
    walked = [walk(contract, entry.month, entry.convention) for contract in entry.contracts]
    checks = sorted((check for one in walked for check in one.invoices), key=_order)
    others = [o for one in walked if (o := other_side(one, entry.month, entry.convention))]
    said = frozenset().union(*(one.lines for one in others))
    overdue = [(one, p) for one in walked for p in one.not_invoiced if _is_overdue(one, p, entry)]
    late = {one.contract.id for one, _ in overdue}
    found = [
        *(one.finding for one in others),
        *(f for check in checks for f in _findings(check, entry.convention.currency, said)),
        *(_not_invoiced(one, period) for one, period in overdue),
    ]
    if not any(check.services for check in checks):
        message = f"no invoice of {entry.month:%Y-%m} bills a line that the configuration names"
        found.append(finding("VER008", message))
    return Verification(
        month=entry.month,
        as_of=entry.as_of,
        currency=entry.convention.currency,
        day_count=entry.convention.day_count,
        change_day="billed" if entry.convention.change_day_billed else "free",
        part_period=entry.convention.part_period,
        contracts=len(entry.contracts),
        waiting=sum(1 for one in walked if one.not_invoiced and one.contract.id not in late),
        invoices=tuple(checks),
        proposals=tuple(p for one in walked for p in _proposals(one, entry.convention.currency)),
        findings=(*entry.left_out, *as_wanted(found, entry.shown, {}, entry.as_of)),
    )


def _order(check: InvoiceCheck) -> tuple[object, ...]:
    """What can still be mended first: not sent, and then the worst."""
    worst = min((FIRST_TO_ACT_ON.index(s.status) for s in check.services), default=len(CODES) + 1)
    return (check.sent, worst, check.account, check.contract, check.first, check.invoice_id)


def _is_overdue(one: Walked, period: Period, entry: VerifyInput) -> bool:
    at_end = one.contract.billing.at_end
    due = run_on_or_after(period.end if at_end else period.first, entry.invoice_day)
    return entry.as_of > due


def _findings(check: InvoiceCheck, currency: str, said: frozenset[OnInvoice]) -> Iterator[Finding]:
    """``said``: lines of which another finding tells."""
    unknown = [one.service for one in check.services if one.status == "unknown"]
    where = f"{check.number} for {check.contract} of {check.account}"
    for one in sorted(check.services, key=lambda one: FIRST_TO_ACT_ON.index(one.status)):
        code = CODES.get(one.status)
        told = one.line is not None and (check.invoice_id, one.line) in said
        if code is not None and not told:
            subject = Subject(account=check.account, contract=check.contract, service=one.service)
            message = f"{where}: {_said(one, currency)}"
            yield finding(code, message, subject=subject, remedy=_remedy(check, one))
    if unknown:
        subject = Subject(account=check.account, contract=check.contract)
        message = f"{where}: nobody knows the units of {', '.join(unknown)}"
        yield finding("VER007", message, subject=subject)


def _said(one: ServiceCheck, currency: str) -> str:
    billed = f"{_number(one.quantity)} for {_money(one.billed, currency)}"
    expected = f"{one.units} for {_money(one.expected or ZERO, currency)}"
    explained = f" ({'; or '.join(one.why)})" if one.why else ""
    match one.status:
        case "missing":
            return f"{one.service} is not on it; expected {expected}"
        case "unexpected":
            return f"{one.service} is on it with {billed}, and nothing was to be billed"
        case "open":
            left = ", ".join(f"{p.units:+d} from {p.day} ({p.per_line:+,f})" for p in one.left_open)
            return f"{one.service}: no invoice has billed the change of {left}"
        case _:
            reason = explained or "; no single difference explains it"
            return f"{one.service} is billed {billed}; expected {expected}{reason}"


def _money(value: Decimal, currency: str) -> str:
    return f"{rounded(Fraction(value), currency):,f} {currency}"


def _number(quantity: Decimal) -> str:
    """Without zeros after the point."""
    whole = quantity == quantity.to_integral_value()
    return f"{quantity.to_integral_value() if whole else quantity.normalize():f}"


def _remedy(check: InvoiceCheck, one: ServiceCheck) -> str | None:
    """None: the code's own."""
    if not check.sent or one.status == "open":
        return None
    return "it was sent already: agree with the customer on a correction on the next invoice"


def _not_invoiced(one: Walked, period: Period) -> Finding:
    contract = one.contract
    message = (
        f"{contract.name} of {contract.account}: no invoice bills {period.first} to {period.last}"
    )
    subject = Subject(account=contract.account, contract=contract.name)
    return finding("VER006", message, subject=subject)


def _proposals(one: Walked, currency: str) -> Iterator[Proposal]:
    """Of each line, what the newest invoice plainly shows."""
    found: dict[str, Proposal] = {}
    for check in one.invoices:
        for service in check.services:
            proposal = _proposal(check, service)
            if proposal is not None:
                found[service.service] = proposal
    unknown = {s.service for c in one.invoices for s in c.services if s.status == "unknown"}
    contract = one.contract
    worth = sum((p.units * p.price for p in found.values()), ZERO)
    rest = abs(contract.total - contract.known_worth - worth)
    closes: bool | None = rest < half_a_minor_unit(currency)
    if not closes and (contract.others or unknown - set(found)):
        closes = None
    for _, made in sorted(found.items()):
        yield Proposal(made.line, made.day, made.units, made.price, made.number, closes)


def _proposal(check: InvoiceCheck, one: ServiceCheck) -> Proposal | None:
    if one.status != "unknown" or one.line is None or one.shows is None:
        return None
    day, price = one.shows
    return Proposal(one.line, day, int(one.quantity), price, check.number, None)
