"""What BMS says: accounts, contracts, rows, catalogue, invoices. It never says units."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple


class LineKey(NamedTuple):
    """A line by BMS's ids, never by names: a rename changes nothing."""

    account_id: int
    contract_id: int
    service_id: int


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    name: str
    is_active: bool = True
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract of any type; ``total`` is BMS's contract billing price."""

    id: int
    account_id: int
    name: str
    type: str
    status: str
    billing_cycle: str
    start: date
    end: date
    """Inclusive."""
    total: Decimal


@dataclass(frozen=True, slots=True)
class CatalogueService:
    """A service of the BMS catalogue."""

    id: int
    name: str
    price: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    description: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One BMS row of a service on a contract."""

    id: int
    contract_id: int
    account_id: int
    service_id: int
    name: str
    description: str
    date: date
    price: Decimal
    cost: Decimal
    excluded_from_bulk: bool = False


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice's period for one contract, inclusive."""

    id: int
    contract_id: int
    first: date
    last: date
    made: date | None = None
    """The day BMS made it on; None where nobody knows."""
    at: datetime | None = None
    """The moment of it."""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of an invoice, before tax and discount. ``quantity`` is what BMS billed."""

    id: int
    invoice_id: int
    contract_id: int
    name: str
    description: str
    kind: str
    """BMS's type of the line, in its own words."""
    quantity: Decimal
    unit_price: Decimal
    total: Decimal
    day: date | None


@dataclass(frozen=True, slots=True)
class IssuedInvoice:
    """An invoice with its lines of all contracts. Its period is inclusive."""

    id: int
    number: str
    first: date
    last: date
    created: datetime
    sent: bool
    lines: tuple[InvoiceLine, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """One reading of the actual state.

    ``searched`` names the services whose rows were read everywhere; ``wide`` the contracts for
    which every catalogue service was searched, so that ``rows`` holds all rows they have.
    """

    accounts: tuple[Account, ...] = ()
    contracts: tuple[Contract, ...] = ()
    services: tuple[CatalogueService, ...] = ()
    rows: tuple[Row, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    searched: frozenset[int] = frozenset()
    wide: frozenset[int] = field(default_factory=frozenset)
    read_at: datetime | None = None
    day: date | None = None
    """The tenant's local day of ``read_at``."""
