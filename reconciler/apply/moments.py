"""The steps of the journal, told to whoever watches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from reconciler.model.plan import Change

Moment: TypeAlias = Literal[
    "starting", "intended", "posted", "settled", "read-back", "proved", "agreed"
]
"""In order: about to write; intent durable; BMS answered; the answer in the ledger; the line read
back; the contract's total read; the agreement in the ledger."""

Watch: TypeAlias = Callable[[Moment, Change], None]


def nobody(_moment: Moment, _change: Change) -> None:
    """Watches nothing."""
