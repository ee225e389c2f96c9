"""Putting accounts, services, contracts and lines into the sandbox, past every rule of its API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from reconciler.sandbox import lines
from reconciler.sandbox.clock import instant_text
from reconciler.sandbox.errors import SandboxError

if TYPE_CHECKING:
    from reconciler.sandbox.clock import Clock
    from reconciler.sandbox.store import Store, Value

Amount = Decimal | str | int


def amount_text(value: Amount) -> str:
    """An amount as kept: its own digits, never through a float."""
    return format(Decimal(value), "f")


class Seeder:
    """Writes rows directly; every function gives the id of what it made."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def add_account(
        self,
        name: str,
        *,
        currency: str = "USD",
        code: str | None = None,
        active: bool = True,
        id: int | None = None,  # noqa: A002  the word of the API
    ) -> int:
        """A customer."""
        now = self._now()
        return self._insert(
            "accounts",
            id=id,
            name=name,
            code=code or "".join(word[0] for word in name.split()).upper(),
            currency=currency,
            active=int(active),
            created=now,
            modified=now,
        )

    def add_service(
        self,
        name: str,
        price: Amount,
        *,
        cost: Amount = "0",
        description: str = "",
        category: str = "Managed",
        active: bool = True,
        id: int | None = None,  # noqa: A002
    ) -> int:
        """A service of the catalogue; price and cost are per unit."""
        now = self._now()
        return self._insert(
            "services",
            id=id,
            name=name,
            description=description or name,
            price=amount_text(price),
            cost=amount_text(cost),
            category=category,
            active=int(active),
            created=now,
            modified=now,
        )

    def add_contract(
        self,
        account_id: int,
        name: str,
        start: date,
        end: date,
        *,
        cycle: str = "Monthly",
        type: str = "Recurring Services",  # noqa: A002
        active: bool = True,
        fiscal: bool = False,
        invoice_at_end: bool = False,
        id: int | None = None,  # noqa: A002
    ) -> int:
        """A contract from its first to its last day; `fiscal` bills by calendar periods."""
        self._require("accounts", account_id)
        now = self._now()
        made = self._insert(
            "contracts",
            id=id,
            account_id=account_id,
            name=name,
            type=type,
            cycle=cycle,
            starts=start.isoformat(),
            ends=end.isoformat(),
            active=int(active),
            number="",
            is_default=0,
            invoice_at_end=int(invoice_at_end),
            fiscal=int(fiscal),
            created=now,
            modified=now,
        )
        self._store.run("UPDATE contracts SET number = ? WHERE id = ?", f"C-{made}", made)
        return made

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
        no_bulk: bool = False,
        via: str = "seed",
    ) -> int:
        """A row of a service on a contract; price, cost and text default to the catalogue's."""
        self._require("contracts", contract_id)
        service = self._require("services", service_id)
        kept_price = Decimal(service["price"]) if price is None else Decimal(price)
        kept_cost = Decimal(service["cost"]) if cost is None else Decimal(cost)
        now = self._now()
        line = lines.Line(
            id=0,
            contract_id=contract_id,
            service_id=service_id,
            name=service["name"],
            description=service["description"] if description is None else description,
            units=units,
            price=kept_price,
            cost=kept_cost,
            first_price=kept_price,
            first_cost=kept_cost,
            day=date,
            sort_order=len(lines.of_contract(self._store, contract_id)) + 1,
            no_bulk=no_bulk,
            created=now,
            modified=now,
        )
        with self._store.transaction():
            return lines.add(self._store, line, via=via).id

    def add_module(self, id: int, name: str) -> int:  # noqa: A002
        """A product of KaseyaOne."""
        return self._insert("modules", id=id, name=name)

    def add_organization(
        self, module_id: int, organization_id: str, name: str, *, parent_id: str | None = None
    ) -> None:
        """A customer as a product of KaseyaOne knows it."""
        self._insert(
            "organizations",
            module_id=module_id,
            id=organization_id,
            name=name,
            parent_id=parent_id,
        )

    def add_mapping(self, account_id: int, module_id: int, organization_id: str) -> None:
        """An organization that stands for an account."""
        found = self._store.row(
            "SELECT name, parent_id FROM organizations WHERE module_id = ? AND id = ?",
            module_id,
            organization_id,
        )
        if found is None:
            raise SandboxError(f"module {module_id} has no organization {organization_id!r}")
        self._insert(
            "mappings",
            account_id=account_id,
            module_id=module_id,
            organization_id=organization_id,
            name=found["name"],
            parent_id=found["parent_id"],
        )

    def _now(self) -> str:
        return instant_text(self._clock.now())

    def _require(self, table: str, row_id: int) -> dict[str, str]:
        found = self._store.row(f"SELECT * FROM {table} WHERE id = ?", row_id)
        if found is None:
            raise SandboxError(f"the sandbox has no {table[:-1]} {row_id}")
        return dict(found)

    def _insert(self, table: str, **values: Value) -> int:
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        return self._store.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *values.values())
