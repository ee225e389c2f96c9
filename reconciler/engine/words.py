"""Names in a sentence: some of them, and how many more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

NAMES_SHOWN: Final = 3


def some(names: Iterable[str]) -> str:
    """The first few in order of the alphabet."""
    ordered = sorted(names)
    shown = ", ".join(ordered[:NAMES_SHOWN])
    more = len(ordered) - NAMES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
