"""Whole units of a quantity."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Final

from reconciler.engine.day_runs import Quantity
from reconciler.model.settings import LineSettings, Rounding
from reconciler.model.timeline import UNKNOWN, Units

ONE: Final = Decimal(1)


def units_of(quantity: Quantity | None, settings: LineSettings) -> Units:
    """Whole units of a cumulative quantity: packs, included, rounding, minimum, maximum.

    The settings are those of one day: a commitment that has ended is not among them.
    """
    if quantity is None:
        return UNKNOWN
    if settings.multiply != ONE:
        quantity = Fraction(quantity) * Fraction(settings.multiply)
    if settings.per != ONE:
        quantity = Fraction(quantity) / Fraction(settings.per)
    if settings.included:
        quantity = Fraction(quantity) - Fraction(settings.included)
    units = max(0, whole(quantity, settings.round))
    if settings.minimum is not None:
        units = max(units, settings.minimum)
    if settings.commitment is not None:
        units = max(units, settings.commitment.floor)
    if settings.maximum is not None:
        units = min(units, settings.maximum)
    return units


def whole(quantity: Quantity, rounding: Rounding) -> int:
    """Whole units; nearest takes halves up."""
    match rounding:
        case "up":
            return math.ceil(quantity)
        case "down":
            return math.floor(quantity)
        case "nearest":
            return math.floor(Fraction(quantity) + Fraction(1, 2))
