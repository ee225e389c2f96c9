"""What each row cost by day, told back through our own writes: BMS keeps only its price of now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, tzinfo

from reconciler.engine.billed import Prices
from reconciler.engine.invoiced import by_contract
from reconciler.engine.movements import DONE
from reconciler.engine.periods import DAY
from reconciler.model.bms import Invoice, Row
from reconciler.model.ledgered import Intent, Settled


def row_prices(
    rows: Iterable[Row],
    writes: Iterable[tuple[Intent, Settled | None]],
    zone: tzinfo,
    invoices: Iterable[Invoice] = (),
) -> dict[int, Prices]:
    """Prices by the id of every row that a write of ours found at another one; ``writes`` newest
    first, ``zone``: the tenant's.

    What a row costs now was its price back to our last write, and what it had before that write
    back to the one before. A write of units counts too: where it updates the row, that has its
    price from then on. One that came after an invoice of its day counts from the next day.
    """
    made = by_contract(invoices)
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
                day = _day(intent, zone, made.get(intent.line.contract_id, ()))
                found[mark.row_id] = ((date.min, mark.price), (day, since), *later[1:])
    return found


def _day(intent: Intent, zone: tzinfo, invoices: Sequence[Invoice]) -> date:
    """Units may be dated on another day than their price holds from."""
    wrote = intent.at.astimezone(zone).date()
    day = intent.day if intent.kind == "price" else wrote
    late = any(_is_before(one, intent, wrote, zone) for one in invoices)
    return day + DAY if late and day == wrote else day


def _is_before(invoice: Invoice, intent: Intent, day: date, zone: tzinfo) -> bool:
    """Was the invoice made earlier on the day of the write?"""
    at = invoice.at
    return at is not None and at <= intent.at and at.astimezone(zone).date() == day
