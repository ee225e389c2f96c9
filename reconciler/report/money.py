"""Money as people read it: grouped, at the currency's digits, with the sign where it moves."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from reconciler.engine.proration import exponent
from reconciler.model.finding import Finding

_MOVED: Final = frozenset({"GRD001", "GRD002", "GRD003", "GRD004"})
"""Codes of guards, whose money says how far lines move, up or down, per month or prorated."""


def amount(value: Decimal, currency: str) -> str:
    """``1,234.50``: rounded half away from zero at the currency's digits; zero has no sign."""
    rounded = value.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:,f}"


def signed(value: Decimal, currency: str) -> str:
    """``+1,234.50``: a movement, its direction always said."""
    text = amount(value, currency)
    positive = value > 0 and any(digit in text for digit in "123456789")
    return f"+{text}" if positive else text


def price(value: Decimal, currency: str) -> str:
    """A price per unit: never rounded, at least the currency's digits."""
    own = value.normalize().as_tuple().exponent
    digits = max(exponent(currency), -own if isinstance(own, int) else 0)
    return f"{value:,.{digits}f}"


def with_code(text: str, currency: str) -> str:
    """``1,234.50 USD``."""
    return f"{text} {currency}"


def of_finding(finding: Finding, currency: str, written: str | None = None) -> str:
    """``+1,234.50 USD per month``, or ``1,234.50 USD`` of what a guard holds; empty without.

    ``written``: the currency as it is to be written there.
    """
    if not finding.money:
        return ""
    code = currency if written is None else written
    if finding.code in _MOVED:
        return with_code(amount(abs(finding.money), currency), code)
    return f"{with_code(signed(finding.money, currency), code)} per month"
