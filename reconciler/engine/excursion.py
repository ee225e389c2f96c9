"""How far the steps of one line go, at their widest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate

from reconciler.model.plan import Change


def units_moved(line: Sequence[Change]) -> tuple[int, int] | None:
    """Units before, and those of the step farthest from them; None without a change of units."""
    units = [change for change in line if change.kind != "price"]
    if not units:
        return None
    before, levels = units[0].units_before, {c.day: c.units_after for c in units}
    return before, max(levels.values(), key=lambda after: abs(after - before))


def money_moved(line: Sequence[Change]) -> Decimal:
    """What the line moves at its widest, never negative.

    Steps up and down do not cancel, but for parts of one step, which have a day in common; nor do
    price and units. It is per month, or what is prorated for the steps in all where that is more.
    """
    units = [change for change in line if change.kind != "price"]
    by_day: dict[date, Decimal] = defaultdict(Decimal)
    for change in units:
        by_day[change.day] += change.money.monthly
    widest = max((abs(sum_) for sum_ in accumulate(by_day.values())), default=Decimal(0))
    prorated = abs(sum((change.money.prorated for change in units), Decimal(0)))
    prices = (abs(c.money.monthly) for c in line if c.kind == "price")
    return max(widest, prorated) + sum(prices, Decimal(0))
