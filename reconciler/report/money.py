"""Money as people read it, in reports too."""

from __future__ import annotations

from typing import Final

from reconciler.engine.amounts import amount, price, signed, with_code
from reconciler.model.finding import Finding

__all__ = ["amount", "of_finding", "price", "signed", "with_code"]

_MOVED: Final = frozenset({"GRD001", "GRD002", "GRD003", "GRD004"})
"""Codes of guards, whose money says how far lines move, up or down, per month or prorated."""


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
