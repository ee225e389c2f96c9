"""What invoices billed of a write that is taken back, and what its reversal comes to on them.

BMS bills a reversal in every period that is invoiced already, at the price of the reversal. The
write itself was billed in each at the price of that period's invoice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from reconciler.engine.frame import Frame
from reconciler.engine.invoiced import made_for
from reconciler.engine.late import Invoiced, invoiced_by_night, owed, writes_of
from reconciler.engine.lines import LineWork
from reconciler.engine.priced_by_day import price_at, price_there
from reconciler.model.ledgered import Intent


@dataclass(frozen=True, slots=True)
class Billed:
    """A period that an invoice covers, from a write's day on."""

    first: date
    price: Decimal
    """What the write was billed at in it."""
    night: Invoiced | None = None
    """Where nights to come bring what is late in it to the price of its invoice."""

    def is_left_at(self, price: Decimal) -> bool:
        """Would what is written at that price now be billed otherwise than the write was?"""
        if self.night is not None and self.night.has_another(price, None):
            return self.night.price != self.price
        return price != self.price


@dataclass(frozen=True, slots=True)
class Swap:
    """From an invoiced period's first day on units have another price, and come to no unit more."""

    first: date
    old: Decimal
    new: Decimal


def billed(work: LineWork, intent: Intent, frame: Frame) -> list[Billed]:
    """In order of day; empty where no invoice has the write."""
    schedule, closed = work.bound.contract.schedule, work.bound.contract.closed_through
    if closed is None or intent.day > closed or not schedule.holds(intent.day):
        return []
    nights = invoiced_by_night(work, frame, intent.day) if _waits(work, intent) else []
    by_night = {one.first: one for one in nights}
    return [
        _billed(work, intent, period.first, by_night.get(period.first), frame)
        for period in schedule.within(intent.day, closed)
    ]


def _waits(work: LineWork, intent: Intent) -> bool:
    """Is it left to nights? A correction takes edits out too, after which these may see its periods
    otherwise. But where a total is set, nothing can be written later for a day before it."""
    later = work.upsert and intent.price != work.settings.price
    return later or bool(work.bound.takes_back)


def swaps(parts: Iterable[Billed], price: Decimal) -> Iterator[Swap]:
    """What brings a reversal of that price to what each invoice billed, where no night does."""
    for part in parts:
        if part.is_left_at(price):
            yield Swap(part.first, price, part.price)
        price = part.price


def _billed(
    work: LineWork, intent: Intent, first: date, night: Invoiced | None, frame: Frame
) -> Billed:
    if first < intent.day:
        return Billed(first, intent.price)
    made = made_for(work.bound.contract.closings, first)
    if made is None:
        return Billed(first, price_there(work, first, frame.replaced))
    price = price_at(work, made, frame.replaced)
    if made <= intent.at and _is_left(work, intent, first, made, price):
        # What came late, and nobody brought to the invoice's price, goes as it came.
        return Billed(first, intent.price)
    return Billed(first, price, night)


def _is_left(work: LineWork, intent: Intent, first: date, made: datetime, price: Decimal) -> bool:
    """Does the period have something late that was written at the write's price?"""
    late = owed(Invoiced(first, made, price, price), writes_of(work))
    return any(one == intent.price for _, one in late)
