"""In which order the steps of one line are written."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.plan import Change
from reconciler.model.timeline import UNKNOWN, Timeline


def in_writing_order(changes: Sequence[Change], known: Timeline) -> Sequence[Change]:
    """The plan's, by day, of differences that are added to what BMS has.

    Taking back a peak of one day lowers the days after it too, until its other end is written.
    Where that would leave fewer than 0 units between two writes, all that rises is written first.
    """
    have = known
    for change in changes:
        have = have.adding(change.day, change.posts)
        if any(units is not UNKNOWN and units < 0 for _, units in have.steps):
            return sorted(changes, key=lambda change: change.posts < 0)
    return changes
