"""Approvals that fit no change of today, in sentences: only what can come true is promised."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from reconciler.report.money import signed, with_code
from reconciler.report.sentences import Next
from reconciler.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconciler.engine.caused import Caused
    from reconciler.model.approval import Approval

SHOWN: Final = 5


def headline(ahead: Sequence[Approval], currency: str) -> str:
    """The first part of the first sentence."""
    changes = counted(len(ahead), "change")
    return f" approves {changes} in advance: {_money(ahead, currency)} per month"


def fits_nothing(unfit: Sequence[Approval]) -> str:
    """``1 approval fits no change``."""
    return f"{counted(len(unfit), 'approval')} {_fit(unfit)} no change"


def sentences(found: Caused, currency: str) -> Iterator[str]:
    """What comes of them when their periods are over."""
    if found.ahead:
        yield (
            f"{counted(len(found.ahead), 'approval')} ({_money(found.ahead, currency)} per month)"
            f" {_fit(found.ahead)} no change of today: each lets its change be written once its"
            " days are closed, if the numbers are still these."
        )
    if found.unfit:
        names = [_named(one) for one in found.unfit[:SHOWN]]
        more = len(found.unfit) - len(names)
        it = "it lets" if len(found.unfit) == 1 else "they let"
        yield (
            f"{counted(len(found.unfit), 'approval')} {_fit(found.unfit)} no change of today, and"
            f" none of when running periods are over, by forecast ({'; '.join(names)}"
            f"{f'; {more:,} more' if more else ''}): {it} nothing be written unless a change comes"
            " out with exactly that id and those numbers."
        )


def next_steps(unfit: Sequence[Approval]) -> Iterator[Next]:
    """What to do about those that let nothing be written."""
    if unfit:
        yield Next(
            "See that what is approved is what the plan has: take an approval that fits no change"
            " out of its file, and approve anew what still waits."
        )


def _named(one: Approval) -> str:
    units = f"{one.from_units:,} → {one.to_units:,} from {one.day}"
    return f"{one.change} for {one.service} of {one.account}, {units}"


def _fit(some: Sequence[Approval]) -> str:
    return "fits" if len(some) == 1 else "fit"


def _money(some: Sequence[Approval], currency: str) -> str:
    return with_code(signed(sum((one.monthly for one in some), Decimal(0)), currency), currency)
