"""The pieces of an observation as compact JSON lists and back. Decimals keep their digits."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, Any, TypeAlias

from reconciler.ledger.texts import compact, instant_text, parse
from reconciler.model.bms import Account, CatalogueService, Contract, Invoice, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reconciler.ledger.texts import Reader

ContractPiece: TypeAlias = tuple[list[Contract], list[Row], list[Invoice]]
"""A contract (none when BMS showed rows of a contract it did not list), its rows and invoices."""


def accounts_text(accounts: Iterable[Account]) -> str:
    return compact([[one.id, one.name, one.is_active, one.currency] for one in accounts])


def accounts(content: str) -> tuple[Account, ...]:
    return tuple(Account(*fields) for fields in parse(content))


def services_text(services: Iterable[CatalogueService]) -> str:
    return compact(
        [
            [one.id, one.name, str(one.price), str(one.cost), one.description, one.is_active]
            for one in services
        ]
    )


def services(content: str, reader: Reader) -> tuple[CatalogueService, ...]:
    decimal = reader.decimal
    return tuple(
        CatalogueService(id_, name, decimal(price), decimal(cost), description, is_active)
        for id_, name, price, cost, description, is_active in parse(content)
    )


def index_text(searched: Iterable[int], wide: Iterable[int], order: Sequence[int]) -> str:
    """What was read how widely, and which contracts there were."""
    return compact([sorted(searched), sorted(wide), list(order)])


def index(content: str) -> tuple[list[int], list[int], list[int]]:
    """Services searched everywhere, contracts read wide, contracts in order."""
    searched, wide, order = parse(content)
    return searched, wide, order


def contract_text(
    contract: Contract | None, rows: Iterable[Row], invoices: Iterable[Invoice]
) -> str:
    return compact(
        [
            _contract_fields(contract) if contract else None,
            [_row_fields(row) for row in rows],
            [_invoice_fields(one) for one in invoices],
        ]
    )


def contract_piece(content: str, reader: Reader) -> ContractPiece:
    """The inverse of `contract_text`."""
    day, decimal = reader.day, reader.decimal
    fields, rows, invoices = parse(content)
    contract = [_contract(fields, reader)] if fields else []
    return (
        contract,
        [
            Row(
                id_,
                of,
                account,
                service,
                intern(name),
                intern(about),
                day(when),
                decimal(price),
                decimal(cost),
                bulk,
            )
            for id_, of, account, service, name, about, when, price, cost, bulk in rows
        ],
        [_invoice(fields, reader) for fields in invoices],
    )


def _contract_fields(contract: Contract) -> list[object]:
    return [
        contract.id,
        contract.account_id,
        contract.name,
        contract.type,
        contract.status,
        contract.billing_cycle,
        contract.start.isoformat(),
        contract.end.isoformat(),
        str(contract.total),
    ]


def _contract(fields: list[str], reader: Reader) -> Contract:
    id_, account, name, type_, status, cycle, start, end, total = fields
    return Contract(
        int(id_),
        int(account),
        name,
        type_,
        status,
        cycle,
        reader.day(start),
        reader.day(end),
        reader.decimal(total),
    )


def _invoice_fields(invoice: Invoice) -> list[object]:
    """When it was made is left out where nobody knows it, as earlier versions did."""
    fields = [invoice.first.isoformat(), invoice.last.isoformat()]
    if invoice.made is not None:
        fields.append(invoice.made.isoformat())
        if invoice.at is not None:
            fields.append(instant_text(invoice.at))
    return [invoice.id, invoice.contract_id, *fields]


def _invoice(fields: list[Any], reader: Reader) -> Invoice:
    id_, contract, first, last, *made = fields
    day = reader.day(made[0]) if made else None
    at = reader.instant(made[1]) if len(made) > 1 else None
    return Invoice(id_, contract, reader.day(first), reader.day(last), day, at)


def _row_fields(row: Row) -> list[object]:
    return [
        row.id,
        row.contract_id,
        row.account_id,
        row.service_id,
        row.name,
        row.description,
        row.date.isoformat(),
        str(row.price),
        str(row.cost),
        row.excluded_from_bulk,
    ]
