"""What the executor needs of the ledger and of BMS, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from reconciler.bms.calls import Call
from reconciler.bms.lines import NewRow, PostedRow
from reconciler.model.bms import Contract, Row
from reconciler.model.ledgered import Agreement, Intent, KnownFact, Settled


class Clock(Protocol):
    """Tells the time and lets it pass."""

    def now(self) -> datetime: ...

    def sleep(self, seconds: float) -> None: ...


class Writer(Protocol):
    """The calls that write to BMS, and those that read a write back."""

    def login(self) -> None: ...

    def estimate(self, planned: Mapping[Call, int]) -> float: ...

    def post_service(self, contract_id: int, row: NewRow) -> PostedRow: ...

    def bulk_price(
        self, service_id: int, rows: Sequence[tuple[int, int]], price: Decimal
    ) -> None: ...

    def job_running(self, service_id: int) -> bool: ...

    def rows(self, service_id: int, *, contract_name: str | None = None) -> tuple[Row, ...]: ...

    def contract_total(self, contract: Contract) -> Decimal: ...


class Journal(Protocol):
    """The ledger's part: each call is durable when it returns."""

    def append_intent(self, intent: Intent) -> None: ...

    def settle(self, settled: Settled, learned: Sequence[KnownFact] = ()) -> bool: ...

    def append_agreements(self, new: Sequence[Agreement]) -> None: ...


class Tenure(Protocol):
    """The lease: one apply per ledger."""

    @property
    def number(self) -> int: ...

    def renew(self) -> None: ...
