"""A person working in the screens of BMS, where units can be read and everything be changed."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.sandbox import lines
from reconciler.sandbox.clock import instant_text
from reconciler.sandbox.errors import SandboxError, SandboxUsage, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconciler.sandbox.clock import Clock
    from reconciler.sandbox.seeding import Amount, Seeder
    from reconciler.sandbox.store import Store

BASELINE = (
    "contract_id",
    "contract",
    "account",
    "service_id",
    "service",
    "row_id",
    "date",
    "price",
    "units",
)
_SQL = (
    "SELECT lines.*, contracts.name AS contract, contracts.account_id, accounts.name AS account,"
    " services.name AS service FROM lines"
    " JOIN contracts ON contracts.id = lines.contract_id"
    " JOIN accounts ON accounts.id = contracts.account_id"
    " JOIN services ON services.id = lines.service_id ORDER BY lines.id"
)


@dataclass(frozen=True, slots=True)
class ScreenRow:
    """One line as a person sees it."""

    contract_id: int
    contract: str
    account_id: int
    account: str
    service_id: int
    service: str
    row_id: int
    date: date
    price: Decimal
    cost: Decimal
    units: int
    description: str


def read_rows(store: Store) -> list[ScreenRow]:
    """Every line with its units, oldest first."""
    return [
        ScreenRow(
            contract_id=row["contract_id"],
            contract=row["contract"],
            account_id=row["account_id"],
            account=row["account"],
            service_id=row["service_id"],
            service=row["service"],
            row_id=row["id"],
            date=date.fromisoformat(row["day"]),
            price=Decimal(row["price"]),
            cost=Decimal(row["cost"]),
            units=row["units"],
            description=row["description"],
        )
        for row in store.rows(_SQL)
    ]


class Screens:
    """Changes made by hand: no rule of the API stops them, and no ledger hears of them."""

    def __init__(self, store: Store, clock: Clock, seeder: Seeder) -> None:
        self._store = store
        self._clock = clock
        self._seeder = seeder

    def read_units(self) -> list[ScreenRow]:
        """What a person reads off the screens."""
        return read_rows(self._store)

    def write_baseline(self, path: str | Path) -> int:
        """What a person reads off the screens, as a CSV; how many rows it has."""
        rows = self.read_units()
        with writing(path), Path(path).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(BASELINE)
            for row in rows:
                writer.writerow([getattr(row, name) for name in BASELINE])
        return len(rows)

    def edit_units(self, row_id: int, units: int, date: date | None = None) -> None:
        """Set a row's units, and its effective date when one is given."""
        self._edit(row_id, lambda line: replace(line, units=units, day=date or line.day))

    def move_date(self, row_id: int, date: date) -> None:
        """Set a row's effective date."""
        self._edit(row_id, lambda line: replace(line, day=date))

    def reprice(self, row_id: int, price: Amount) -> None:
        """Set a row's price."""
        self._edit(row_id, lambda line: replace(line, price=Decimal(price)))

    def describe(self, row_id: int, description: str) -> None:
        """Set a row's description."""
        self._edit(row_id, lambda line: replace(line, description=description))

    def exclude_from_bulk(self, row_id: int, *, excluded: bool = True) -> None:
        """Mark a row to be left alone by bulk updates."""
        self._edit(row_id, lambda line: replace(line, no_bulk=excluded))

    def add_line(
        self,
        contract_id: int,
        service_id: int,
        units: int,
        date: date,
        *,
        price: Amount | None = None,
        cost: Amount | None = None,
        description: str | None = None,
    ) -> int:
        """Add a row; gives its id."""
        return self._seeder.add_line(
            contract_id,
            service_id,
            units,
            date,
            price=price,
            cost=cost,
            description=description,
            via="screen",
        )

    def delete_line(self, row_id: int) -> None:
        """Delete a row, which no call can."""
        with self._store.transaction():
            line, today = self._line(row_id), self._clock.today()
            lines.remove(self._store, line, at=self._now(), day=today, via="screen")

    def rename_account(self, account_id: int, name: str) -> None:
        """Give an account another name."""
        self._set("accounts", account_id, "name", name)

    def rename_service(self, service_id: int, name: str) -> None:
        """Give a catalogue service another name; rows keep the name they have."""
        self._set("services", service_id, "name", name)

    def rename_contract(self, contract_id: int, name: str) -> None:
        """Give a contract another name."""
        self._set("contracts", contract_id, "name", name)

    def deactivate_contract(self, contract_id: int) -> None:
        """Switch a contract off."""
        self._set("contracts", contract_id, "active", 0)

    def end_contract(self, contract_id: int, last_day: date) -> None:
        """Set a contract's last day."""
        self._set("contracts", contract_id, "ends", last_day.isoformat())

    def deactivate_account(self, account_id: int) -> None:
        """Switch an account off."""
        self._set("accounts", account_id, "active", 0)

    def _edit(self, row_id: int, edit: Callable[[lines.Line], lines.Line]) -> None:
        with self._store.transaction():
            before = self._line(row_id)
            after = replace(edit(before), modified=self._now())
            lines.change(self._store, before, after, via="screen", action="edit")

    def _line(self, row_id: int) -> lines.Line:
        found = lines.get(self._store, row_id)
        if found is None:
            raise SandboxUsage(
                f"the sandbox has no line {row_id}", remedy="`reconciler sandbox rows` shows all"
            )
        return found

    def _set(self, table: str, row_id: int, column: str, value: str | int) -> None:
        with self._store.transaction():
            if self._store.row(f"SELECT id FROM {table} WHERE id = ?", row_id) is None:
                raise SandboxError(f"the sandbox has no {table[:-1]} {row_id}")
            self._store.run(
                f"UPDATE {table} SET {column} = ?, modified = ? WHERE id = ?",
                value,
                self._now(),
                row_id,
            )

    def _now(self) -> str:
        return instant_text(self._clock.now())
