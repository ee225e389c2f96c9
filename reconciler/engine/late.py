"""What is written late, where later periods are invoiced already: BMS bills it in each of them too,
at the price of the write.

Where such a period was invoiced at another price, units that are dated before it leave it at the
price they were written at, and come to it at its own. So what was written late comes to nothing in
a period at any price but that of its invoice. What takes a write back may be dated months before
the days that plans look at: the periods since then are levelled all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from reconciler.engine.frame import Frame
from reconciler.engine.invoiced import made_for
from reconciler.engine.lines import LineWork
from reconciler.engine.movements import learned, moves_of
from reconciler.engine.priced_by_day import price_at, price_on_day
from reconciler.engine.question import price_since
from reconciler.model.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Invoiced:
    """A period that begins under an invoice."""

    first: date
    made: datetime
    """When the invoice was."""
    price: Decimal
    """What its units were billed at."""
    named: Decimal
    """What a unit that comes on its first day is written at."""

    def has_another(self, price: Decimal, made: datetime | None) -> bool:
        """Is that no price of this period's, though it bills units at it? ``made``: the moment of
        their write; None: it is yet to come."""
        late = made is None or made >= self.made
        return late and price != self.price and price != self.named


@dataclass(frozen=True, slots=True)
class Write:
    """Units more or less from a day on."""

    day: date
    units: int
    price: Decimal
    made: datetime | None = None
    """None: it is yet to come."""


def invoiced(work: LineWork, frame: Frame, since: date = date.max) -> list[Invoiced]:
    """The periods of which an invoice was made that begin on days the plan looks at, or from
    ``since`` or a day on that was written to lately; none where the line has had one price, or
    where BMS takes no unit back."""
    if not _is_asked(work, frame):
        return []
    contract = work.bound.contract
    schedule, closed = contract.schedule, contract.closed_through
    first = max(_opens(work, frame, since), schedule.start)
    last = min(closed or date.min, frame.as_of)
    if last < first or not schedule.holds(first):
        return []
    found = []
    for period in schedule.within(first, last):
        made = made_for(contract.closings, period.first)
        if made is not None and period.first >= first:
            price = price_at(work, made, frame.replaced)
            named = price_on_day(work, period.first, frame.as_of, frame.replaced)[0]
            found.append(Invoiced(period.first, made, price, named))
    return found


def invoiced_by_night(work: LineWork, frame: Frame, since: date) -> list[Invoiced]:
    """Those that a night comes to which follows the revert of a merge that wrote from that day on,
    where the configuration names the line's price again."""
    if work.bound.price_back is not None:
        return []
    bound = replace(work.bound, takes_back=())
    return invoiced(replace(work, bound=bound), frame, since)


def _is_asked(work: LineWork, frame: Frame) -> bool:
    """Could anything be written late, and was there another price?"""
    line, assume = work.bound.line, frame.assume
    # The settings do not have that of an edit which was taken back, and invoices may have it.
    replaced = work.bound.key in frame.replaced
    # Most lines have one price for ever, and are done with here.
    if len(line.settings) == 1 and not replaced:
        return False
    if work.settings.price is None or not work.bound.contract.closings:
        return False
    if not work.steps and all(fact.price is None for fact in work.known.facts):
        return False
    if frame.correction is not None or work.bound.takes_back or work.bound.price_back is not None:
        return False
    if assume.back_dated == "refused" or (assume.negative_units == "refused" and not work.upsert):
        return False
    return replaced or price_since(line, frame.as_of) is not None


def _opens(work: LineWork, frame: Frame, since: date) -> date:
    """Where a total is set, nothing is dated before the newest one."""
    lately = (
        fact.day
        for fact in work.known.facts
        if fact.price is not None
        and fact.recorded_at is not None
        and fact.recorded_at.astimezone(frame.zone).date() >= work.first
    )
    first = min((work.first, since, *lately))
    newest = work.known.newest_reply if work.upsert else None
    return first if newest is None else max(first, newest)


def writes_of(work: LineWork) -> Iterator[Write]:
    """Our own that BMS has."""
    units = Timeline()
    for fact in work.known.facts:
        if fact.price is not None and fact.recorded_at is not None:
            for day, more in moves_of(units, fact):
                yield Write(day, more, fact.price, fact.recorded_at)
        units = learned(units, fact)


def owed(period: Invoiced, writes: Iterable[Write]) -> list[tuple[int, Decimal]]:
    """(units, price) to write on its first day, what comes before what leaves; no unit more."""
    found: Counter[Decimal] = Counter()
    for one in writes:
        if one.day <= period.first and period.has_another(one.price, one.made):
            found[one.price] -= one.units
            found[period.price] += one.units
    return sorted(((n, price) for price, n in found.items() if n), reverse=True)
