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
    bound: BoundLine,
    settings: LineSettings,
    day: date,
    as_of: date,
    known: Timeline,
    wanted: Timeline,
) -> tuple[Decimal | None, WaitingPrice | None]:
    """The price that the line may be given today, and the one of ``settings`` where that waits.

    ``day``: whose settings they are. ``known`` and ``wanted``: the line's units. None is the line's
    own price.
    """
    price, waits = settings.price, None
    if not bound.contract.billing.at_end or bound.price_back is not None:
        return price, waits
    begins = _billed_from(bound, known, wanted)
    there = {row.price for row in bound.rows}
    while price is not None and begins is not None and there != {price}:
        given = price_since(bound.line, day)
        since = given or bound.since or bound.contract.billing_starts
        open_days = None if since is None else _uninvoiced(bound, begins, since - DAY)
        if since is None or open_days is None:
            break
        if not any(_has_units(units, *open_days) for units in (known, wanted)):
            break
        waits = waits or _waiting(bound, price, since - DAY, as_of)
        if given is None:
            return None, waits
        day = given - DAY
        price = settings_on(bound.line, day).price
    return price, waits


def priced_on(bound: BoundLine, first: date, as_of: date) -> date:
    """The day whose price the line is to have: in arrears its last day, once that has passed, up to
    the invoice of it; else today. ``first``: from which day on it is ours."""
    ends, closed = bound.line.last_day, bound.contract.closed_through
    if not bound.contract.billing.at_end or ends is None or not first <= ends < as_of:
        return as_of
    return ends if closed is None or closed < ends else as_of


def _billed_from(bound: BoundLine, known: Timeline, wanted: Timeline) -> date | None:
    """The first day that BMS bills the line for; of a line that is to be added, the first with
    units. A row that BMS updates has the day of its last write, so what is ``known`` counts too.
    """
    if not bound.rows:
        return next((day for day, units in wanted.steps if units), None)
    return min([row.date for row in bound.rows] + [day for day, units in known.steps if units])


def priced_from(bound: BoundLine, known: Timeline, wanted: Timeline, day: date) -> date:
    """The day whose price a unit of ``day`` is billed at: in arrears all of a period has the price
    of its first day, or of the line's first day in it."""
    schedule = bound.contract.schedule
    if not bound.contract.billing.at_end or not schedule.holds(day):
        return day
    first, begins = schedule.containing(day).first, _billed_from(bound, known, wanted)
    return min(day, first if begins is None else max(first, begins))


def _uninvoiced(bound: BoundLine, begins: date, last: date) -> tuple[date, date] | None:
    """The days up to ``last`` that the line is billed for and no invoice covers; None: that one is
    none of them."""
    schedule, closed = bound.contract.schedule, bound.contract.closed_through
    if schedule.end is not None and schedule.end < last:
        return None
    first = max(schedule.start, begins)
    if closed is not None:
        first = max(first, closed + DAY)
    return (first, last) if first <= last else None


def _has_units(units: Timeline, first: date, last: date) -> bool:
    """A period without any needs no invoice, and BMS may make none."""
    since = units.known_from
    if since is None or since > last:
        return False
    return units.at(max(first, since)) != 0 or any(
        level != 0 for day, level in units.steps if first < day <= last
    )


def _waiting(bound: BoundLine, price: Decimal, last: date, as_of: date) -> WaitingPrice:
    schedule = bound.contract.schedule
    period = schedule.containing(last)
    after = schedule.following(period)
    return WaitingPrice(price, period.end, after is not None and after.end <= as_of)
