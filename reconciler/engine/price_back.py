"""A price that a reverted merge wrote where none was named before: what it was in BMS is written
again, and what stays is told.

A price has no day in BMS, so it goes back from the day of the revert.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reconciler.engine.bound import BoundLine, PriceBack
from reconciler.engine.lines import LineWork
from reconciler.engine.priced_by_day import price_of
from reconciler.model.ledgered import Reverted
from reconciler.model.plan import LineRef
from reconciler.model.rules import LineRule


@dataclass(frozen=True, slots=True)
class PriceKept:
    """A line whose price was named, and is not any more: BMS keeps it."""

    line: LineRef
    price: Decimal


def price_back(
    line: BoundLine, now: LineRule, base: LineRule | None, reverts: Sequence[Reverted], as_of: date
) -> PriceBack | None:
    """Only where every row still has what these merges wrote in place of one price, or has that
    one again, as where an earlier run of the revert was ended.

    ``now``: what the configuration says of the line; ``base``: what it said before.
    """
    mine = [intent for one in reverts for intent in one.prices if intent.line == line.key]
    if base is None or not mine or _named(now, as_of) is not None:
        return None
    mine.sort(key=lambda intent: intent.at)
    oldest, newest = mine[0], mine[-1]
    there, was = {row.price for row in line.rows}, {mark.price for mark in oldest.rows_before}
    if len(was) != 1 or _named(base, as_of) != newest.price or there - was - {newest.price}:
        return None
    return PriceBack(was.pop(), newest)


def _named(rule: LineRule, day: date) -> Decimal | None:
    """The price that the configuration has for a day."""
    dated = [one.settings.price for one in rule.dated if one.day <= day]
    return dated[-1] if dated else rule.settings.price


def prices_kept(new: Iterable[LineWork], old: Iterable[LineWork]) -> Iterator[PriceKept]:
    """Of lines that BMS has."""
    named = {work.bound.key for work in old if work.wanted_price is not None and work.priced}
    for work in new:
        if work.bound.key in named and work.wanted_price is None and work.bound.rows:
            yield PriceKept(work.bound.ref, price_of(work)[0])
