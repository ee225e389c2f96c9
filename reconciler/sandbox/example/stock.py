"""Filling a sandbox with the example: customers, catalogue, contracts, lines, mappings, invoices.

Units are what the customers used at the end of October 2026, some a little off, as they would be
where quantities were kept by hand.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from math import ceil
from typing import TYPE_CHECKING

from reconciler.catalog import load_catalogue
from reconciler.sandbox.example.clients import CONTRACTS_END, Client, clients, organizations
from reconciler.sandbox.example.packaged import chance
from reconciler.sandbox.example.services import ExampleService, example_services
from reconciler.sandbox.example.usage import quantities
from reconciler.sandbox.periods import period_of

if TYPE_CHECKING:
    from reconciler.sandbox.sandbox import Sandbox

_BILLED_BY_HAND_UNTIL = date(2026, 10, 31)
FIRST_SERVICE = 1201
_MANAGED = "Managed Services"
_ANCHORED = 7  # every so many contracts have periods by their own start, the rest calendar months

# customers with something out of the ordinary
_EXPIRED = "Copper Construction Co."
_PROJECTS = "Cyan Civil Engineering"
_TWO_CONTRACTS = "Graphite Granite Works"
_CANADIAN = "Maroon Marine Supply"
_INACTIVE = "Mauve Medical Billing"
_TWO_ROWS = "Indigo Insurance Brokers"
_NO_BULK = "Jade Jewelry Imports"
_QUARTERLY = "Onyx Office Furniture"
_AT_END = "Slate Surveying Group"


def stock(sandbox: Sandbox) -> None:
    """Fill an empty sandbox; its clock stays as it is."""
    for service in example_services():
        sandbox.add_service(
            service.name, service.price, cost=service.cost, category=service.category
        )
    for client in clients():
        currency = "CAD" if client.name == _CANADIAN else "USD"
        sandbox.add_account(client.name, currency=currency, id=client.id)
    for client in clients():
        _contracts(sandbox, client)
    _mappings(sandbox)


def _contracts(sandbox: Sandbox, client: Client) -> None:
    start = _start(client)
    main = _contract(sandbox, client, _MANAGED, start, CONTRACTS_END)
    if client.name == _EXPIRED:
        old_start, old_end = date(2024, 10, 1), start - timedelta(days=1)
        old = _contract(sandbox, client, "Managed Services 2024", old_start, old_end)
        _lines(sandbox, client, old, old_start, _used(client)[:3])
    if client.name == _PROJECTS:
        sandbox.add_contract(client.id, "Projects", start, CONTRACTS_END, type="Time and Materials")
    if client.name == _TWO_CONTRACTS:
        other = _contract(sandbox, client, "Backup Services", start, CONTRACTS_END)
        _lines(
            sandbox, client, main, start, [each for each in _used(client) if each[0] != "Backup"]
        )
        _lines(
            sandbox, client, other, start, [each for each in _used(client) if each[0] == "Backup"]
        )
    else:
        _lines(sandbox, client, main, start, _used(client))
    _invoices(sandbox, client, main, start)
    if client.name == _INACTIVE:
        sandbox.ui.deactivate_contract(main)


def _start(client: Client) -> date:
    if client.name == _EXPIRED:
        return date(2026, 10, 1)
    return date(2025, 1 + chance(client.name, "month") % 12, 1) + timedelta(
        days=chance(client.name, "day") % 30
    )


def _contract(sandbox: Sandbox, client: Client, name: str, start: date, end: date) -> int:
    return sandbox.add_contract(
        client.id,
        name,
        start,
        end,
        cycle="Quarterly" if client.name == _QUARTERLY else "Monthly",
        fiscal=bool(client.id % _ANCHORED),
        invoice_at_end=client.name == _AT_END,
    )


Used = tuple[str, int, int]
"""Category, service id, units."""


def _used(client: Client) -> list[Used]:
    """The services a customer is billed for, with the units somebody typed in."""
    found = []
    for number, service in enumerate(example_services(), start=FIRST_SERVICE):
        units = _units(client, service)
        if units is not None:
            found.append((service.category, number, units))
    return found


def _units(client: Client, service: ExampleService) -> int | None:
    if service.product is None:
        one = client.name == "Brass Building Supplies" or chance(client.name, service.key) % 4 == 0
        return 1 if one else None
    if service.product not in client.products:
        return None
    total = sum(
        quantity
        for (metric, dimension), quantity in _quantities(client.name, service.product)
        for count in service.counts
        if metric == count.metric and (not count.dimensions or dimension in count.dimensions)
    )
    if not total:
        return None
    slip = chance(client.name, service.key, "slip") % 20
    return max(ceil(total) + {0: 1, 1: -1}.get(slip, 0), 1)


@cache
def _quantities(account: str, product: str) -> tuple[tuple[tuple[str, str], Decimal], ...]:
    """What an account's organizations used of a product on the last day billed by hand."""
    return tuple(
        entry
        for each in organizations()
        if (each.account, each.product) == (account, product)
        for entry in (quantities(each, _BILLED_BY_HAND_UNTIL) or {}).items()
    )


def _lines(
    sandbox: Sandbox, client: Client, contract_id: int, starts: date, used: list[Used]
) -> None:
    for number, (_, service_id, units) in enumerate(used):
        split = client.name == _TWO_ROWS and number == 0
        day = starts + timedelta(days=31 * (chance(client.name, service_id) % 5))
        sandbox.add_line(
            contract_id,
            service_id,
            units - 2 if split else units,
            min(day, max(starts, _BILLED_BY_HAND_UNTIL)),
            price=_price(client, service_id),
            no_bulk=client.name == _NO_BULK and number == 1,
        )
        if split:
            sandbox.add_line(contract_id, service_id, 2, date(2026, 6, 15))


def _price(client: Client, service_id: int) -> Decimal:
    """The catalogue's price, less a tenth where the customer agreed on it."""
    price = Decimal(example_services()[service_id - FIRST_SERVICE].price)
    if client.name != _TWO_ROWS and chance(client.name, service_id, "discount") % 9 == 0:
        return (price * 9 / 10).quantize(price)
    return price


def _mappings(sandbox: Sandbox) -> None:
    """Every product and organization; most of them mapped to their accounts."""
    numbers = {product: number for number, product in enumerate(load_catalogue(), start=1)}
    for product in load_catalogue().values():
        sandbox.add_module(numbers[product.id], product.name)
    ids = {client.name: client.id for client in clients()}
    for each in organizations():
        module = numbers[each.product]
        sandbox.add_organization(module, each.id, each.name, parent_id=each.parent)
        if each.account is not None and chance(each.id, "mapped") % 10 < 6:
            sandbox.add_mapping(ids[each.account], module, each.id)


def _invoices(sandbox: Sandbox, client: Client, contract_id: int, start: date) -> None:
    """The two newest invoices of a monthly contract, by its own periods."""
    if client.name in (_QUARTERLY, _AT_END):
        return
    anchor = 1 if client.id % _ANCHORED else start.day
    this = period_of(sandbox.today(), anchor)
    before = period_of(this.starts - timedelta(days=1), anchor)
    for period in (before, this):
        if period.starts >= start:
            sandbox.add_invoice(contract_id, period.starts, period.ends, dated=period.starts)
