"""Accounts, contracts and lines of the configuration as they were found in BMS."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from reconciler.engine.invoiced import Closing
from reconciler.engine.periods import Schedule
from reconciler.model.bms import Account, CatalogueService, Contract, LineKey, Row
from reconciler.model.desired import Billing, DesiredAccount, DesiredLine
from reconciler.model.finding import Finding
from reconciler.model.ledgered import Intent
from reconciler.model.plan import LineRef


@dataclass(frozen=True, slots=True)
class BoundContract:
    """A contract of the configuration, found in BMS."""

    contract: Contract
    account: Account
    desired: DesiredAccount
    billing: Billing
    schedule: Schedule
    closed_through: date | None
    """The last day that an invoice of the contract covers."""
    named: tuple[DesiredLine, ...] = ()
    """The lines that the configuration names one by one, found in BMS or not."""
    is_over: bool = False
    """Has its last day passed? Then only what its last periods still lack is looked at."""
    billing_starts: date | None = None
    """Nothing is dated earlier, and nothing used earlier counts."""
    closings: tuple[Closing, ...] = ()
    """Of its invoices."""
    looks: Sequence[date] = ()
    """The days as of which a run looked at it, in order."""


@dataclass(frozen=True, slots=True)
class PriceBack:
    """The price that a line had before merges that are reverted, and that none names now."""

    price: Decimal
    write: Intent
    """The newest one that is taken back."""


@dataclass(slots=True)  # not frozen: it would take three times as long
class BoundLine:
    """A line of the configuration, found in BMS (or to be added there)."""

    key: LineKey
    line: DesiredLine
    contract: BoundContract
    service: CatalogueService
    rows: tuple[Row, ...]
    since: date | None = None
    """The line joined the configuration on that day; it is not counted before."""
    edited: bool = False
    """Did its rules change on the day of the plan?"""
    takes_back: tuple[Intent, ...] = ()
    """Writes of a merge that is reverted, in the order in which they were learned."""
    price_back: PriceBack | None = None

    @property
    def ref(self) -> LineRef:
        """As people call it. Most lines are in no plan and no finding, and never called."""
        return LineRef(
            account_id=self.key.account_id,
            account=self.contract.account.name,
            contract_id=self.key.contract_id,
            contract=self.contract.contract.name,
            service_id=self.key.service_id,
            bms_service=self.service.name,
            service=self.line.service,
        )


@dataclass(slots=True)
class Bound:
    """What was found, what was not, and names to remember."""

    lines: list[BoundLine] = field(default_factory=list)
    contracts: dict[int, BoundContract] = field(default_factory=dict)
    rows: dict[int, dict[int, list[Row]]] = field(default_factory=dict)
    """By contract, then by BMS service: every row read."""
    findings: list[Finding] = field(default_factory=list)
    names: list[tuple[str, str, int]] = field(default_factory=list)
    taken: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    """By contract, then by BMS service: our service that stands for it."""
