"""What a simulation found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reconciler.model.plan import LineRef
from reconciler.model.timeline import Units

Steps = tuple[tuple[date, Units], ...]


@dataclass(frozen=True, slots=True)
class Month:
    """One line's billing periods that begin in a month; money in the tenant's currency."""

    line: LineRef
    month: date
    """Its first day."""
    base: Decimal
    """Billed, or what the configuration compared with would have billed."""
    would: Decimal
    base_units: Steps
    """Units on the first day, and every step until the last period's end."""
    would_units: Steps
    days: int
    """Days that a reading is needed for."""
    days_missing: int
    """Those without a complete one: the line kept its units."""

    @property
    def difference(self) -> Decimal:
        """What more would have been billed."""
        return self.would - self.base


@dataclass(frozen=True, slots=True)
class NotReplayed:
    """What is not in the totals, and why."""

    account: str
    contract: str
    service: str
    months: tuple[date, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Simulation:
    """The same inputs give the same simulation."""

    tenant: str
    currency: str
    config: str
    """Digest of the configuration that was replayed."""
    against: str | None
    """Digest of the configuration it is compared with; None: with what was billed."""
    first: date
    last: date
    """The first days of the first and the last month."""
    as_of: date
    months: tuple[Month, ...]
    """By account, contract, service, month."""
    not_replayed: tuple[NotReplayed, ...]
    left_alone: int
    """Lines that BMS has and no configuration names: they stay as they are."""

    @property
    def base(self) -> Decimal:
        """The sum over all months replayed."""
        return sum((one.base for one in self.months), Decimal(0))

    @property
    def would(self) -> Decimal:
        """The sum over all months replayed."""
        return sum((one.would for one in self.months), Decimal(0))

    @property
    def difference(self) -> Decimal:
        """What more would have been billed."""
        return self.would - self.base
