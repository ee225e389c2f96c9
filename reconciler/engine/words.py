"""Names and days in a sentence: some of them, and how many more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

NAMES_SHOWN: Final = 3


def some(names: Iterable[str]) -> str:
    """The first few in order of the alphabet."""
    ordered = sorted(names)
    shown = ", ".join(ordered[:NAMES_SHOWN])
    more = len(ordered) - NAMES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def days_in_words(days: Sequence[date]) -> str:
    """The first few runs: ``2026-11-10, 2026-11-12 to 2026-11-14 and 9 days more``."""
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and runs[-1][1] + timedelta(days=1) == day:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    shown = [str(a) if a == b else f"{a} to {b}" for a, b in runs[:NAMES_SHOWN]]
    more = sum((b - a).days + 1 for a, b in runs[NAMES_SHOWN:])
    return ", ".join(shown) + (f" and {more} day{'s' if more > 1 else ''} more" if more else "")
