"""What an edit comes to when the running period is over, in sentences."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from reconciler.report.money import signed, with_code
from reconciler.report.words import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconciler.engine.foreseen import Foreseen
    from reconciler.model.approval import Approval

SHOWN: Final = 5


def headline(found: Sequence[Foreseen], currency: str) -> str:
    """A part of the first sentence."""
    return " and ".join(f"{in_short(some, currency)} {when}" for when, some in _by_time(found))


def in_short(found: Sequence[Foreseen], currency: str) -> str:
    """``by forecast +90.00 USD per month on 1 line``."""
    return f"by forecast {_money(found, currency)} per month on {counted(len(found), 'line')}"


def sentences(found: Sequence[Foreseen], currency: str) -> Iterator[str]:
    """Where any line comes out otherwise: which, biggest money first."""
    for when, some in _by_time(found):
        named = [_line(one, currency) for one in some[:SHOWN]]
        more = len(some) - len(named)
        rest = [counted(more, "more line")] if more else []
        yield (
            f"{when[0].upper()}{when[1:]}, it comes to {_money(some, currency)} per month:"
            f" {listed([*named, *rest])}. This is a forecast with the newest readings; it is"
            " planned again then, and written as each line's mode says."
        )


def voids(found: Sequence[Approval]) -> str:
    """``voids 1 approval``."""
    return f"voids {counted(len(found), 'approval')}"


def voided(found: Sequence[Approval]) -> Iterator[str]:
    """Which approvals count no more, if any."""
    if found:
        named = [
            f"{one.service} of {one.account}, {one.from_units:,} → {one.to_units:,} from {one.day}"
            for one in found[:SHOWN]
        ]
        more = len(found) - len(named)
        rest = f"; {more:,} more" if more else ""
        it = "it names" if len(found) == 1 else "they name"
        yield (
            f"It {voids(found)} ({'; '.join(named)}{rest}): what {it} does not come out so any"
            " more, and a person is asked again where one must be."
        )


def _by_time(found: Sequence[Foreseen]) -> Iterator[tuple[str, Sequence[Foreseen]]]:
    """What waits for readings, and what for the end of its period, each with when that is."""
    waiting = [one for one in found if one.end is None]
    if waiting:
        yield "once the readings that are missing today are there", waiting
    days = sorted({one.end for one in found if one.end is not None})
    if not days:
        return
    over = f"the running period is over on {days[0]}"
    if len(days) > 1:
        over = f"the running periods are over between {days[0]} and {days[-1]}"
    yield f"when {over}", [one for one in found if one.end is not None]


def _line(one: Foreseen, currency: str) -> str:
    money = with_code(signed(one.monthly, currency), currency)
    return (
        f"{one.line.service} of {one.line.account} ({one.before:,} → {one.after:,} units from"
        f" {one.day}, {money})"
    )


def _money(found: Sequence[Foreseen], currency: str) -> str:
    return with_code(signed(sum((one.monthly for one in found), Decimal(0)), currency), currency)
