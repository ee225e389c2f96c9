"""Accounts, contracts and the catalogue: what BMS has, before any line is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reconciler.bms import calls
from reconciler.bms.dates import Dates
from reconciler.bms.listing import Lister
from reconciler.bms.record import Record, records
from reconciler.bms.wire import Wire
from reconciler.model.bms import Account, CatalogueService, Contract


@dataclass(frozen=True, slots=True)
class ListedContract:
    """A contract as BMS lists it: with its account's name, and without its id."""

    id: int
    name: str
    account_name: str
    type: str
    status: str
    billing_cycle: str
    start: date
    end: date
    """Inclusive."""
    total: Decimal

    def of_account(self, account_id: int) -> Contract:
        """The contract, once its account is known."""
        return Contract(
            self.id,
            account_id,
            self.name,
            self.type,
            self.status,
            self.billing_cycle,
            self.start,
            self.end,
            self.total,
        )


def read_accounts(lister: Lister) -> tuple[Account, ...]:
    """Every account, inactive ones too."""
    return tuple(_account(record) for record in lister.read(calls.ACCOUNTS))


def _account(record: Record) -> Account:
    return Account(
        id=record.integer("Id"),
        name=record.text_or_blank("AccountName"),
        is_active=record.flag("IsActive"),
        currency=record.text_or_blank("CurrencyName") or None,
    )


def read_contracts(lister: Lister, dates: Dates, name: str | None) -> tuple[ListedContract, ...]:
    """Every contract, or those BMS finds by a name (the same, or containing it)."""
    filters = {"ContractName": name} if name else {}
    return tuple(_contract(r, dates) for r in lister.read(calls.CONTRACTS, filters))


def _contract(record: Record, dates: Dates) -> ListedContract:
    return ListedContract(
        id=record.integer("Id"),
        name=record.text_or_blank("ContractName"),
        account_name=record.text_or_blank("AccountName"),
        type=record.text_or_blank("ContractType"),
        status=record.text_or_blank("Status"),
        billing_cycle=record.text_or_blank("BillingCycle"),
        start=record.day("StartDate", dates),
        end=record.day("EndDate", dates),
        total=record.decimal("ContractBillingPrice"),
    )


def look_up_contracts(wire: Wire, account_id: int) -> frozenset[int]:
    """The ids of an account's contracts, expired ones too."""
    payload = {"AccountId": account_id, "ExcludeExpiredContracts": False}
    answer = wire.send(calls.CONTRACT_LOOKUP, payload)
    where = wire.where(calls.CONTRACT_LOOKUP)
    return frozenset(record.integer("Id") for record in records(answer.result, where))


def read_services(lister: Lister) -> tuple[CatalogueService, ...]:
    """The catalogue, inactive services too: their lines are billed all the same."""
    return tuple(_service(record) for record in lister.read(calls.SERVICES))


def _service(record: Record) -> CatalogueService:
    return CatalogueService(
        id=record.integer("Id"),
        name=record.text_or_blank("Name"),
        price=record.decimal("UnitPrice"),
        cost=record.decimal("UnitCost"),
        description=record.text_or_blank("Description"),
        is_active=record.flag("IsActive"),
    )
