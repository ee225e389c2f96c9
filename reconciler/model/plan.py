"""The plan: every change, what was checked, what a person should know, and a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from reconciler.model.bms import LineKey
from reconciler.model.finding import Finding
from reconciler.model.settings import Mode

Cause: TypeAlias = Literal["usage", "config", "price", "fixed", "end", "correction"]

Standing: TypeAlias = Literal["ready", "proposed", "held", "observed", "by-hand", "scheduled"]
"""ready: may be written; proposed: waits for approval; held: over a guard or blocked; observed: the
account is only watched; by-hand: the API cannot do it; scheduled: its day has not come."""

Verdict: TypeAlias = Literal["in-step", "changes", "person-needed", "nothing-checked"]


@dataclass(frozen=True, slots=True)
class LineRef:
    """A line with the names people use."""

    account_id: int
    account: str
    contract_id: int
    contract: str
    service_id: int
    bms_service: str
    service: str

    @property
    def key(self) -> LineKey:
        """The line by its ids alone."""
        return LineKey(self.account_id, self.contract_id, self.service_id)


@dataclass(frozen=True, slots=True)
class Money:
    """In the tenant's currency. ``prorated`` is for ``days`` of a period of ``of`` days."""

    monthly: Decimal
    prorated: Decimal
    days: int
    of: int


APPROVED: Final = "approved"
"""What the step of a change says of who or what let it be written."""

CREDITED_AT: Final = "credited at this price"
BILLED_AT: Final = "billed at this price"
"""What the step of a change says that is a part of one over several prices."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of how units came about: what was done, and the result."""

    what: str
    value: str


UNITS_UNKNOWN: Final = Step("units", "unknown")
"""Of a price, where nobody knows what it comes to."""


@dataclass(frozen=True, slots=True)
class Change:
    """One write: units of a line from a day on, or its price."""

    id: str
    kind: Literal["units", "new-line", "price"]
    line: LineRef
    day: date
    units_before: int
    units_after: int
    posts: int
    """What the call carries: a difference under append, a total under upsert; 0 for a price."""
    price: Decimal
    price_before: Decimal
    price_from: Literal["line", "config", "catalogue"]
    money: Money
    cause: Cause
    mode: Mode
    standing: Standing
    because: tuple[str, ...] = ()
    """Codes of the findings that hold it."""
    steps: tuple[Step, ...] = ()
    month_end: date | None = None
    """The first day after the period that it sets, where the policy sets it when it is over."""
    until: date | None = None
    """Of days under an invoice that the policy leaves as they are: the last of them. No call makes
    such a change."""
    entered: int | None = None
    """What its period was entered with before the period's own counts, where it is dated on the
    first day of one."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the plan looked at; nothing checked is never in step."""

    accounts: int = 0
    contracts: int = 0
    lines: int = 0
    lines_counted: int = 0
    """Lines with a complete count on the newest closed day."""
    readings: int = 0
    organizations_mapped: int = 0
    organizations_excluded: int = 0
    organizations_unmapped: int = 0
    sources_stale: int = 0
    newest_day: date | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Money of the changes that are ready or proposed, and of those that wait for a person."""

    changes: int
    accounts: int
    monthly: Decimal
    prorated: Decimal
    waiting_changes: int
    waiting_monthly: Decimal


@dataclass(frozen=True, slots=True)
class NextStart:
    """What a line's next period starts with."""

    line: LineRef
    day: date
    units: int


@dataclass(frozen=True, slots=True)
class TrueUp:
    """The month that a plan sets, for the periods that end in it."""

    month: str
    """``2026-11``."""
    merge_by: datetime | None
    """Local time of the next invoice run; None where no period ends in the month."""
    time_zone: str
    is_over: bool = False
    """Had that invoice run passed when the plan was made?"""
    needs_merge: bool = True
    """False where the schedule writes it: only what it may not write is to be approved."""
    provisional: tuple[date, ...] = ()
    """Days that are not closed yet and count as the newest reading says."""
    starts: tuple[NextStart, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The same inputs give the same plan, byte for byte."""

    format_version: str
    tenant: str
    currency: str
    ledger: str
    config: str
    """Digest of the configuration."""
    commit: str | None
    as_of: date
    readings: str
    """Digest of the readings used."""
    known: str
    """Digest of the known state."""
    assumptions: dict[str, str | int | None]
    checked: Checked
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    totals: Totals
    verdict: Verdict
    digest: str
    """Of everything that decides what is written."""
    true_up: TrueUp | None = None
    corrects: tuple[str, ...] = ()
    """Refs of the writes that its changes reverse."""
    base: str | None = None
    """The commit it was compared with: it has only what the configuration causes since."""
