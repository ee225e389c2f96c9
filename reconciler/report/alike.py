"""Findings that say the same of several lines, to be told once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reconciler.report.words import about, listed_few, needs_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from reconciler.model.finding import Finding

NAMED: Final = 3
NAMED_WHERE_A_PERSON_ACTS: Final = 50


@dataclass(frozen=True, slots=True)
class Alike:
    """One finding, or several that differ only in what they are about."""

    first: Finding
    subjects: tuple[str, ...]

    def about(self, written: Callable[[str], str] = str) -> str:
        """The first of them, each as ``written``; empty where the message names them."""
        most = NAMED_WHERE_A_PERSON_ACTS if needs_person(self.first) else NAMED
        shown = [written(one) for one in self.subjects[:most]]
        return listed_few([*shown, *self.subjects[most:]], most)


def alike(found: Iterable[Finding]) -> Sequence[Alike]:
    """In their order, each at the place of its first; what has money of its own stays alone."""
    told: dict[object, list[Finding]] = {}
    for number, one in enumerate(found):
        key = number if one.money else (one.code, one.message, one.remedy, one.origin)
        told.setdefault(key, []).append(one)
    return [_told(same) for same in told.values()]


def _told(same: Sequence[Finding]) -> Alike:
    subjects = dict.fromkeys(about(one.subject, one.message) for one in same)
    return Alike(same[0], tuple(filter(None, subjects)))
