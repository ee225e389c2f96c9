"""Findings that say the same of several lines, to be told once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reconciler.report.subjects import about_each
from reconciler.report.words import listed, listed_few, needs_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from reconciler.model.finding import Finding

NAMED: Final = 3
"""Of what is only good to know."""

ENOUGH: Final = 400
"""Characters of names that are told at once where a person must act."""
_NAME: Final = 100
"""No name counts for more: a text that must stay small cuts it."""


@dataclass(frozen=True, slots=True)
class Alike:
    """One finding, or several that differ only in what they are about."""

    first: Finding
    subjects: tuple[str, ...]
    findings: int = 1
    """How many they are."""

    def about(self, written: Callable[[str], str] = str) -> str:
        """Each as ``written``, or the first of what is only good to know; empty where the message
        names it."""
        if needs_person(self.first):
            return listed([written(one) for one in self.subjects])
        shown = [written(one) for one in self.subjects[:NAMED]]
        return listed_few([*shown, *self.subjects[NAMED:]], NAMED)


def alike(found: Iterable[Finding], room: int = 4 * ENOUGH) -> Sequence[Alike]:
    """In their order, each at the place of its first; what has money of its own stays alone.

    Where a person must act, many are told by several whose names take no more than a part of the
    ``room``, so that as many as fit are named.
    """
    told: dict[object, list[Finding]] = {}
    for number, one in enumerate(found):
        key = number if one.money else (one.code, one.message, one.remedy, one.origin)
        told.setdefault(key, []).append(one)
    return [part for same in told.values() for part in _told(same, min(room // 4, ENOUGH))]


def findings_in(told: Iterable[Alike]) -> int:
    """What is left out is counted so: each stands for a line."""
    return sum(one.findings for one in told)


def _told(same: Sequence[Finding], most: int) -> Iterator[Alike]:
    first, named = same[0], _named(same)
    parts = _parts(named, most) if needs_person(first) else [tuple(named)]
    for part in parts:
        yield Alike(first, tuple(filter(None, part)), sum(named[one] for one in part))


def _named(same: Sequence[Finding]) -> Mapping[str, int]:
    """By its name, how many are about it."""
    some = dict.fromkeys(one.subject for one in same)
    told = dict(zip(some, about_each(list(some), same[0].message), strict=True))
    return Counter(told[one.subject] for one in same)


def _parts(named: Iterable[str], most: int) -> Iterator[tuple[str, ...]]:
    part: list[str] = []
    size = 0
    for one in named:
        size += min(len(one), _NAME)
        if part and size > most:
            yield tuple(part)
            part, size = [], min(len(one), _NAME)
        part.append(one)
    yield tuple(part)
