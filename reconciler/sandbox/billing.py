"""The invoicing run: every period that is due, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from reconciler.sandbox.periods import Period, of_contract

if TYPE_CHECKING:
    import sqlite3

    from reconciler.sandbox.store import Store

_DAY: Final = timedelta(days=1)


def due(store: Store, today: date) -> Iterator[tuple[int, Period]]:
    """(contract, period) of what has no invoice yet, the oldest first.

    A contract that never had an invoice begins with the period of today. One that is invoiced at
    the end of its periods has them due the day after.
    """
    contracts = store.rows(
        "SELECT contracts.*, (SELECT max(ends) FROM invoices WHERE contract_id = contracts.id)"
        " AS billed FROM contracts WHERE active = 1 ORDER BY id"
    )
    for contract in contracts:
        yield from ((contract["id"], period) for period in _periods(contract, today))


def _periods(contract: sqlite3.Row, today: date) -> Iterator[Period]:
    starts, ends = date.fromisoformat(contract["starts"]), date.fromisoformat(contract["ends"])
    day = today
    if contract["billed"] is not None:
        day = date.fromisoformat(contract["billed"]) + _DAY
    day = max(day, starts)
    while day <= ends:
        whole = of_contract(contract, day)
        if (whole.ends >= today) if contract["invoice_at_end"] else (whole.starts > today):
            return
        yield replace(whole, starts=max(whole.starts, starts), ends=min(whole.ends, ends))
        day = whole.ends + _DAY
