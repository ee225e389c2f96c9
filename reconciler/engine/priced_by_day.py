"""The price of a line, now and on an earlier day.

BMS keeps one price per row and no day of it. A step dated before the day from which the line's
price holds is written at the price of its own day; what comes after it sets every row to the new
one.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from reconciler.engine.frame import Replaced
from reconciler.engine.lines import LineWork
from reconciler.engine.price_waits import priced_from
from reconciler.engine.question import settings_on

Source: TypeAlias = Literal["line", "config", "catalogue"]
"""Where a price comes from."""

NONE: Final[Replaced] = {}


def price_of(work: LineWork) -> tuple[Decimal, Decimal, Source]:
    """(price before, price to bill at, where that comes from), on the day of the plan.

    A line that is there keeps its price before it may be changed, and after its end.
    """
    rows = work.bound.rows
    newest = max(rows, key=lambda row: row.id) if rows else work.bound.service
    before = newest.price
    if work.settings.price is not None and (work.priced or not rows):
        return before, work.settings.price, "config"
    return before, before, "line" if rows else "catalogue"


def price_on_day(
    work: LineWork, day: date, as_of: date, replaced: Replaced = NONE
) -> tuple[Decimal, Source]:
    """What a unit from ``day`` on is written at: what the configuration names for that day, else
    the line's own, which writes of ours may have replaced since. A day after the plan's has the
    price of today, and so has every day of a line whose price a revert takes back."""
    _, now, source = price_of(work)
    named = work.settings.price is not None
    if not named or day >= as_of or work.bound.price_back is not None:
        return now, source
    # A line that has ended had the prices of its days, and none that came too late for it.
    if source == "config":
        on = priced_from(work.bound, work.known.timeline, work.desired.timeline, day)
        then = settings_on(work.bound.line, on).price
        if then is not None:
            return then, source
    return price_there(work, day, replaced), "line" if work.bound.rows else "catalogue"


def price_there(work: LineWork, day: date, replaced: Replaced) -> Decimal:
    """The price that BMS had for the line on that day, as far as writes of ours replaced it."""
    mine = (one for one in replaced.get(work.bound.key, ()) if one.day > day)
    return next((one.price for one in mine), price_of(work)[0])


def price_at(work: LineWork, moment: datetime, replaced: Replaced) -> Decimal:
    """The same of a moment."""
    mine = replaced.get(work.bound.key, ())
    before = [one.after for one in mine if one.at <= moment]
    return before[-1] if before else mine[0].price if mine else price_of(work)[0]
