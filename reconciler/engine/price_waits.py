"""A new price on a contract that is billed in arrears waits for the invoice of the days before it.

BMS keeps one price per row and no day of it, and an invoice bills its whole period at the price of
the moment. Written earlier, the new price would be billed for days before its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reconciler.engine.bound import BoundLine
from reconciler.engine.periods import DAY
from reconciler.engine.question import price_since, settings_on
from reconciler.model.settings import LineSettings
from reconciler.model.timeline import Timeline


@dataclass(frozen=True, slots=True)
class WaitingPrice:
    """What the line is to cost, and when the invoice that it waits for can be there."""

    price: Decimal
    from_day: date
    """The first day after the period that is to be invoiced."""
    overdue: bool
    """Is a whole period over since then, and no invoice made?"""


def due_price(
    bound: BoundLine, settings: LineSettings, as_of: date, wanted: Timeline
) -> tuple[Decimal | None, WaitingPrice | None]:
    """The price that the line may be given today, and the one of ``settings`` where that waits.

    ``wanted``: its units. None is the line's own price.
    """
    price, waits, day = settings.price, None, as_of
    if bound.contract.billing.invoice != "end" or bound.price_back is not None:
        return price, waits
    begins, there = _billed_from(bound, wanted), {row.price for row in bound.rows}
    while price is not None and begins is not None and there != {price}:
        given = price_since(bound.line, day)
        since = given or bound.since or bound.contract.billing_starts
        if since is None or not _is_uninvoiced(bound, begins, since - DAY):
            break
        waits = waits or _waiting(bound, price, since - DAY, as_of)
        if given is None:
            return None, waits
        day = given - DAY
        price = settings_on(bound.line, day).price
    return price, waits


def _billed_from(bound: BoundLine, wanted: Timeline) -> date | None:
    """The first day of the line's rows; of a line that is to be added, the first with units."""
    if bound.rows:
        return min(row.date for row in bound.rows)
    return next((day for day, units in wanted.steps if units), None)


def _is_uninvoiced(bound: BoundLine, begins: date, last: date) -> bool:
    """Is the line billed for that day, and is no invoice of it made?"""
    schedule, closed = bound.contract.schedule, bound.contract.closed_through
    over = schedule.end is not None and schedule.end < last
    return last >= max(schedule.start, begins) and not over and (closed is None or closed < last)


def _waiting(bound: BoundLine, price: Decimal, last: date, as_of: date) -> WaitingPrice:
    schedule = bound.contract.schedule
    period = schedule.containing(last)
    after = schedule.following(period)
    return WaitingPrice(price, period.end, after is not None and after.end <= as_of)
