"""A BMS on this machine: the documented paths and answers, and the documented gaps.

    sandbox = Sandbox.create(":memory:", behaviour=Behaviour(line_update="upsert"), now=day)
    account = sandbox.add_account("Brass Building Supplies")
    ...
    client = httpx.Client(transport=SandboxTransport(sandbox.app), base_url=...)

`SandboxTransport` lives in `reconciler.sandbox.transport`.
"""

from __future__ import annotations

from reconciler.sandbox.behaviour import Behaviour
from reconciler.sandbox.errors import AnswerLost, AnswerTooSlow, SandboxError
from reconciler.sandbox.faults import EFFECTS as FAULT_EFFECTS
from reconciler.sandbox.faults import KINDS as FAULT_KINDS
from reconciler.sandbox.faults import FaultKind
from reconciler.sandbox.invoicing import InvoiceItem
from reconciler.sandbox.sandbox import ClientSettings, Sandbox
from reconciler.sandbox.screens import ScreenRow
from reconciler.sandbox.tables import HistoryEntry, LoggedRequest

__all__ = [
    "FAULT_EFFECTS",
    "FAULT_KINDS",
    "AnswerLost",
    "AnswerTooSlow",
    "Behaviour",
    "ClientSettings",
    "FaultKind",
    "HistoryEntry",
    "InvoiceItem",
    "LoggedRequest",
    "Sandbox",
    "SandboxError",
    "ScreenRow",
]
