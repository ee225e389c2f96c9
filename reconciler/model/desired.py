"""The desired state as the YAML says it, every setting resolved, nothing yet tied to BMS's ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Literal, TypeAlias

from reconciler.model.assumptions import Assumptions
from reconciler.model.place import Origin
from reconciler.model.reading import TypeKey
from reconciler.model.settings import DatedSettings, InvoiceOn, Mode, Periods


@dataclass(frozen=True, slots=True)
class Reference:
    """A thing in BMS, by id, by name, or both; the id wins."""

    id: int | None = None
    name: str | None = None

    def __str__(self) -> str:
        return self.name if self.name is not None else f"#{self.id}"


@dataclass(frozen=True, slots=True)
class OrganizationRef:
    """An organization of a product, by id or by name; the id wins."""

    id: str | None = None
    name: str | None = None

    def __str__(self) -> str:
        return self.name or self.id or ""


Zero: TypeAlias = Literal["hold", "allow"]
OnDrift: TypeAlias = Literal["alert", "adopt"]
"""What the drift run does about an edit made by hand: tell it, or also propose to take it over."""
Shown: TypeAlias = Literal["error", "warning", "info", "off"]
"""How a finding of one code is shown."""

Organizations = Mapping[str, tuple[OrganizationRef, ...]]
"""By product."""


@dataclass(frozen=True, slots=True)
class Billing:
    """How a contract's periods run; BMS cannot tell."""

    periods: Periods = "calendar"
    invoice: InvoiceOn = "start"

    @property
    def at_end(self) -> bool:
        """Is a period invoiced when it is over?"""
        return self.invoice == "end"


@dataclass(frozen=True, slots=True)
class DesiredLine:
    """One service on one contract. ``settings`` is sorted by day and never empty."""

    service: str
    """Our name for it."""
    bms_service: Reference
    settings: tuple[DatedSettings, ...]
    origin: Origin
    start: date | None = None
    """``from``: never billed before it."""
    last_day: date | None = None
    """Billed up to and including it, 0 after."""
    organizations: Organizations | None = None
    """Only these organizations count here; None: all of the account's."""
    note: str | None = None
    defined: Origin | None = None
    """Where ``bms_service`` is named, which the account's file does not."""


@dataclass(frozen=True, slots=True)
class DesiredContract:
    contract: Reference
    billing: Billing
    lines: tuple[DesiredLine, ...]
    origin: Origin
    every_service: bool = False
    """``services: all``: ``lines`` holds every service we define; those BMS lacks are not added."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Usage left out on purpose. ``until`` is inclusive."""

    reason: str
    organization: OrganizationRef | None = None
    product: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding accepted for a while. ``until`` is inclusive."""

    code: str
    reason: str
    until: date
    origin: Origin
    service: str | None = None


@dataclass(frozen=True, slots=True)
class DesiredAccount:
    account: Reference
    mode: Mode
    organizations: Organizations
    contracts: tuple[DesiredContract, ...]
    origin: Origin
    exclusions: tuple[Exclusion, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    on_drift: OnDrift = "alert"


@dataclass(frozen=True, slots=True)
class Guards:
    """Limits above which a change is held; money is per month, or as prorated."""

    percent: Decimal = Decimal(30)
    percent_floor_units: int = 3
    line: Decimal | None = Decimal(500)
    account: Decimal | None = Decimal(2000)
    run: Decimal | None = Decimal(5000)
    zero: Zero = "hold"
    """Is a line held whose count falls to 0?"""


@dataclass(frozen=True, slots=True)
class FileSource:
    """Readings in CSV or JSON files."""

    path: str
    """A glob, relative to the configuration directory."""
    max_age_days: int = 2

    @property
    def label(self) -> str:
        return f"file {self.path}"


@dataclass(frozen=True, slots=True)
class BmsConnection:
    """How to reach BMS. The password is never printed."""

    url: str
    company: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LedgerBranch:
    """Where the ledger is kept beside its file."""

    branch: str
    remote: str = "origin"


@dataclass(frozen=True, slots=True)
class InvoiceRun:
    """When BMS bills: day of the month and local time."""

    day: int = 1
    time: time = time(6, 0)


TrueUpBy: TypeAlias = Literal["schedule", "pull-request"]
IfUnmerged: TypeAlias = Literal["skip", "apply-within-guards"]


@dataclass(frozen=True, slots=True)
class TrueUps:
    """Who lets the quantities that are set at month end be written."""

    by: TrueUpBy = "schedule"
    """The schedule, inside the guards; or whoever merges the month's pull request."""
    if_unmerged: IfUnmerged = "skip"
    """On the day of the invoice run, where nobody merged it."""


@dataclass(frozen=True, slots=True)
class DesiredState:
    tenant: str
    currency: str
    time_zone: str
    mode: Mode
    assumptions: Assumptions
    guards: Guards
    sources: tuple[FileSource, ...]
    accounts: tuple[DesiredAccount, ...]
    digest: str
    """Of the files' content: the same files give the same digest."""
    billing_starts: date | None = None
    invoice_run: InvoiceRun = InvoiceRun()
    true_up: TrueUps = TrueUps()
    ledger: LedgerBranch | None = None
    """The branch it is kept on; None: in its file alone."""
    exclusions: tuple[Exclusion, ...] = ()
    shown: Mapping[str, Shown] = field(default_factory=dict)
    """By code, where it is not shown as the code has it."""
    types: frozenset[TypeKey] = frozenset()
    """That counts of services name in `of:`, whether a line has them or not."""
    line_note: str | None = "{change}, {units} in all as of {date} · ref {ref}"

    def lines(self) -> Iterator[DesiredLine]:
        """Of all contracts of all accounts."""
        for account in self.accounts:
            for contract in account.contracts:
                yield from contract.lines
