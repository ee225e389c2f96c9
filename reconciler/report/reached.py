"""What a pull request changes in how BMS is reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADLINE: Final = "Merging this changes how BMS is reached, and writes nothing to it."


@dataclass(frozen=True, slots=True)
class Moved:
    """One setting of `bms:`; None where there is none."""

    name: str
    before: str | None
    after: str | None


def sentence(moved: Sequence[Moved]) -> str:
    """For whoever reviews it."""
    told = "; ".join(f"{one.name}: {one.before or 'none'} → {one.after or 'none'}" for one in moved)
    return (
        f"Merging this changes how BMS is reached ({told}). From then on the user and the password"
        " are sent there. What is planned here was read from where the base branch says."
    )
