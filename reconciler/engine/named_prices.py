"""Has a merge named a line's price before its day, exactly as it is now?"""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import date
from decimal import Decimal

from reconciler.engine.lines import LineWork
from reconciler.engine.periods import DAY
from reconciler.engine.question import settings_on
from reconciler.model.desired import DesiredLine
from reconciler.model.ledgered import NamedPrice


def who_named(
    work: LineWork, before: Set[Decimal], as_of: date, found: Iterable[NamedPrice]
) -> str:
    """Who let the line have its price of today in place of these; empty where nobody did."""
    for one in found:
        moves = one.line == work.bound.key and one.after == work.settings.price
        if moves and before == {one.before} and one.day == _since(work.bound.line, as_of):
            return one.who
    return ""


def _since(line: DesiredLine, as_of: date) -> date | None:
    """The day that gave the line its price of today; None: it always had it."""
    days = sorted(one.day for one in line.settings if date.min < one.day <= as_of)
    for day in reversed(days):
        if settings_on(line, day - DAY).price != settings_on(line, day).price:
            return day
    return None
