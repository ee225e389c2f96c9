"""One run at a time that writes to BMS, or says what BMS has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from reconciler.apply.kept import KeptClock
from reconciler.ledger import Lease, Ledger
from reconciler.runs.holder import holder
from reconciler.runs.surroundings import Surroundings

LEASE: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Held:
    """The lease while it is ours."""

    lease: Lease
    clock: KeptClock
    around: Surroundings
    """With a clock whose waiting keeps the lease."""


@contextmanager
def leased(around: Surroundings, ledger: Ledger, what: str) -> Iterator[Held]:
    """Raises LedgerLocked while another run is at work. ``what``: for those who are locked out."""
    with ledger.lease(holder(what), LEASE, around.clock.now) as lease:
        clock = KeptClock(around.clock, lease)
        yield Held(lease, clock, replace(around, clock=clock))
