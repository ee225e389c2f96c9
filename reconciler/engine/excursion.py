"""How far the steps of one line go, at their widest."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

from reconciler.model.plan import Change


def units_moved(line: Sequence[Change]) -> tuple[int, int] | None:
    """Units before, and those of the step farthest from them; None without a change of units."""
    units = [change for change in line if change.kind != "price"]
    if not units:
        return None
    before = units[0].units_before
    return before, max((c.units_after for c in units), key=lambda after: abs(after - before))


def money_moved(line: Sequence[Change]) -> Decimal:
    """What the line moves at its widest, never negative.

    Steps up and down do not cancel, nor do price and units. It is per month, or what is prorated
    for the steps in all where that is more.
    """
    units = [change.money for change in line if change.kind != "price"]
    widest = max((abs(sum_) for sum_ in accumulate(m.monthly for m in units)), default=Decimal(0))
    prorated = abs(sum((money.prorated for money in units), Decimal(0)))
    prices = (abs(c.money.monthly) for c in line if c.kind == "price")
    return max(widest, prorated) + sum(prices, Decimal(0))
