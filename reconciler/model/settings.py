"""The settings of one line, resolved for a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from reconciler.model.place import Origin

Adjust: TypeAlias = Literal["daily", "month-end"]
Over: TypeAlias = Literal["last", "peak", "average", "sum"]
Increase: TypeAlias = Literal["change-date", "period-start", "next-period"]
Decrease: TypeAlias = Literal["change-date", "period-start", "next-period", "never"]
Late: TypeAlias = Literal["hold", "prorated-transaction", "next-period"]
Carry: TypeAlias = Literal["level", "last"]
Credits: TypeAlias = Literal["now", "hold"]
Rounding: TypeAlias = Literal["up", "nearest", "down"]
Mode: TypeAlias = Literal["observe", "propose", "apply"]
Periods: TypeAlias = Literal["calendar", "contract-start"]
InvoiceOn: TypeAlias = Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class Rest:
    """Every dimension that no other term counted on the same contract names.

    ``named`` says which those are: (organization's key, dimensions), sorted; only the contract's
    other lines can tell, so it is empty as the configuration is read.
    """

    named: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def named_for(self, organization: str) -> tuple[str, ...]:
        """The dimensions that are counted elsewhere for an organization."""
        return next((names for key, names in self.named if key == organization), ())


@dataclass(frozen=True, slots=True)
class Term:
    """One metric of a count. ``of`` picks dimensions; None takes all of them."""

    product: str
    metric: str
    of: tuple[str, ...] | Rest | None = None
    subtract: bool = False


BY_HAND: Final = "changed in BMS by hand from"
TO_FILL_IN: Final = "fill in why"
"""In place of the reason that a person is to give."""


@dataclass(frozen=True, slots=True)
class FixedUnits:
    """Units agreed by hand; they win over the count. ``until`` is inclusive."""

    units: int
    reason: str
    until: date | None = None

    @property
    def lacks_reason(self) -> bool:
        """Did nobody say yet why? An offer to take over an edit puts the words at its end."""
        said = self.reason.rstrip()  # a block of text ends with a line break
        return said == TO_FILL_IN or said.endswith(f"; {TO_FILL_IN}")


@dataclass(frozen=True, slots=True)
class Commitment:
    """A minimum with an end: never below ``floor`` up to and including ``until``."""

    floor: int
    until: date
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LineSettings:
    """How readings become units, and from which day a change counts."""

    count: tuple[Term, ...]
    policy: str = "daily"
    adjust: Adjust = "daily"
    over: Over = "last"
    increase: Increase = "change-date"
    decrease: Decrease = "change-date"
    late: Late = "hold"
    carry: Carry = "level"
    credits: Credits = "now"
    """hold: a decrease under an invoice, which would be a credit, waits for the next period."""
    gap_days: int = 0
    """Missing days that may be filled with the reading before them; a filled day never lowers."""
    multiply: Decimal = Decimal(1)
    per: Decimal = Decimal(1)
    included: Decimal = Decimal(0)
    minimum: int | None = None
    commitment: Commitment | None = None
    maximum: int | None = None
    round: Rounding = "up"
    fixed: FixedUnits | None = None
    price: Decimal | None = None
    """Per unit and billing cycle; None leaves the line's own price."""
    origins: Mapping[str, Origin] = field(default_factory=dict, compare=False, hash=False)
    """Where each value that is not a built-in default was decided."""

    def when(self, *, rises: bool) -> Increase | Decrease:
        """From which day such a change counts."""
        return self.increase if rises else self.decrease


@dataclass(frozen=True, slots=True)
class DatedSettings:
    """Settings in force from a day on; ``date.min`` for those of the first day."""

    day: date
    settings: LineSettings
