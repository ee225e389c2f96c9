"""What somebody may have meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from itertools import islice
from typing import Final

FEW: Final = 200
"""Names that are compared one by one."""


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like it, whatever the case, if one is like it at all."""
    by_folded = {name.casefold(): name for name in sorted(known, reverse=True)}
    close = get_close_matches(word[:200].casefold(), list(by_folded), 1, 0.6)
    return by_folded[close[0]] if close else None


def closest_of_many(name: str, known: Collection[str]) -> str | None:
    """The same, of thousands of names: only of those that are as long, and begin or end alike, as
    with one slip."""
    if len(known) <= FEW:
        return closest(name, known)
    begin, end, size = name[:3], name[-8:], len(name)
    alike = (
        one
        for one in known
        if -1 <= len(one) - size <= 1 and (one.startswith(begin) or one.endswith(end))
    )
    return closest(name, islice(alike, FEW))


def choose(word: str, known: Iterable[str], otherwise: str) -> str:
    """A remedy: the closest word, or the choice where it is short, or ``otherwise``."""
    names = sorted(set(known))
    meant = closest(word, names)
    if meant is not None:
        return f"did you mean `{meant}`?"
    if 0 < len(names) <= 12:
        return "take one of " + ", ".join(f"`{name}`" for name in names)
    return otherwise
