"""The readings that a line counts, as they are in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from reconciler.engine.lines import LineWork
from reconciler.engine.periods import DAY
from reconciler.ledger import Ledger
from reconciler.model.reading import Reading


def of_day(work: LineWork, day: date, ledger: Ledger) -> Iterator[Reading]:
    """What counts here, with the names counted where the source gave them."""
    asked: set[tuple[str, str]] = set()
    for entry in work.inputs:
        key = (entry.key.product, entry.key.organization)
        if key in asked:
            continue
        asked.add(key)
        metrics = {i.key.metric: (i.of, i.but) for i in work.inputs if i.key[:2] == key}
        for reading in ledger.newest_readings(product=key[0], organization=key[1], day=day):
            of, but = metrics.get(reading.metric, ((), ()))
            named = of is None or reading.dimension in of
            if named and reading.dimension not in but:
                yield reading


def of_period(work: LineWork, period: tuple[date, date], ledger: Ledger) -> Iterator[Reading]:
    """The same of every day of a period, up to the newest counted one."""
    newest = work.desired.newest
    if newest is not None:
        day, last = period[0], min(period[1], newest.last)
        while day <= last:
            yield from of_day(work, day, ledger)
            day += DAY
