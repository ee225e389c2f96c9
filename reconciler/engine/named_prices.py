"""Has a merge named a line's price before its day, exactly as it is now, and did BMS not have it
since?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from datetime import date
from decimal import Decimal

from reconciler.engine.lines import LineWork
from reconciler.engine.question import price_since
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import NamedPrice


def who_named(
    work: LineWork, before: Set[Decimal], as_of: date, found: Iterable[NamedPrice]
) -> str:
    """Who let the line have its price of today in place of these; empty where nobody did."""
    for one in found:
        moves = one.line == work.bound.key and one.after == work.settings.price
        if moves and before == {one.before} and one.day == price_since(work.bound.line, as_of):
            return one.who
    return ""


def used_up(
    works: Iterable[LineWork], found: Iterable[NamedPrice], doubted: Set[LineKey]
) -> Iterator[NamedPrice]:
    """Those that BMS has though no write of ours set them: where a person takes such a price back,
    a person has to let it again.

    A line that has yet to leave the price it had before the first of them moved to none; what
    rows show of a line with a write in doubt (``doubted``) may be ours.
    """
    named: dict[LineKey, list[NamedPrice]] = defaultdict(list)
    for one in sorted(found, key=lambda one: one.day):
        named[one.line].append(one)
    for work in works if named else ():
        mine, prices = named.get(work.bound.key), {row.price for row in work.bound.rows}
        if mine and prices != {mine[0].before} and work.bound.key not in doubted:
            yield from (one for one in mine if one.after in prices)
