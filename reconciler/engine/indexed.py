"""What BMS has, by id and by name, for binding the configuration to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from reconciler.engine.ended import Ledgered
from reconciler.engine.invoiced import by_contract
from reconciler.engine.names import T
from reconciler.model.assumptions import PartPeriod
from reconciler.model.bms import Account, CatalogueService, Contract, Invoice, Observation, Row
from reconciler.model.desired import DesiredState, Reference


@dataclass(slots=True)
class Index:
    """Where there is none of a kind, its id or name is not there."""

    accounts: Mapping[int, Account]
    accounts_by_name: Mapping[str, list[Account]]
    contracts: Mapping[int, list[Contract]]
    services: Mapping[int, CatalogueService]
    services_by_name: Mapping[str, list[CatalogueService]]
    invoices: Mapping[int, Sequence[Invoice]]
    """By contract."""
    invoice_day: int
    """The day of the month on which BMS bills."""
    billing_starts: date | None
    remembered: Mapping[tuple[str, str], int]
    known: Ledgered
    today: date | None
    """On which BMS said how its contracts stand."""
    back_to: date | None
    part_period: PartPeriod
    clear: dict[Reference, CatalogueService] = field(default_factory=dict)
    """Services that a reference was found to mean, with nothing to be said of it."""
    near: dict[str, str | None] = field(default_factory=dict)
    """Services most like a name that none has."""


def index_of(
    state: DesiredState,
    seen: Observation,
    names: Iterable[tuple[str, str, int]],
    known: Ledgered,
    back_to: date | None,
) -> Index:
    """Of everything that was read and is remembered."""
    contracts: dict[int, list[Contract]] = defaultdict(list)
    for contract in seen.contracts:
        contracts[contract.account_id].append(contract)
    active = [service for service in seen.services if service.is_active]
    return Index(
        accounts={account.id: account for account in seen.accounts},
        accounts_by_name=_by_name(seen.accounts),
        contracts=contracts,
        services={service.id: service for service in seen.services},
        services_by_name=_by_name(active),
        invoices=by_contract(seen.invoices),
        invoice_day=state.invoice_run.day,
        billing_starts=state.billing_starts,
        remembered={(kind, name): id_ for kind, name, id_ in names},
        known=known,
        today=seen.day,
        back_to=back_to,
        part_period=state.assumptions.part_period,
    )


def _by_name(things: Iterable[T]) -> dict[str, list[T]]:
    out: dict[str, list[T]] = defaultdict(list)
    for thing in things:
        out[thing.name].append(thing)
    return out


def rows_of(rows: Iterable[Row]) -> dict[int, dict[int, list[Row]]]:
    """By contract, then by service."""
    out: dict[int, dict[int, list[Row]]] = {}
    for row in rows:
        out.setdefault(row.contract_id, {}).setdefault(row.service_id, []).append(row)
    return out


def services_wanted(state: DesiredState, seen: Observation) -> Iterator[int]:
    """Ids of the catalogue services that the configuration names, each once."""
    by_name = _by_name(seen.services)
    wanted = {line.bms_service for line in state.lines()}
    ids = {
        id_
        for ref in wanted
        for id_ in (
            [ref.id] if ref.id is not None else [s.id for s in by_name.get(ref.name or "", [])]
        )
    }
    yield from sorted(ids)
