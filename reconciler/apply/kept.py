"""A clock whose waiting keeps the lease: BMS's limits can make a run wait longer than it lasts."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from reconciler.apply.journal import Clock, Tenure

SLICE: Final = 300.0
"""Seconds slept at most before the lease is renewed; well under its length."""


class KeptClock:
    """Tells the time of another clock."""

    def __init__(self, clock: Clock, lease: Tenure) -> None:
        self._clock = clock
        self._lease = lease

    def now(self) -> datetime:
        """The present instant."""
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        """Let time pass. ``LeaseLost`` where the lease could not be kept: then nothing is sent."""
        while seconds > 0:
            part = min(seconds, SLICE)
            self._clock.sleep(part)
            self._lease.renew()
            seconds -= part
