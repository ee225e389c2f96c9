"""The prices of units that come or leave on a day: those that leave have the price that their
period was billed at for them, the newest units first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal

from reconciler.engine.late import Invoiced
from reconciler.engine.lines import LineWork
from reconciler.engine.movements import learned, moves_of
from reconciler.engine.periods import DAY
from reconciler.engine.question import price_since
from reconciler.model.ledgered import KnownFact
from reconciler.model.timeline import UNKNOWN, Timeline

PriceOn = Callable[[date], Decimal]
"""What a unit from that day on is written at."""


def layers_of(
    work: LineWork,
    day: date,
    before: int,
    after: int,
    price_on: PriceOn,
    begins: Invoiced | None = None,
) -> list[tuple[int, Decimal, date | None]]:
    """(units more or less, their price, a day that has it) of a step, in the order to write them:
    what comes, oldest first, then what leaves, newest first. No day: BMS alone has that price.

    What BMS has itself from that day on is undone as it was written, so units that were credited
    come back at the price they were credited at; a run that is ended between two of them leaves
    what the next one would find anyway. What was brought to the price of the period that ``begins``
    on that day has that one.
    """
    wanted = _wanted(work)
    right = _between(work, wanted, day, wanted.at(day - DAY) or 0, wanted.at(day) or 0)
    prices, days = _priced(right, price_on)
    for units, price in _written(work, day, price_on, begins):
        prices[price] -= units
    if prices.total() != after - before:
        # An earlier day is left as BMS has it, so this step is another than both sides tell.
        prices, days = _priced(_between(work, wanted, day, before, after), price_on)
    parts = [(units, price, days.get(price)) for price, units in prices.items() if units]
    parts.sort(key=lambda part: part[2] or date.min)
    return [*(one for one in parts if one[0] > 0), *(one for one in parts[::-1] if one[0] < 0)]


def _wanted(work: LineWork) -> Timeline:
    """What the line should have, and before its first writable day what BMS has."""
    before = (step for step in work.known.timeline.steps if step[0] < work.first)
    return Timeline.of([*before, *work.desired.timeline.steps])


def _priced(
    found: Iterable[tuple[int, date]], price_on: PriceOn
) -> tuple[Counter[Decimal], dict[Decimal, date]]:
    prices: Counter[Decimal] = Counter()
    days: dict[Decimal, date] = {}
    for units, on in found:
        price = price_on(on)
        prices[price] += units
        days.setdefault(price, on)
    return prices, days


def _written(
    work: LineWork, day: date, price_on: PriceOn, begins: Invoiced | None
) -> Iterator[tuple[int, Decimal]]:
    """What moves in BMS from that day on, and the price it was written at."""
    units = Timeline()
    for fact in work.known.facts:
        for on, more in moves_of(units, fact):
            if on == day:
                yield more, _price(fact, day, price_on, begins)
        units = learned(units, fact)


def _price(fact: KnownFact, day: date, price_on: PriceOn, begins: Invoiced | None) -> Decimal:
    if fact.price is None:
        return price_on(day)
    if begins is None or fact.recorded_at is None:
        return fact.price
    another = begins.has_another(fact.price, fact.recorded_at)
    return begins.price if another else fact.price


def _between(
    work: LineWork, units: Timeline, day: date, before: int, after: int
) -> Iterator[tuple[int, date]]:
    """A move of that day by the days whose price it has."""
    if after > before:
        yield after - before, day
    schedule, on, level = work.bound.contract.schedule, day, before
    first = schedule.containing(day).first if schedule.holds(day) else day
    while level > after and (given := price_since(work.bound.line, on)) is not None:
        if given <= first:
            break
        there = max(after, _fewest(units, given, day))
        if there < level:
            yield there - level, on
            level = there
        on = given - DAY
    if level > after:
        yield after - level, on


def _fewest(units: Timeline, given: date, day: date) -> int:
    """Of the units that were there before a price, those still there before ``day``."""
    levels = [units.at(given - DAY), *(n for on, n in units.steps if given <= on < day)]
    return min((n for n in levels if n is not UNKNOWN), default=0)
