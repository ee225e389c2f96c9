"""The rows of contracts: every change of one goes through here and leaves its history."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from reconciler.sandbox.behaviour import Behaviour
    from reconciler.sandbox.store import Store


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a service on a contract, with the units no call ever shows."""

    id: int
    contract_id: int
    service_id: int
    name: str
    description: str
    units: int
    price: Decimal
    cost: Decimal
    first_price: Decimal
    first_cost: Decimal
    day: date
    sort_order: int
    no_bulk: bool
    created: str
    modified: str

    @property
    def total_price(self) -> Decimal:
        """Units times price, exact."""
        return self.units * self.price

    @property
    def total_cost(self) -> Decimal:
        """Units times cost, exact."""
        return self.units * self.cost


def of_row(row: sqlite3.Row) -> Line:
    """A row of the table as a Line."""
    return Line(
        id=row["id"],
        contract_id=row["contract_id"],
        service_id=row["service_id"],
        name=row["name"],
        description=row["description"],
        units=row["units"],
        price=Decimal(row["price"]),
        cost=Decimal(row["cost"]),
        first_price=Decimal(row["first_price"]),
        first_cost=Decimal(row["first_cost"]),
        day=date.fromisoformat(row["day"]),
        sort_order=row["sort_order"],
        no_bulk=bool(row["no_bulk"]),
        created=row["created"],
        modified=row["modified"],
    )


def get(store: Store, line_id: int) -> Line | None:
    """The row with an id."""
    found = store.row("SELECT * FROM lines WHERE id = ?", line_id)
    return None if found is None else of_row(found)


def of_contract(store: Store, contract_id: int) -> list[Line]:
    """The rows of a contract, oldest first."""
    sql = "SELECT * FROM lines WHERE contract_id = ? ORDER BY id"
    return [of_row(row) for row in store.rows(sql, contract_id)]


def of_service(store: Store, contract_id: int, service_id: int) -> Line | None:
    """The newest row of a service on a contract."""
    sql = "SELECT * FROM lines WHERE contract_id = ? AND service_id = ? ORDER BY id DESC"
    found = store.row(sql, contract_id, service_id)
    return None if found is None else of_row(found)


def add(store: Store, line: Line, *, via: str) -> Line:
    """Keep a new row; the `id` given is ignored. Returns it with its id."""
    line_id = store.run(
        "INSERT INTO lines (name, description, units, price, cost, day, sort_order, no_bulk,"
        " modified, contract_id, service_id, first_price, first_cost, created)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        *_changeable(line),
        line.contract_id,
        line.service_id,
        str(line.first_price),
        str(line.first_cost),
        line.created,
    )
    kept = replace(line, id=line_id)
    _remember(store, None, kept, via=via, action="add")
    return kept


def change(store: Store, before: Line, after: Line, *, via: str, action: str) -> Line:
    """Set a row to its new values."""
    store.run(
        "UPDATE lines SET name = ?, description = ?, units = ?, price = ?, cost = ?, day = ?,"
        " sort_order = ?, no_bulk = ?, modified = ? WHERE id = ?",
        *_changeable(after),
        before.id,
    )
    _remember(store, before, after, via=via, action=action)
    return after


def remove(store: Store, line: Line, *, at: str, day: date, via: str) -> None:
    """Delete a row; its history stays and ends with no units from `day`."""
    store.run("DELETE FROM lines WHERE id = ?", line.id)
    _remember(store, line, replace(line, units=0, day=day, modified=at), via=via, action="delete")


def totals(
    store: Store, behaviour: Behaviour, contract_ids: Iterable[int], today: date
) -> dict[int, Decimal]:
    """The price of each contract, as its summary shows it; 0 for one without rows."""
    wanted = list(contract_ids)
    marks = ",".join("?" * len(wanted))
    sql = f"SELECT contract_id, units, price, day FROM lines WHERE contract_id IN ({marks})"
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for row in store.rows(sql, *wanted):
        if behaviour.total_price == "all" or row["day"] <= today.isoformat():
            sums[row["contract_id"]] += row["units"] * Decimal(row["price"])
    return sums


def _changeable(line: Line) -> tuple[str, str, int, str, str, str, int, int, str]:
    return (
        line.name,
        line.description,
        line.units,
        str(line.price),
        str(line.cost),
        line.day.isoformat(),
        line.sort_order,
        int(line.no_bulk),
        line.modified,
    )


def _remember(store: Store, before: Line | None, after: Line, *, via: str, action: str) -> None:
    store.run(
        "INSERT INTO history (at, via, action, line_id, contract_id, service_id, day_before, day,"
        " units_before, units, price_before, price) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        after.modified,
        via,
        action,
        after.id,
        after.contract_id,
        after.service_id,
        None if before is None else before.day.isoformat(),
        after.day.isoformat(),
        0 if before is None else before.units,
        after.units,
        None if before is None else str(before.price),
        str(after.price),
    )
