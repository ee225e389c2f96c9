"""What was read, learned, decided and written: rows that are never changed."""

from reconciler.ledger.leases import Lease
from reconciler.ledger.opening import open_ledger
from reconciler.ledger.runs import Approval, Run
from reconciler.ledger.store import Ledger

__all__ = ["Approval", "Lease", "Ledger", "Run", "open_ledger"]
