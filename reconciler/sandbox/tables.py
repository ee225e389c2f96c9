"""Reading the sandbox's own tables, past its API: what tests compare answers with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from reconciler.sandbox import lines
from reconciler.sandbox.clock import instant
from reconciler.sandbox.screens import ScreenRow, read_rows

if TYPE_CHECKING:
    from reconciler.sandbox.behaviour import Behaviour
    from reconciler.sandbox.clock import Clock
    from reconciler.sandbox.store import Store


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of a row: who made it (`api`, `screen`, `seed`), when, and what it changed."""

    at: datetime
    via: str
    action: str
    row_id: int
    contract_id: int
    service_id: int
    date_before: date | None
    date: date
    units_before: int
    units: int
    price_before: Decimal | None
    price: Decimal


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One call; status 0 when its answer was lost."""

    at: datetime
    method: str
    path: str
    query: str
    status: int
    fault: str | None


class Tables:
    """A view of the tables as they are at each call."""

    def __init__(self, store: Store, clock: Clock, behaviour: Behaviour) -> None:
        self._store = store
        self._clock = clock
        self._behaviour = behaviour

    def rows(self) -> list[ScreenRow]:
        """Every line with its units."""
        return read_rows(self._store)

    def units(self, contract_id: int, service_id: int) -> int:
        """The units of a service on a contract over all of its rows, whatever their dates."""
        return sum(
            line.units
            for line in lines.of_contract(self._store, contract_id)
            if line.service_id == service_id
        )

    def total(self, contract_id: int) -> Decimal:
        """The contract's price as its summary shows it now."""
        today = self._clock.today()
        return lines.totals(self._store, self._behaviour, [contract_id], today)[contract_id]

    def history(self) -> list[HistoryEntry]:
        """Every change of a row, oldest first."""
        return [
            HistoryEntry(
                at=instant(row["at"]),
                via=row["via"],
                action=row["action"],
                row_id=row["line_id"],
                contract_id=row["contract_id"],
                service_id=row["service_id"],
                date_before=date.fromisoformat(row["day_before"]) if row["day_before"] else None,
                date=date.fromisoformat(row["day"]),
                units_before=row["units_before"],
                units=row["units"],
                price_before=Decimal(row["price_before"]) if row["price_before"] else None,
                price=Decimal(row["price"]),
            )
            for row in self._store.rows("SELECT * FROM history ORDER BY id")
        ]

    def posts(self) -> list[HistoryEntry]:
        """The changes made through the API."""
        return [entry for entry in self.history() if entry.via == "api"]

    def mappings(self) -> set[tuple[int, int, str]]:
        """Account, module and organization of every mapping."""
        rows = self._store.rows("SELECT account_id, module_id, organization_id FROM mappings")
        return {(row["account_id"], row["module_id"], row["organization_id"]) for row in rows}

    def requests(self) -> list[LoggedRequest]:
        """Every call, oldest first."""
        return [
            LoggedRequest(
                at=instant(row["at"]),
                method=row["method"],
                path=row["path"],
                query=row["query"],
                status=row["status"],
                fault=row["fault"],
            )
            for row in self._store.rows("SELECT * FROM requests ORDER BY id")
        ]
