"""What a configuration lets be written, or leaves untold, without a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal[
    "mode",
    "guard",
    "assumption",
    "true_up",
    "finding",
    "waiver",
    "billing_starts",
    "invoice_run",
    "on_drift",
    "exclusion",
]
"""In the order in which they are told."""
Value: TypeAlias = "str | int | Decimal | date | None"

FOR_GOOD: Final = date.max
"""The last day of what has no end."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """One thing that one configuration has otherwise than another; None where it has none."""

    kind: Kind
    name: str
    """Which one of its kind; empty where there is only one."""
    before: Value
    after: Value
    """Of a waiver or an exclusion: its last day."""
    loosens: bool
    """Is more written, or less told, without a person?"""
    account: str = ""
    """Empty: everywhere."""
    reason: str = ""
    """As the new configuration gives it."""
