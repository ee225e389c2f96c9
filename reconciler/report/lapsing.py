"""By when to merge what is dated in an earlier period, so that all of it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.engine.lapses import lapsing
from reconciler.engine.periods import DAY
from reconciler.report.money import signed, with_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reconciler.engine.lapses import Lapse
    from reconciler.model.plan import Change


def sentences(lapses: Iterable[Lapse], changes: Iterable[Change], currency: str) -> Iterator[str]:
    """For whoever may merge these ``changes``."""
    for one in lapsing(lapses, {change.id for change in changes}):
        money = with_code(signed(one.money, currency), currency)
        yield (
            f"Merge it by {one.on - DAY} to have all of it written: from {one.on} on no plan looks"
            f" at days before {one.first} that are invoiced, and what {one.says}"
            f" {'come' if one.several else 'comes'} to there, {money}, is never billed."
        )
