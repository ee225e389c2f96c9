"""Short names for exact content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def digest(parts: Iterable[object]) -> str:
    """SHA-256 over the parts' text, in order."""
    text = "\x1f".join(map(str, parts))
    return hashlib.sha256(text.encode()).hexdigest()


def change_id(parts: Iterable[object]) -> str:
    """The first 16 digits; names one exact change of one line."""
    return digest(parts)[:16]
