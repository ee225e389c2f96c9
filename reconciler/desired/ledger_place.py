"""Where a configuration's ledger is kept, whatever else is wrong with its billing.yaml."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from reconciler.desired import careful
from reconciler.desired.folders import BILLING
from reconciler.model.desired import LedgerBranch


def ledger_place(directory: Path) -> LedgerBranch | None:
    """None where it has none, or cannot be read so far."""
    content = b""
    with suppress(OSError):
        content = (directory / BILLING).read_bytes()
    root, _ = careful.read(content, BILLING)
    said = root.plain() if root is not None else None
    ledger = said.get("ledger") if isinstance(said, dict) else None
    if not isinstance(ledger, dict) or not isinstance(branch := ledger.get("branch"), str):
        return None
    remote = ledger.get("remote")
    return LedgerBranch(branch, remote) if isinstance(remote, str) else LedgerBranch(branch)
