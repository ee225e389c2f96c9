"""Which days make sense here, and what is wrong with text that looks like a day and is none."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final

FIRST: Final = date(2000, 1, 1)
LAST: Final = date(2199, 12, 31)
"""No contract is older, and nobody plans further; what is outside is a slip of the finger."""

_LOOKS_LIKE_ONE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-[0-9]{2}", re.ASCII)


def why_no_day(text: str) -> str | None:
    """``November 2026 has 30 days``; None where the text does not look like a day at all."""
    match = _LOOKS_LIKE_ONE.fullmatch(text)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    if not 1 <= month <= 12:
        return "months go from 01 to 12"
    if not year:
        return "years begin with 0001"
    return f"{date(year, month, 1):%B} {year} has {monthrange(year, month)[1]} days"
