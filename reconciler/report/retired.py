"""A configuration that a pull request takes out of the repository, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.report.sections import name
from reconciler.report.sentences import Next
from reconciler.report.words import counted, listed_few

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Retired:
    """By its folder, from the repository's top; without numbers where it had mistakes."""

    folder: str
    accounts: int | None = None
    lines: int | None = None


def in_short(found: Sequence[Retired]) -> str:
    """``takes the configuration eu/billing out``."""
    what = "configuration" if len(found) == 1 else "configurations"
    return f"takes the {what} {listed_few([one.folder for one in found], SHOWN)} out"


def headline(found: Sequence[Retired]) -> str:
    """What becomes of its lines: no plan says so, since it has none any more."""
    named = [f"{one.folder}{_size(one)}" for one in found]
    one = len(found) == 1
    return (
        f"Merging this takes the {'configuration' if one else 'configurations'}"
        f" {listed_few(named, SHOWN)} out: nothing counts {'its' if one else 'their'} lines any"
        " more, and BMS bills them on as they are."
    )


def next_steps(found: Sequence[Retired]) -> Iterator[Next]:
    """What to look at before merging."""
    if found:
        # What to do next is Markdown already; a folder's name is somebody's text.
        whose = listed_few([name(one.folder) for one in found], SHOWN)
        yield Next(
            f"Make sure that all lines of {whose} are to be billed on as they are; else end them"
            " first (`last_day:`), and let that be written."
        )


def _size(one: Retired) -> str:
    if one.accounts is None or one.lines is None:
        return ""
    return f" ({counted(one.lines, 'line')} of {counted(one.accounts, 'account')})"
