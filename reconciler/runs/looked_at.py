"""Up to which commit of the main line merges were looked at."""

from __future__ import annotations

from typing import Final

from reconciler.git import GitError, Revisions
from reconciler.ledger import Ledger
from reconciler.model.errors import ReconcilerError

KIND: Final = "merge"
"""Of the runs that the ledger has for it, one per commit."""

RECENT: Final = 10_000


def last_looked_at(ledger: Ledger) -> str | None:
    """None where none ever was."""
    return next((run.commit for run in ledger.history(RECENT) if run.kind == KIND), None)


class OutdatedCheckout(ReconcilerError):
    """The configuration here is older than one that was applied already."""


def require_newest(ledger: Ledger, revisions: Revisions) -> None:
    """OutdatedCheckout where merges after this checkout were looked at already.

    Otherwise a job that waited, or is run again, would take back what they wrote.
    """
    before = last_looked_at(ledger)
    if before is None:
        return
    try:
        outdated = revisions.is_before("HEAD", before)
    except GitError:
        return  # the main line was rewritten, or this is no repository: nothing is sure
    if outdated:
        raise OutdatedCheckout(
            f"this checkout is older than {before[:12]}, whose merge was looked at already",
            where=str(revisions.folder),
            remedy="check out the newest commit of the main branch, and run again",
        )
