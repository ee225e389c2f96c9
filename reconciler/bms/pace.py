"""1,500 calls per hour and endpoint: counting our own, and how long to wait."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from reconciler.bms.calls import Call

WINDOW: Final = timedelta(hours=1)
LIMIT: Final = 1500


class Pace:
    """The calls of the last hour by endpoint. One may be shared by several clients."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._made: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def wait(self, call: Call, now: datetime) -> float:
        """Seconds until the endpoint may be called again; 0 when it may be now."""
        made = self._recent(call, now)
        if len(made) < self._limit:
            return 0.0
        return max(0.0, (made[-self._limit] + WINDOW - now).total_seconds())

    def note(self, call: Call, now: datetime) -> None:
        """Count one call."""
        self._made[call.endpoint].append(now)

    def used(self, call: Call, now: datetime) -> int:
        """Calls to the endpoint in the last hour."""
        return len(self._recent(call, now))

    def estimate(self, planned: Mapping[Call, int], now: datetime) -> float:
        """Seconds of waiting, at least, that so many calls of each kind will need."""
        return max((self._delay(call, count, now) for call, count in planned.items()), default=0.0)

    def _delay(self, call: Call, count: int, now: datetime) -> float:
        times = list(self._recent(call, now))
        for _ in range(count):
            full = len(times) >= self._limit
            times.append(max(now, times[-self._limit] + WINDOW) if full else now)
        return (times[-1] - now).total_seconds() if count else 0.0

    def _recent(self, call: Call, now: datetime) -> deque[datetime]:
        made = self._made[call.endpoint]
        while made and made[0] + WINDOW <= now:
            made.popleft()
        return made
