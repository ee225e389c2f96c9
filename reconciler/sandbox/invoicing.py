"""Invoices by this sandbox's own reading of how BMS bills.

An invoice of a period has one full line per row for the units it starts with, and a prorated line
for every change of units inside the period. A change that became known after its period was
invoiced is billed on the next invoice, part of a period or whole ones, as credit when units fell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from reconciler.sandbox import lines
from reconciler.sandbox.errors import SandboxError
from reconciler.sandbox.periods import Period

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
    late = [
        item
        for entry in entries
        if entry["id"] > mark
        for row in earlier
        for item in _part(behaviour, entry, _period(row), whole=True)
    ]
    inside = [item for entry in entries for item in _part(behaviour, entry, period, whole=False)]
    return [*_full(store, contract_id, entries, period), *inside, *late]


def _period(row: sqlite3.Row) -> Period:
    return Period(date.fromisoformat(row["starts"]), date.fromisoformat(row["ends"]))


def _full(
    store: Store, contract_id: int, entries: Iterable[sqlite3.Row], period: Period
) -> list[InvoiceItem]:
    units: dict[int, int] = {}
    for entry in entries:
        if date.fromisoformat(entry["day"]) <= period.starts:
            change = entry["units"] - entry["units_before"]
            units[entry["line_id"]] = units.get(entry["line_id"], 0) + change
    return [
        InvoiceItem(line.name, Decimal(units[line.id]), line.price, period.starts, line.description)
        for line in lines.of_contract(store, contract_id)
        if units.get(line.id)
    ]


def _part(
    behaviour: Behaviour, entry: sqlite3.Row, period: Period, *, whole: bool
) -> list[InvoiceItem]:
    """The line one change of units makes in a period; `whole`: also when it came before it."""
    change = entry["units"] - entry["units_before"]
    day = date.fromisoformat(entry["day"])
    if not change or day > period.ends or (day <= period.starts and not whole):
        return []
    share = Decimal(1) if day <= period.starts else portion(behaviour, day, period)
    # A share such as 25/30 has no end in decimals; its lost digits must not decide half a cent.
    price = (Decimal(entry["price"]) * share).quantize(_NOISE).quantize(_CENT, ROUND_HALF_UP)
    text = f"{day} to {period.ends}"
    return [InvoiceItem(entry["service"], Decimal(change), price, max(day, period.starts), text)]


def portion(behaviour: Behaviour, day: date, period: Period) -> Decimal:
    """The part of a period that is billed for units that changed on a day."""
    first = day if behaviour.change_day == "billed" else day + _DAY
    after = period.ends + _DAY
    match behaviour.day_count:
        case "actual":
            return Decimal((after - first).days) / (after - period.starts).days
        case "fixed-30":
            return Decimal(min((after - first).days, 30)) / 30
        case "30-360":
            return Decimal(_days_360(first, after)) / _days_360(period.starts, after)


def _days_360(first: date, after: date) -> int:
    months = (after.year - first.year) * 12 + after.month - first.month
    return months * 30 + min(after.day, 30) - min(first.day, 30)


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
