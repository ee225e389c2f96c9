"""What somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like it, whatever the case, if one is like it at all."""
    by_folded = {name.casefold(): name for name in sorted(known, reverse=True)}
    close = get_close_matches(word[:200].casefold(), list(by_folded), 1, 0.6)
    return by_folded[close[0]] if close else None


def choose(word: str, known: Iterable[str], otherwise: str) -> str:
    """A remedy: the closest word, or the choice where it is short, or ``otherwise``."""
    names = sorted(set(known))
    meant = closest(word, names)
    if meant is not None:
        return f"did you mean `{meant}`?"
    if 0 < len(names) <= 12:
        return "take one of " + ", ".join(f"`{name}`" for name in names)
    return otherwise
