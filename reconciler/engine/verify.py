"""Invoices against what the ledger says should be billed, before tax and discount.

The invoices of a contract are walked in the order they were made: a change that came after its
period's invoice belongs on the next one, and what one carried is not expected of another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from reconciler.engine.expected import Account, Convention, periods_billed, periods_of_month
from reconciler.engine.fitting import ZERO, Billed
from reconciler.engine.periods import Period, Schedule
from reconciler.engine.verify_line import Tally, VerifyLine, compare
from reconciler.model.bms import InvoiceLine, IssuedInvoice
from reconciler.model.desired import Billing
from reconciler.model.plan import LineRef
from reconciler.model.verification import InvoiceCheck, ServiceCheck


@dataclass(frozen=True, slots=True)
class VerifyContract:
    """A contract with its lines, and its invoices oldest first."""

    id: int
    account: str
    name: str
    schedule: Schedule
    billing: Billing
    lines: Sequence[VerifyLine]
    invoices: Sequence[IssuedInvoice]
    total: Decimal = ZERO
    known_worth: Decimal = ZERO
    """What the lines with known units add to the total today."""
    others: frozenset[str] = frozenset()
    """What an invoice may call services of the contract that are not ours."""


@dataclass(frozen=True, slots=True)
class Walked:
    """The invoices of one contract that bill a period which begins in the month."""

    contract: VerifyContract
    invoices: tuple[InvoiceCheck, ...]
    not_invoiced: tuple[Period, ...]
    """Periods of the month that no invoice covers, and that have something to bill."""


def walk(contract: VerifyContract, month: date, convention: Convention) -> Walked:
    """Check every invoice given; keep those of the month (its first day)."""
    contract = replace(contract, schedule=convention.of_schedule(contract.schedule))
    tallies = [
        Tally(line, Account(line.movements, line.prices, contract.schedule, convention))
        for line in contract.lines
    ]
    wanted = {period.first for period in periods_of_month(month, contract.schedule)}
    billed: list[Period] = []
    kept: list[InvoiceCheck] = []
    for invoice in contract.invoices:
        new = [p for p in _periods(invoice, contract) if p not in billed]
        check = _invoice(invoice, contract, tallies, new, billed)
        billed.extend(new)
        firsts = {period.first for period in _periods(invoice, contract)}
        stray = not firsts and invoice.first.replace(day=1) == month
        if (firsts & wanted or stray) and (check.services or check.outside):
            kept.append(check)
    covered = {period.first for period in billed}
    missed = [
        period
        for period in periods_of_month(month, contract.schedule)
        if period.first not in covered and any(_has_to_bill(t, period) for t in tallies)
    ]
    return Walked(contract, tuple(_closed(one, tallies) for one in kept), tuple(missed))


def _periods(invoice: IssuedInvoice, contract: VerifyContract) -> list[Period]:
    found = periods_billed(invoice.first, invoice.last, contract.schedule, contract.billing)
    return list(found)


def _has_to_bill(tally: Tally, period: Period) -> bool:
    units = sum(m.units for m in tally.line.movements if m.day <= period.first)
    return units > 0 and tally.line.since is not None and tally.line.since <= period.first


def _invoice(
    invoice: IssuedInvoice,
    contract: VerifyContract,
    tallies: Sequence[Tally],
    new: Sequence[Period],
    billed: Sequence[Period],
) -> InvoiceCheck:
    by_name = _by_name(tallies)
    lines: dict[int, list[InvoiceLine]] = {}
    strangers: dict[str, list[InvoiceLine]] = {}
    outside: list[InvoiceLine] = []
    for entry in invoice.lines:
        name = spelled(entry.name)
        if name in by_name:
            lines.setdefault(by_name[name], []).append(entry)
        elif name in contract.others or not _is_a_service(entry):
            outside.append(entry)
        else:
            strangers.setdefault(entry.name, []).append(entry)
    checks = [
        check
        for index, tally in enumerate(tallies)
        if (check := compare(tally, Billed(tuple(lines.get(index, ()))), invoice, new, billed))
    ]
    checks += [_stranger(name, Billed(tuple(found))) for name, found in strangers.items()]
    return InvoiceCheck(
        invoice_id=invoice.id,
        number=invoice.number,
        account=contract.account,
        contract=contract.name,
        contract_id=contract.id,
        first=invoice.first,
        last=invoice.last,
        sent=invoice.sent,
        services=tuple(checks),
        outside=len(outside),
        outside_amount=sum((entry.total for entry in outside), ZERO),
    )


def _by_name(tallies: Sequence[Tally]) -> Mapping[str, int]:
    """The line each name stands for; a service's own name wins over what a row is called."""
    out: dict[str, int] = {}
    for index, tally in enumerate(tallies):
        for name in tally.line.names:
            out.setdefault(spelled(name), index)
    out.update({spelled(t.line.ref.bms_service): index for index, t in enumerate(tallies)})
    return out


def spelled(name: str) -> str:
    """A name as it is compared."""
    return " ".join(name.split()).casefold()


def _is_a_service(entry: InvoiceLine) -> bool:
    """BMS does not document its line types; one that names no kind may be a service."""
    return not entry.kind or "service" in entry.kind.lower()


def _stranger(name: str, billed: Billed) -> ServiceCheck:
    return ServiceCheck(name, "unexpected", billed.quantity, billed.total)


def _closed(check: InvoiceCheck, tallies: Sequence[Tally]) -> InvoiceCheck:
    """The check again, now that all invoices are read: what is still open, what was caught up."""
    by_line = {tally.line.ref: tally for tally in tallies}
    return replace(
        check, services=tuple(_closed_service(check, one, by_line) for one in check.services)
    )


def _closed_service(
    check: InvoiceCheck, one: ServiceCheck, by_line: Mapping[LineRef, Tally]
) -> ServiceCheck:
    if one.line is None or not one.left_open:
        return one
    of_this = [o for o in by_line[one.line].open if o.invoice == check.invoice_id]
    still = tuple(o.part for o in of_this if o.on is None and o.part.units)
    caught = tuple(
        f"the change of {o.part.units:+d} from {o.part.day} is on {o.on} instead"
        for o in of_this
        if o.on is not None
    )
    status = "open" if still and one.status == "matched" else one.status
    return replace(one, status=status, left_open=still, notes=(*one.notes, *caught))
