"""Money of units over part of a period: exact until one rounding per line."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Final, Literal, TypeAlias

from reconciler.engine.periods import Cycle, Period

DayCount: TypeAlias = Literal["actual", "fixed-30", "30-360"]

RoundingMode: TypeAlias = Literal["half-up", "half-even", "up", "down"]

EXPONENTS: Final[dict[str, int]] = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
"""Digits after the point by ISO 4217; any other currency has 2."""

NOMINAL_DAYS: Final[dict[Cycle, int]] = {
    "weekly": 7,
    "monthly": 30,
    "quarterly": 90,
    "yearly": 360,
}

PER_MONTH: Final[dict[Cycle, Fraction]] = {
    "weekly": Fraction(52, 12),
    "monthly": Fraction(1),
    "quarterly": Fraction(1, 3),
    "yearly": Fraction(1, 12),
}


def exponent(currency: str) -> int:
    """Digits after the point."""
    return EXPONENTS.get(currency, 2)


@cache
def half_a_minor_unit(currency: str) -> Decimal:
    """What two amounts may differ by and be the same."""
    return Decimal(5).scaleb(-exponent(currency) - 1)


def days_billed(
    first: date, end: date, period: Period, cycle: Cycle, day_count: DayCount
) -> tuple[int, int]:
    """Days of ``[first, end)`` and of those that the price is for, as the convention counts them.

    A whole period is always ``(n, n)``, so a constant quantity bills exactly its price.
    """
    priced_first, priced_end = period.priced
    if day_count == "30-360":
        # A 30th alone is no day of 30/360, and would leave nothing to divide by.
        whole = max(1, _days_360(priced_first, priced_end))
        is_whole = (first, end) == period.priced
        return (whole if is_whole else min(_days_360(first, end), whole)), whole
    whole = (priced_end - priced_first).days
    days = max(0, (end - first).days)
    if day_count == "actual":
        return days, whole
    nominal = NOMINAL_DAYS[cycle]
    return (nominal if days == whole else min(days, nominal)), nominal


def rest_of_period(
    day: date, period: Period, cycle: Cycle, day_count: DayCount, *, change_day_billed: bool = True
) -> tuple[int, int]:
    """Days billed when a change takes effect on ``day`` and runs to the period's end."""
    first = day if change_day_billed or day == period.first else day + timedelta(days=1)
    return days_billed(max(first, period.first), period.end, period, cycle, day_count)


def amount(units: int | Fraction, price: Decimal, days: int, of: int) -> Fraction:
    """Exact money of units over ``days`` of ``of``."""
    return Fraction(price) * units * days / of


def monthly(units: int | Fraction, price: Decimal, cycle: Cycle) -> Fraction:
    """Exact money per month of units billed every cycle."""
    return Fraction(price) * units * PER_MONTH[cycle]


def rounded(money: Fraction, currency: str, mode: RoundingMode = "half-up") -> Decimal:
    """At the currency's exponent. Ties by half-up go away from zero; up and down likewise mean
    away from zero and towards it, so that a credit mirrors its charge."""
    digits = exponent(currency)
    scaled = abs(money) * 10**digits
    whole = _whole(scaled, mode)
    return Decimal(-whole if money < 0 else whole).scaleb(-digits)


def _whole(scaled: Fraction, mode: RoundingMode) -> int:
    match mode:
        case "half-up":
            return (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
        case "half-even":
            return round(scaled)
        case "up":
            return -(-scaled.numerator // scaled.denominator)
        case "down":
            return scaled.numerator // scaled.denominator


def _days_360(first: date, end: date) -> int:
    return max(0, _day_360(end) - _day_360(first))


def _day_360(day: date) -> int:
    last_of_month = (day + timedelta(days=1)).month != day.month
    return day.year * 360 + day.month * 30 + (30 if last_of_month else day.day)
