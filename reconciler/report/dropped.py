"""Lines that a pull request stops keeping in step with usage, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reconciler.model.settings import TO_FILL_IN
from reconciler.report.sentences import Next
from reconciler.report.some_lines import it, named
from reconciler.report.words import counted, full_stop, listed_few

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconciler.engine.dropped import Dropped, NewlyFixed
    from reconciler.model.plan import LineRef

SHOWN: Final = 5


def in_short(found: Dropped) -> Iterator[str]:
    """``takes 1 line out of the configuration``."""
    if found.removed:
        yield f"takes {counted(len(found.removed), 'line')} out of the configuration"
    if found.lost:
        named = "it is named" if len(found.lost) == 1 else "they are named"
        yield f"loses {counted(len(found.lost), 'line')} that BMS does not have as {named}"
    if found.fixed:
        unsaid = ", and nobody said why" if lacks_reason(found) else ""
        yield f"fixes the units of {counted(len(found.fixed), 'line')}{unsaid}"


def lacks_reason(found: Dropped) -> bool:
    """Does it fix units, with the words that stand for a reason?"""
    return any(one.fixed.lacks_reason for one in found.fixed)


def sentences(found: Dropped) -> Iterator[str]:
    """Which lines these are, and what becomes of them."""
    if found.removed:
        yield (
            f"It takes {counted(len(found.removed), 'line')} out of the configuration:"
            f" {full_stop(named(found.removed))} BMS goes on billing {it(found.removed)} with the"
            f" units {_has(found.removed)}."
        )
    if found.lost:
        yield (
            f"{counted(len(found.lost), 'line')} can no longer be found in BMS:"
            f" {full_stop(named(found.lost))} Until that is mended nothing keeps {it(found.lost)}"
            f" in step, and BMS goes on billing {it(found.lost)} with the units"
            f" {_has(found.lost)}."
        )
    if found.fixed:
        some = [_fixed(one) for one in found.fixed]
        yield (
            f"It fixes the units of {counted(len(found.fixed), 'line')}, which usage moves no more:"
            f" {full_stop(listed_few(some, SHOWN))}"
        )


def next_steps(found: Dropped) -> Iterator[Next]:
    """What to look at before merging."""
    if lacks_reason(found):
        yield Next(f"Say why units are fixed, in place of “{TO_FILL_IN}”.")
    if found.removed:
        yield Next("Make sure that what it takes out is to be billed on as it is; else end it.")


def _fixed(one: NewlyFixed) -> str:
    until = "" if one.fixed.until is None else f" up to {one.fixed.until}"
    return f"{one.line.service} of {one.line.account} at {one.fixed.units:,}{until}"


def _has(lines: Sequence[LineRef]) -> str:
    return "it has" if len(lines) == 1 else "they have"
