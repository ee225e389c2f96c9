"""In which order the steps of one line are written."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.plan import Change
from reconciler.model.timeline import UNKNOWN, Timeline


def in_writing_order(changes: Sequence[Change], known: Timeline) -> Sequence[Change]:
    """The plan's, of differences that are added to what BMS has.

    Taking back a peak of one day lowers the days after it too, until its other end is written.
    Where that would leave fewer than 0 units between two writes, all that rises is written first:
    before the price too, where that comes after what is dated earlier, since it sets every row.
    """
    have = known
    for change in changes:
        have = have.adding(change.day, change.posts)
        if any(units is not UNKNOWN and units < 0 for _, units in have.steps):
            price_first = changes[0].kind == "price"
            return sorted(changes, key=lambda change: _is_last(change, price_first=price_first))
    return changes


def _is_last(change: Change, *, price_first: bool) -> bool:
    return change.posts < 0 or (change.kind == "price" and not price_first)
