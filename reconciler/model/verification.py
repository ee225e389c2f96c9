"""What invoices bill, held against what the ledger says they should."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from reconciler.model.finding import Finding
from reconciler.model.plan import LineRef

PartKind: TypeAlias = Literal["full", "prorated", "late"]
"""full: the units a period starts with; prorated: a change inside a period, on its own invoice;
late: a change of a period that was invoiced before it was made."""

Status: TypeAlias = Literal[
    "matched", "open", "missing", "quantity", "amount", "unexpected", "unknown"
]
"""open: as expected but for a change that no invoice has billed yet; missing: nothing of the
service is on the invoice; unexpected: nothing was to be billed; unknown: nobody knows the units."""


@dataclass(frozen=True, slots=True)
class Part:
    """One amount that an invoice should carry: units over ``days`` of ``of`` of a period."""

    kind: PartKind
    day: date
    """From which day these units count."""
    units: int
    price: Decimal
    """For one unit over the whole period."""
    days: int
    of: int
    first: date
    last: date
    """Of the period, inclusive."""
    movements: tuple[int, ...]
    """Which of the line's changes of units it is made of."""
    per_line: Decimal
    """Its amount when the line is rounded once."""
    per_unit: Decimal
    """Its amount when the price of one unit is rounded, then multiplied."""


@dataclass(frozen=True, slots=True)
class ServiceCheck:
    """One service on one invoice. Amounts are before tax and discount."""

    service: str
    """BMS's name for it."""
    status: Status
    quantity: Decimal
    """The sum of the quantities billed."""
    billed: Decimal
    line: LineRef | None = None
    """None for what is on the invoice and not ours to expect."""
    units: int | None = None
    """The sum of the units expected; None where they are unknown."""
    expected: Decimal | None = None
    parts: tuple[Part, ...] = ()
    shows: tuple[date, Decimal] | None = None
    """Where units are unknown and the invoice plainly bills some: from which day, at what price."""
    left_open: tuple[Part, ...] = ()
    """Changes that should have been on it and that no invoice has billed."""
    why: tuple[str, ...] = ()
    """Each a single difference that would explain what is billed."""
    notes: tuple[str, ...] = ()
    """What could not be told, and what was billed on another invoice."""


@dataclass(frozen=True, slots=True)
class InvoiceCheck:
    """One contract on one invoice. ``outside``: lines on it that are not of our services."""

    invoice_id: int
    number: str
    account: str
    contract: str
    contract_id: int
    first: date
    last: date
    sent: bool
    services: tuple[ServiceCheck, ...]
    outside: int = 0
    outside_amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Units that an invoice shows for a line whose units nobody knows. Never kept by itself."""

    line: LineRef
    day: date
    units: int
    price: Decimal
    number: str
    """Of the invoice."""
    closes: bool | None
    """Would the contract's total be whole with them? None where other rows leave it open."""


@dataclass(frozen=True, slots=True)
class Verification:
    """Every managed contract's invoices for the periods that begin in a month."""

    month: date
    """Its first day."""
    as_of: date
    currency: str
    day_count: str
    change_day: str
    part_period: str
    """All three are assumed: BMS does not document them."""
    contracts: int
    """Looked at."""
    waiting: int
    """Contracts with a period in the month whose invoice is not due yet."""
    invoices: tuple[InvoiceCheck, ...]
    """Those not sent yet come first."""
    proposals: tuple[Proposal, ...]
    findings: tuple[Finding, ...]

    def count(self, *statuses: Status) -> int:
        """How many services on invoices ended so."""
        return sum(check.status in statuses for one in self.invoices for check in one.services)
