"""Lines that a pull request edits and that no plan can tell the outcome of yet, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.report.sentences import Next
from reconciler.report.some_lines import it, named
from reconciler.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconciler.engine.unplanned import NamedLine, Unplanned


def headline(found: Unplanned) -> Iterator[str]:
    """``what it says of 1 line cannot be planned yet``."""
    if found:
        yield f"what it says of {counted(len(found), 'line')} cannot be planned yet"


def in_short(found: Unplanned) -> Iterator[str]:
    """For a status, by the reason."""
    if found.unknown:
        yield f"{counted(len(found.unknown), 'edited line')} not planned: units unknown"
    if found.not_found:
        yield f"{counted(len(found.not_found), 'edited line')} not planned: not found in BMS"
    if found.uncounted:
        yield f"{counted(len(found.uncounted), 'edited line')} not counted: never read"


def sentences(found: Unplanned) -> Iterator[str]:
    """Which lines these are, why nothing is told of them, and when they are planned."""
    if found.unknown:
        yield (
            f"What it says of {named(found.unknown)} cannot be planned yet, and what that comes"
            f" to is not told here: nobody knows {_its(found.unknown)} units. It is planned when a"
            " baseline tells them."
        )
    if found.not_found:
        yield (
            f"What it says of {named(found.not_found)} cannot be planned yet, and what that comes"
            f" to is not told here: BMS does not have {it(found.not_found)} as named. It is"
            " planned when that is mended."
        )
    if found.uncounted:
        yield (
            f"What it says of {named(found.uncounted)} cannot be planned yet: no reading ever came"
            f" of something that {_counts(found.uncounted)}. Units in BMS stay as they are until"
            " one comes."
        )


def next_steps(found: Unplanned) -> Iterator[Next]:
    """Of names that do not fit BMS, the findings speak."""
    if found.uncounted:
        yield Next(
            "Look whether each organization of these lines is spelt as its product has it, and has"
            " what they count: `reconciler usage show` lists what reported."
        )
    if found.unknown:
        yield Next(
            "Take over a baseline first, with the workflow **baseline**: this is then planned again"
            " by the next daily run. Merged before, it is written later as modes and guards allow,"
            " and this comment never shows what."
        )


def _its(lines: Sequence[NamedLine]) -> str:
    return "its" if len(lines) == 1 else "their"


def _counts(lines: Sequence[NamedLine]) -> str:
    return "it counts" if len(lines) == 1 else "they count"
