"""One run at a time that writes to BMS, or says what BMS has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from reconciler.apply.kept import KeptClock
from reconciler.ledger import Lease, Ledger
from reconciler.model.errors import LedgerLocked
from reconciler.runs.holder import holder
from reconciler.runs.surroundings import Surroundings

LEASE: Final = timedelta(minutes=15)

_AFTER: Final = timedelta(seconds=1)
"""Waited beyond the end of a lease: clocks are set back a little at times."""

_LONGEST: Final = LEASE + timedelta(minutes=5)
"""The end is told by another machine's clock, which may be wrong by any length."""


@dataclass(frozen=True, slots=True)
class Held:
    """The lease while it is ours."""

    lease: Lease
    clock: KeptClock
    around: Surroundings
    """With a clock whose waiting keeps the lease."""


@contextmanager
def leased(
    around: Surroundings, ledger: Ledger, what: str, *, patient: bool = False
) -> Iterator[Held]:
    """Raises LedgerLocked while another run is at work. ``what``: for those who are locked out.

    ``patient``: where nobody sits before it. It first waits for the end of the lease that it finds,
    once: a run that died leaves its own behind, and one that is alive renews it.
    """
    with ExitStack() as stack:
        try:
            lease = stack.enter_context(_lease(around, ledger, what))
        except LedgerLocked as error:
            if not patient or error.until is None:
                raise
            _wait(around, error, error.until)
            lease = stack.enter_context(_lease(around, ledger, what))
        clock = KeptClock(around.clock, lease)
        yield Held(lease, clock, replace(around, clock=clock))


def _lease(around: Surroundings, ledger: Ledger, what: str) -> AbstractContextManager[Lease]:
    return ledger.lease(holder(what), LEASE, around.clock.now)


def _wait(around: Surroundings, error: LedgerLocked, until: datetime) -> None:
    left = min(max(until - around.clock.now(), timedelta()) + _AFTER, _LONGEST)
    minutes = max(1, round(left.total_seconds() / 60))
    around.progress(f"{error.message}; a run that died may have left that: waiting {minutes} min")
    around.clock.sleep(left.total_seconds())
