"""KaseyaOne as BMS shows it: modules, and which organizations are mapped to which account."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from reconciler.bms import calls
from reconciler.bms.listing import Lister
from reconciler.bms.record import Record, records
from reconciler.bms.wire import Wire


@dataclass(frozen=True, slots=True)
class K1Status:
    """Whether BMS is connected to KaseyaOne, and to which organization there."""

    is_connected: bool
    organization_id: str | None


@dataclass(frozen=True, slots=True)
class K1Module:
    """A product as KaseyaOne numbers it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class K1Organization:
    """An organization of a product; ``parent_id`` when it is part of another."""

    id: str
    name: str
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class K1Mapping:
    """The organizations of one product that are mapped to one BMS account."""

    account_id: int
    account: str
    product_id: int
    organizations: tuple[K1Organization, ...]


def read_status(wire: Wire) -> K1Status:
    """The connection to KaseyaOne."""
    answer = wire.send(calls.K1_STATUS)
    record = Record.of(answer.result, wire.where(calls.K1_STATUS))
    return K1Status(record.flag("IsConnected"), record.text_or_blank("OrganizationId") or None)


def read_modules(wire: Wire) -> tuple[K1Module, ...]:
    """The products that can be mapped."""
    answer = wire.send(calls.K1_MODULES)
    where = wire.where(calls.K1_MODULES)
    return tuple(
        K1Module(record.integer("Id"), record.text_or_blank("Name"))
        for record in records(answer.result, where)
    )


def read_mappings(lister: Lister, products: Collection[int]) -> tuple[K1Mapping, ...]:
    """The mappings of these products, by account; BMS wants at least one product named."""
    if not products:
        return ()
    filters = {"SourceProductIds": sorted(products)}
    found = lister.read(calls.K1_MAPPINGS, filters, key="AccountId")
    return tuple(
        _mapping(account, mapping)
        for account in found
        for mapping in account.records("OrganizationMappings")
    )


def _mapping(account: Record, mapping: Record) -> K1Mapping:
    return K1Mapping(
        account.integer("AccountId"),
        account.text_or_blank("AccountName"),
        mapping.integer("SourceProductId"),
        tuple(_organization(record) for record in mapping.records("SourceOrganizations")),
    )


def _organization(record: Record) -> K1Organization:
    return K1Organization(
        record.text_or_blank("Id"),
        record.text_or_blank("Name"),
        record.text_or_blank("ParentId") or None,
    )
