"""The customers: what they are called, how big they are, and which products they use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from reconciler.catalog import load_catalogue
from reconciler.sandbox.example.packaged import chance, text

CONTRACTS_END = date(2027, 12, 31)
FIRST_ID = 1001
NAMED = 15
_AUDIT = {"compliance-manager": " LLC", "cyber-hawk": "_LLC", "network-detective-pro": "_Org"}
_COMMON = ("datto-rmm", "datto-saas-protection", "datto-edr")
_PICKED = {  # products certain customers are known for
    "Brass Building Supplies": ("datto-siris", "bullphish-id"),
    "FutureTech Solutions": ("datto-rmm",),
    "Teal Tech Inc.": ("rocketcyber",),
}


@dataclass(frozen=True, slots=True)
class Client:
    """One customer of the example."""

    id: int
    name: str
    people: int
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExampleOrganization:
    """A customer as a product knows it; `parent` for one below another."""

    product: str
    id: str
    name: str
    account: str | None
    people: int
    parent: str | None = None


@cache
def clients() -> tuple[Client, ...]:
    """All of them, in the order of their ids."""
    names = text("companies.txt").splitlines()
    return tuple(_client(number, name) for number, name in enumerate(names))


def _client(number: int, name: str) -> Client:
    people = 6 + chance(name, "people") % 40 + (45 if chance(name, "big") % 6 == 0 else 0)
    products = tuple(product for product in load_catalogue() if _uses(number, name, product))
    return Client(FIRST_ID + number, name, people, products)


def _uses(number: int, name: str, product: str) -> bool:
    if product in _PICKED.get(name, ()) or (number < NAMED and product in _AUDIT):
        return True
    odds = 90 if product in _COMMON else 38
    return chance(name, product) % 100 < odds


@cache
def organizations() -> tuple[ExampleOrganization, ...]:
    """Every organization of every product, with two that stand for no customer alone."""
    own = [_organization(client, product) for client in clients() for product in client.products]
    brass = next(each for each in own if each.name == "Brass Building Supplies_Org")
    warehouse = ExampleOrganization(
        brass.product, f"{brass.id}-2", "Brass Warehouse_Org", brass.account, 9, parent=brass.id
    )
    lab = ExampleOrganization("datto-rmm", "datto-rmm-9000", "NFR Lab", None, 5)
    return (*own, warehouse, lab)


def _organization(client: Client, product: str) -> ExampleOrganization:
    name = f"{client.name}{_AUDIT.get(product, '')}"
    return ExampleOrganization(product, f"{product}-{client.id}", name, client.name, client.people)
