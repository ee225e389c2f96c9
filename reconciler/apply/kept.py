"""A clock whose waiting keeps the lease: BMS's limits can make a run wait longer than it lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from reconciler.apply.journal import Clock, Tenure
from reconciler.model.errors import BmsThrottled

SLICE: Final = 300.0
"""Seconds slept at most before the lease is renewed; well under its length."""

PATIENCE: Final = timedelta(minutes=2)
"""How old an intent may be when its write goes out. One that goes out much later could land when
its absence already counts as proof that it was not done."""


class PauseFirst(BmsThrottled):
    """A write would have to wait, too long after its intent: nothing was sent."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"BMS asks for a pause of {round(seconds / 60)} minutes before a write",
            remedy="run again after it",
        )
        self.seconds = seconds


class KeptClock:
    """Tells the time of another clock."""

    def __init__(self, clock: Clock, lease: Tenure) -> None:
        self._clock = clock
        self._lease = lease
        self._until: datetime | None = None

    def now(self) -> datetime:
        """The present instant."""
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        """Let time pass.

        ``LeaseLost`` where the lease could not be kept, ``BmsThrottled`` where a write would wait
        too long: in both cases nothing is sent.
        """
        if self._until is not None and self.now() + timedelta(seconds=seconds) > self._until:
            raise PauseFirst(seconds)
        while seconds > 0:
            part = min(seconds, SLICE)
            self._clock.sleep(part)
            self._lease.renew()
            seconds -= part

    @contextmanager
    def writing(self, since: datetime) -> Iterator[None]:
        """Around a write whose intent is of ``since``: it goes out in time, or not at all.

        Also where this very process was suspended in between.
        """
        self._until = since + PATIENCE
        if self.now() > self._until:
            raise BmsThrottled(
                f"a write was not sent within {round(PATIENCE.total_seconds() / 60)} minutes of its"
                " intent",
                remedy="run again",
            )
        try:
            yield
        finally:
            self._until = None
