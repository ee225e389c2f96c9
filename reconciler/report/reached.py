"""What a pull request changes in how BMS is reached, and where the ledger is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEDGER: Final = "ledger."


@dataclass(frozen=True, slots=True)
class Moved:
    """One setting of `bms:` or `ledger:`; None where there is none."""

    name: str
    before: str | None
    after: str | None


def headline(moved: Sequence[Moved]) -> str:
    """Where that is all it does."""
    bms = any(not one.name.startswith(_LEDGER) for one in moved)
    what = "how BMS is reached" if bms else "where the ledger is"
    return f"Merging this changes {what}, and writes nothing to {'it' if bms else 'BMS'}."


def sentence(moved: Sequence[Moved]) -> str:
    """For whoever reviews it."""
    bms = [one for one in moved if not one.name.startswith(_LEDGER)]
    ledger = [one for one in moved if one.name.startswith(_LEDGER)]
    told = []
    if bms:
        told.append(
            f"Merging this changes how BMS is reached ({_listed(bms)}). From then on the user and"
            " the password are sent there. What is planned here was read from where the base branch"
            " says."
        )
    if ledger:
        told.append(
            f"Merging this changes where the ledger is ({_listed(ledger)}). From then on nothing is"
            " known of earlier writes, readings and units but what is there: have the branch go on"
            " from the old one first."
        )
    return " ".join(told)


def _listed(moved: Sequence[Moved]) -> str:
    return "; ".join(f"{one.name}: {one.before or 'none'} → {one.after or 'none'}" for one in moved)
