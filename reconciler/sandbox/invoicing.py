"""Invoices by this sandbox's own reading of how BMS bills.

An invoice of a period has one line per row for the units it starts with, in full unless the
contract cuts the period short, and a prorated line for every change of units inside the period. A
change that became known after its period was invoiced is billed on the next invoice, part of a
period or whole ones, as credit when units fell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from reconciler.sandbox import lines
from reconciler.sandbox.errors import SandboxError
from reconciler.sandbox.periods import Period
from reconciler.sandbox.portions import Sold, portion, sold

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from reconciler.sandbox.behaviour import Behaviour
    from reconciler.sandbox.store import Store

_CENT = Decimal("0.01")
_NOISE = Decimal("1e-12")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class InvoiceItem:
    """One line of an invoice; `price` is for one unit over the part of the period billed."""

    name: str
    quantity: Decimal
    price: Decimal
    date: date
    description: str = ""


def items(
    store: Store, behaviour: Behaviour, contract_id: int, period: Period
) -> list[InvoiceItem]:
    """What an invoice of the period has to hold now."""
    entries = store.rows(
        "SELECT history.*, services.name AS service FROM history"
        " JOIN services ON services.id = history.service_id"
        " WHERE history.contract_id = ? ORDER BY history.id",
        contract_id,
    )
    earlier = store.rows("SELECT * FROM invoices WHERE contract_id = ? ORDER BY id", contract_id)
    mark = max((row["history_mark"] for row in earlier), default=0)
    contract = store.row("SELECT * FROM contracts WHERE id = ?", contract_id)
    if contract is None:
        raise SandboxError(f"the sandbox has no contract {contract_id}")
    this = sold(contract, period, behaviour)
    before = [sold(contract, _period(row), behaviour) for row in earlier]
    late = [
        item
        for entry in entries
        if entry["id"] > mark
        for one in before
        for item in _part(behaviour, entry, one, whole=True)
    ]
    inside = [item for entry in entries for item in _part(behaviour, entry, this, whole=False)]
    return [*_begun(store, behaviour, contract_id, entries, this), *inside, *late]


def _period(row: sqlite3.Row) -> Period:
    return Period(date.fromisoformat(row["starts"]), date.fromisoformat(row["ends"]))


def _begun(
    store: Store,
    behaviour: Behaviour,
    contract_id: int,
    entries: Iterable[sqlite3.Row],
    one: Sold,
) -> list[InvoiceItem]:
    """What the period starts with."""
    period = one.period
    units: dict[int, int] = {}
    for entry in entries:
        if date.fromisoformat(entry["day"]) <= period.starts:
            change = entry["units"] - entry["units_before"]
            units[entry["line_id"]] = units.get(entry["line_id"], 0) + change
    share = portion(behaviour, period.starts, one)
    return [
        InvoiceItem(
            line.name,
            Decimal(units[line.id]),
            line.price if share == 1 else _share_of(line.price, share),
            period.starts,
            line.description,
        )
        for line in lines.of_contract(store, contract_id)
        if units.get(line.id)
    ]


def _share_of(price: Decimal, share: Decimal) -> Decimal:
    # A share such as 25/30 has no end in decimals; its lost digits must not decide half a cent.
    return (price * share).quantize(_NOISE).quantize(_CENT, ROUND_HALF_UP)


def _part(behaviour: Behaviour, entry: sqlite3.Row, one: Sold, *, whole: bool) -> list[InvoiceItem]:
    """The line one change of units makes in a period; `whole`: also when it came before it."""
    change = entry["units"] - entry["units_before"]
    day, period = date.fromisoformat(entry["day"]), one.period
    if not change or day > period.ends or (day <= period.starts and not whole):
        return []
    price = _share_of(Decimal(entry["price"]), portion(behaviour, day, one))
    text = f"{day} to {period.ends}"
    return [InvoiceItem(entry["service"], Decimal(change), price, max(day, period.starts), text)]


def keep(
    store: Store, contract_id: int, period: Period, found: list[InvoiceItem], *, now: str, day: date
) -> int:
    """Write an invoice dated `day`; BMS makes none that is a single credit."""
    if len(found) == 1 and found[0].quantity * found[0].price < 0:
        raise SandboxError("an invoice cannot be a single negative line")
    contract = store.row("SELECT account_id FROM contracts WHERE id = ?", contract_id)
    if contract is None:
        raise SandboxError(f"the sandbox has no contract {contract_id}")
    mark = store.row("SELECT max(id) AS id FROM history")
    with store.transaction():
        invoice_id = store.run(
            "INSERT INTO invoices (number, account_id, status, starts, ends, dated, due, posted,"
            " created, contract_id, history_mark) VALUES ('',?,'Unpaid',?,?,?,?,0,?,?,?)",
            contract["account_id"],
            period.starts.isoformat(),
            period.ends.isoformat(),
            day.isoformat(),
            (day + timedelta(days=30)).isoformat(),
            now,
            contract_id,
            (mark["id"] if mark else None) or 0,
        )
        number = f"INV-{invoice_id}"
        store.run("UPDATE invoices SET number = ? WHERE id = ?", number, invoice_id)
        for item in found:
            _keep_item(store, invoice_id, contract_id, item)
    return invoice_id


def _keep_item(store: Store, invoice_id: int, contract_id: int, item: InvoiceItem) -> None:
    store.run(
        "INSERT INTO invoice_lines (invoice_id, name, description, quantity, price, contract_id,"
        " day) VALUES (?,?,?,?,?,?,?)",
        invoice_id,
        item.name,
        item.description,
        str(item.quantity),
        str(item.price),
        contract_id,
        item.date.isoformat(),
    )
