"""What became of a file of starting units."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Edit:
    """One number that, read otherwise, would close a total. ``row``: its place in the file, where
    it stands there."""

    service: str
    before: int
    after: int
    row: int | None


@dataclass(frozen=True, slots=True)
class TooMuch:
    """The lines are worth more than the total, though it has to pay for others as well."""


@dataclass(frozen=True, slots=True)
class Unexplained:
    """No single number read otherwise would close the total."""


Slip: TypeAlias = "Edit | TooMuch | Unexplained"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A contract whose lines cannot come to its total with the units of the file."""

    contract_id: int
    contract: str
    account: str
    rows: int
    """Of the file."""
    difference: Decimal
    """BMS's total less what the units come to."""
    slip: Slip
    """The likeliest."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows went which way."""

    taken: int
    corrected: int
    """Rows that an earlier file had otherwise."""
    known_already: int
    not_managed: int
    """Rows of lines that the configuration does not name."""
    left_out: tuple[LeftOut, ...] = ()
    """Contracts whose total says that the units given for them are wrong."""
    unproved: tuple[str, ...] = ()
    """Contracts with rows that the file does not give: their totals prove nothing of it."""
