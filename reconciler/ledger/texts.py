"""Values as the ledger stores them: decimals, days and instants are text, lists are JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def quantity_text(quantity: Decimal) -> str:
    """The shortest plain text of a quantity: equal quantities give equal text."""
    text = format(quantity, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def instant_text(at: datetime) -> str:
    """An instant in UTC, always of the same width, so that text order is time order."""
    if at.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {at}")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def instant(text: str) -> datetime:
    """The inverse of `instant_text`."""
    return datetime.fromisoformat(text)


def compact(value: object) -> str:
    """JSON without spaces and with sorted keys: equal values give equal text."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def parse(text: str) -> Any:
    """The value of JSON that `compact` wrote. It never holds floats: decimals are strings."""
    return json.loads(text)


def runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days as runs of consecutive days, inclusive and sorted."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and (day - found[-1][1]).days == 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _same(word: Any) -> Any:
    return word


class Reader:
    """Parses days, decimals and instants, each distinct text once; keeps one of equal words."""

    __slots__ = ("day", "decimal", "instant", "word")

    def __init__(self) -> None:
        self.day = cache(date.fromisoformat)
        self.decimal = cache(Decimal)
        self.instant = cache(instant)
        self.word = cache(_same)
