"""Money in words: grouped, at the currency's digits, with the sign where it moves."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from reconciler.engine.proration import exponent


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
