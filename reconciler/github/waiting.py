"""Whether, and after how long, a call to GitHub is made again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import httpx

TRIES: Final = 5
FIRST: Final = 1.0
LONGEST: Final = 120.0
"""A run does not wait longer at a time; what GitHub asks beyond that ends it."""


def pause(answer: httpx.Response | None, tries: int) -> float | None:
    """Seconds to wait after the ``tries``-th try; None not to try again.

    GitHub's documentation: `Retry-After` first; then the instant of `x-ratelimit-reset` where none
    are left; a secondary limit without either is left alone for a minute, doubled each time.
    """
    if tries >= TRIES:
        return None
    if answer is None or answer.status_code >= 500:
        return FIRST * 2.0 ** (tries - 1)
    if answer.status_code not in (403, 429):
        return None
    asked = _asked(answer)
    if asked is None:
        limited = answer.status_code == 429 or "rate limit" in answer.text.lower()
        asked = 60.0 * 2.0 ** (tries - 1) if limited else None
    return asked if asked is not None and asked <= LONGEST else None


def _asked(answer: httpx.Response) -> float | None:
    after = answer.headers.get("retry-after", "")
    if after.isdecimal():
        return float(after)
    reset = answer.headers.get("x-ratelimit-reset", "")
    if answer.headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
        return max(0.0, float(reset) - time.time()) + 1.0
    return None
