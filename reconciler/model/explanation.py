"""Why a line has its units: from the number on the contract back to the readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from reconciler.model.plan import Change, LineRef, Step
from reconciler.model.reading import Reading
from reconciler.model.timeline import Units


@dataclass(frozen=True, slots=True)
class SettingShown:
    """A setting that took part, and the place that decided it."""

    name: str
    value: str
    place: str
    """``file:line``; empty for a built-in default."""


@dataclass(frozen=True, slots=True)
class WriteShown:
    """A write of ours to the line."""

    at: datetime
    day: date
    units_before: int
    units_after: int
    price: Decimal
    ref: str
    outcome: str
    """``in doubt`` while nobody knows."""
    plan: str
    approved_by: str
    """Who let this very write happen, and how; empty where the ledger does not say."""
    reverses: str = ""
    """The write that it takes back, by its ref and day; empty for any other."""


@dataclass(frozen=True, slots=True)
class UnitsSince:
    """Units from a day on, and how they are known."""

    day: date
    units: Units
    source: str


@dataclass(frozen=True, slots=True)
class BeginsLater:
    """A setting that the configuration has from a later day on."""

    name: str
    before: str
    after: str
    day: date
    monthly: Decimal
    """What another price comes to for the units of today; 0 for any other setting."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One line on one day."""

    line: LineRef
    as_of: date
    period: tuple[date, date]
    """First and last day."""
    units: Units
    """What BMS had on that day."""
    wanted: Units
    """What it should have on that day."""
    price: Decimal | None
    """What BMS bills a unit at: the newest row's; None for a line that it did not have."""
    monthly: Decimal | None
    """Of the units that BMS had, row by row; None where nobody knows how many."""
    wanted_monthly: Decimal
    """Of the units wanted, with every change up to that day written."""
    readings: tuple[Reading, ...]
    """Of the newest counted day."""
    steps: tuple[Step, ...]
    """From those readings to whole units."""
    customer_steps: tuple[Step, ...]
    """The same in words for the customer."""
    settings: tuple[SettingShown, ...]
    known: tuple[UnitsSince, ...]
    desired: tuple[tuple[date, Units], ...]
    changes: tuple[Change, ...]
    """Not written yet."""
    writes: tuple[WriteShown, ...]
    """Newest first."""
    by_price: tuple[tuple[Decimal, int], ...] = ()
    """The units that BMS had by the price of their rows, where these have several."""
    later: tuple[BeginsLater, ...] = ()
    """By day; nothing of it is planned before its day has come."""
    note: str | None = None
    sets_on: date | None = None
    """When what the period comes to is written, where that is done at its end."""
    period_readings: tuple[Reading, ...] = ()
    """Of every day of the period up to the newest counted one, where they were asked for."""
