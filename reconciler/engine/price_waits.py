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
from reconciler.engine.question import price_since
from reconciler.model.settings import LineSettings


@dataclass(frozen=True, slots=True)
class WaitingPrice:
    """What the line is to cost, and when the invoice that it waits for can be there."""

    price: Decimal
    from_day: date
    """The first day after the period that is to be invoiced."""
    overdue: bool
    """Is a whole period over since then, and no invoice made?"""


def waiting_price(bound: BoundLine, settings: LineSettings, as_of: date) -> WaitingPrice | None:
    """None where the line has the price of ``settings`` or may be given it at once."""
    price, contract = settings.price, bound.contract
    reverts = bound.takes_back or bound.price_back is not None
    if contract.billing.invoice != "end" or price is None or reverts:
        return None
    since = price_since(bound.line, as_of)
    if since is None or all(row.price == price for row in bound.rows):
        return None
    last, schedule, closed = since - DAY, contract.schedule, contract.closed_through
    begins = max(schedule.start, contract.billing_starts or schedule.start)
    if last < begins or not any(row.date <= last for row in bound.rows):
        return None
    if (closed is not None and closed >= last) or (
        schedule.end is not None and last > schedule.end
    ):
        return None
    period = schedule.containing(last)
    after = schedule.following(period)
    return WaitingPrice(price, period.end, after is not None and after.end <= as_of)
