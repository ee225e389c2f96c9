"""The ledger on a git branch of its own: rows as JSON lines, one file per push, never changed.

The SQLite file is then a copy of the branch. What must outlive this machine is on the branch before
it counts: a lease, and each intent before its write is sent.
"""

from reconciler.ledger.branch.repository import Repository
from reconciler.ledger.branch.shared import SharedLedger, open_shared

__all__ = ["Repository", "SharedLedger", "open_shared"]
