"""Which changes are written, and which wait for a person."""

from __future__ import annotations

from typing import Final

from reconciler.model.plan import Change

WRITES: Final = ("ready", "proposed")
WAITS: Final = ("held", "by-hand")

COUNTED_WITHOUT: Final = frozenset({"POL003", "MOD004"})
"""Steps that come too early, and units that the API cannot set: those after them were computed
without them."""


def is_built_on(change: Change) -> bool:
    """Are the line's later steps computed as if this one were written?"""
    if not COUNTED_WITHOUT.isdisjoint(change.because) or is_of_invoiced_days(change):
        return False
    return change.standing in (*WRITES, *WAITS)


def is_of_invoiced_days(change: Change) -> bool:
    """Is it of invoiced days alone, which the policy leaves as they are? It is no call."""
    return change.until is not None


def is_own_price(change: Change) -> bool:
    """Is it a price of its own, which no step before it keeps back?"""
    return change.kind == "price" and change.cause in ("price", "correction")


def follows(change: Change) -> bool:
    """Is it a price that goes with the steps before it, to bring their rows to the line's? It has
    their cause."""
    return change.kind == "price" and not is_own_price(change)
