"""Is a name of a type another one with a slip of typing in it?

A model's neighbour is no slip of it: numbers are the same, words are as many, and what differs is
one letter of a word without digits, or two of a long one. People get a word's first letter right;
what begins otherwise is another word (`Licensed` and `Unlicensed`).
"""

from __future__ import annotations

import re
from typing import Final

_NUMBERS: Final = re.compile(r"\d+")
_WORDS: Final = re.compile(r"[^\s_-]+")

SHORTEST: Final = 5
"""Of fewer letters, one other makes another word: `Disk` and `Desk`."""

LONG: Final = 8
"""In a word of so many letters two may be wrong."""

MOST: Final = 2
"""In the whole name."""


def slips(typed: str, meant: str) -> int | None:
    """How many it takes to type one name for the other; None where they are two names."""
    one, other = typed.casefold(), meant.casefold()
    if typed == meant or _NUMBERS.findall(one) != _NUMBERS.findall(other):
        return None
    words, others = _WORDS.findall(one), _WORDS.findall(other)
    if "".join(words) == "".join(others):
        return 1
    if len(words) != len(others):
        return None
    found = [_of_words(*pair) for pair in zip(words, others, strict=True)]
    told = [count for count in found if count is not None]
    total = sum(told)
    return total if len(told) == len(found) and total <= MOST else None


def _of_words(one: str, other: str) -> int | None:
    if one == other:
        return 0
    if not (one.isalpha() and other.isalpha()) or one[0] != other[0]:
        return None
    if _is_plural(one, other) or _is_plural(other, one):
        return 1
    size = min(len(one), len(other))
    count = _distance(one, other)
    allowed = 0 if size < SHORTEST else 1 if size < LONG else MOST
    return count if count <= allowed else None


def _is_plural(many: str, one: str) -> bool:
    return len(one) >= len("mac") and many in (f"{one}s", f"{one}es")


def _distance(one: str, other: str) -> int:
    """Letters left out, added, taken for another, or two in each other's place."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, instead in enumerate(other, 1):
            count = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != instead))
            if i > 1 and j > 1 and (letter, one[i - 2]) == (other[j - 2], instead):
                count = min(count, before[j - 2] + 1)
            row.append(count)
        before, last = last, row
    return last[-1]
