"""What each row cost by day, told back through our own writes: BMS keeps only its price of now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, tzinfo

from reconciler.engine.billed import Prices
from reconciler.engine.movements import DONE
from reconciler.model.bms import Row
from reconciler.model.ledgered import Intent, Settled


def row_prices(
    rows: Iterable[Row], writes: Iterable[tuple[Intent, Settled | None]], zone: tzinfo
) -> dict[int, Prices]:
    """Prices by the id of every row that a write of ours found at another one; ``writes`` newest
    first, ``zone``: the tenant's.

    What a row costs now was its price back to our last write, and what it had before that write
    back to the one before. A write of units counts too: where it updates the row, that has its
    price from then on.
    """
    now = {row.id: row.price for row in rows}
    found: dict[int, Prices] = {}
    for intent, settled in writes:
        if settled is None or settled.outcome not in DONE:
            continue
        for mark in intent.rows_before:
            if mark.row_id not in now:
                continue
            later = found.get(mark.row_id, ((date.min, now[mark.row_id]),))
            if (since := later[0][1]) != mark.price:
                day = _day(intent, zone)
                found[mark.row_id] = ((date.min, mark.price), (day, since), *later[1:])
    return found


def _day(intent: Intent, zone: tzinfo) -> date:
    """Units may be dated on another day than their price holds from."""
    return intent.day if intent.kind == "price" else intent.at.astimezone(zone).date()
