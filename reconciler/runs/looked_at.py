"""Up to which commit of the main line merges were looked at."""

from __future__ import annotations

from typing import Final

from reconciler.ledger import Ledger

KIND: Final = "merge"
"""Of the runs that the ledger has for it, one per commit."""

RECENT: Final = 10_000


def last_looked_at(ledger: Ledger) -> str | None:
    """None where none ever was."""
    return next((run.commit for run in ledger.history(RECENT) if run.kind == KIND), None)
