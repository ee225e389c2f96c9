"""By when to merge what is dated in an earlier period, so that all of it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.engine.lapses import lapsing
from reconciler.engine.periods import DAY
from reconciler.report.money import amount, signed, with_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reconciler.engine.lapses import Lapse, Lost
    from reconciler.model.plan import Change


def sentences(lapses: Iterable[Lapse], changes: Iterable[Change], currency: str) -> Iterator[str]:
    """For whoever may merge these ``changes``."""
    for one in lapsing(lapses, {change.id for change in changes}):
        lost = ", and ".join(_lost(each, currency) for each in one.lost)
        yield (
            f"Merge it by {one.on - DAY} to have all of it written: from {one.on} on no plan looks"
            f" at days before {one.first} that are invoiced, and {lost}."
        )


def _lost(lost: Lost, currency: str) -> str:
    if lost.is_credit:
        money = with_code(amount(-lost.money, currency), currency)
        return f"what is billed too much there for {lost.says}, {money}, is never credited"
    money = with_code(signed(lost.money, currency), currency)
    come = "come" if lost.several else "comes"
    return f"what {lost.says} {come} to there, {money}, is never billed"
