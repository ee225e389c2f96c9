"""So many calls per endpoint and hour."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from reconciler.sandbox.clock import instant_text

if TYPE_CHECKING:
    from datetime import datetime

    from reconciler.sandbox.store import Store

_HOUR = timedelta(hours=1)


def within_limit(store: Store, endpoint: str, moment: datetime, limit: int) -> bool:
    """Count a call; False when its endpoint's hour, which begins with its first call, is full."""
    if not limit:
        return True
    found = store.row("SELECT starts, calls FROM windows WHERE endpoint = ?", endpoint)
    if found is None or found["starts"] <= instant_text(moment - _HOUR):
        store.run(
            "INSERT OR REPLACE INTO windows (endpoint, starts, calls) VALUES (?, ?, 1)",
            endpoint,
            instant_text(moment),
        )
        return True
    if found["calls"] >= limit:
        return False
    store.run("UPDATE windows SET calls = calls + 1 WHERE endpoint = ?", endpoint)
    return True
