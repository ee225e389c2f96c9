"""What changes come to per month, where that can be told."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from reconciler.model.plan import UNITS_UNKNOWN
from reconciler.report.money import signed, with_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler.model.plan import Change


def is_untold(change: Change) -> bool:
    """Is it a price of units that nobody knows?"""
    return UNITS_UNKNOWN in change.steps


def figure(some: Iterable[Change], currency: str) -> str:
    """Per month, without the currency; what nobody can tell is not 0.00."""
    changes = tuple(some)
    if changes and all(map(is_untold, changes)):
        return "unknown"
    worth = sum((change.money.monthly for change in changes), Decimal(0))
    return signed(worth, currency)


def per_month(some: Iterable[Change], currency: str) -> str:
    """``+1,200.00 USD per month``, and what is not in that."""
    changes = tuple(some)
    untold = sum(map(is_untold, changes))
    if untold and untold == len(changes):
        return "money unknown"
    money = f"{with_code(figure(changes, currency), currency)} per month"
    return f"{money} and {untold:,} of unknown money" if untold else money
