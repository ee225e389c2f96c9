"""What was taken over of a contract, as a person read it in BMS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reconciler.model.ledgered import KnownFact
from reconciler.model.plan import Change


@dataclass(frozen=True, slots=True)
class Rest:
    """What a contract's total holds for the lines that the configuration does not name."""

    now: Decimal
    before: Decimal | None = None
    """As it was agreed; None where nothing was."""
    agreed: date | None = None
    """When."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Units known from now on. ``rest``: None where the contract has no other lines."""

    facts: tuple[KnownFact, ...]
    rest: Rest | None
    currency: str
    also: tuple[str, ...] = ()
    """What would explain the total as well as these units do, in words."""
    back: tuple[Change, ...] = ()
    """Of these lines, what the next run writes without asking anybody."""
