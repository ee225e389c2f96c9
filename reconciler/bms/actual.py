"""The actual state, read: first what BMS has, then the lines that matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from reconciler.bms.client import BmsClient
from reconciler.bms.listed import ListedContract
from reconciler.bms.record import unexpected
from reconciler.model.bms import Account, CatalogueService, Contract, Invoice, Observation, Row


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything but the lines. ``foreign``: contracts whose account's name BMS does not list, left
    out of ``contracts``; only a row of theirs can tell whose they are."""

    accounts: tuple[Account, ...]
    contracts: tuple[Contract, ...]
    services: tuple[CatalogueService, ...]
    invoices: tuple[Invoice, ...]
    foreign: tuple[ListedContract, ...]
    read_at: datetime
    day: date
    """The tenant's local day of ``read_at``."""


def read_directory(client: BmsClient, *, since: date | None = None) -> Directory:
    """Accounts, contracts, catalogue, and the invoices created on or after ``since``.

    Contracts join accounts by name; only for a name that several accounts have is BMS asked which
    contracts are whose. ``BmsUnexpected`` if even that does not tell.
    """
    read_at = client.clock.now()
    accounts = client.accounts()
    joined, foreign = _join(client, accounts, client.contracts())
    return Directory(
        accounts,
        joined,
        client.services(),
        client.invoices(since),
        foreign,
        read_at,
        client.dates.day(read_at),
    )


def with_totals_of_now(client: BmsClient, directory: Directory) -> Directory:
    """The directory with its contracts, and so their totals, read again.

    Rows are proved by the total: one from before them would make an edit in between look like
    drift.
    """
    read_at = client.clock.now()
    joined, foreign = _join(client, directory.accounts, client.contracts())
    day = client.dates.day(read_at)
    return replace(directory, contracts=joined, foreign=foreign, read_at=read_at, day=day)


def read_rows(
    client: BmsClient,
    directory: Directory,
    *,
    services: Collection[int],
    wide_contracts: Collection[int] = (),
) -> Observation:
    """The rows of the given services everywhere, and all rows of the wide contracts.

    Services are BMS's ids; one that the catalogue does not have is not asked for. A row's own
    account id wins over the join by name. A contract of an account that BMS does not list is left
    out with its rows.
    """
    catalogue = [service.id for service in directory.services]
    searched = [i for i in catalogue if i in services]
    others = [i for i in catalogue if i not in set(searched)]
    listed = {contract.id: contract.name for contract in directory.contracts}
    listed.update({contract.id: contract.name for contract in directory.foreign})
    wide = frozenset(wide_contracts) & listed.keys()
    found = [row for service in searched for row in client.rows(service)]
    found += _wide_rows(client, listed, others, wide)
    contracts, rows = _rehomed(directory, found)
    return Observation(
        accounts=directory.accounts,
        contracts=contracts,
        services=directory.services,
        rows=rows,
        invoices=directory.invoices,
        searched=frozenset(searched),
        wide=wide,
        read_at=directory.read_at,
        day=directory.day,
    )


def _join(
    client: BmsClient, accounts: Iterable[Account], contracts: Iterable[ListedContract]
) -> tuple[tuple[Contract, ...], tuple[ListedContract, ...]]:
    by_name = defaultdict[str, list[int]](list)
    for account in accounts:
        by_name[account.name].append(account.id)
    owners = _Owners(client, by_name)
    joined, foreign = list[Contract](), list[ListedContract]()
    for contract in contracts:
        owner = owners.of(contract)
        if owner is None:
            foreign.append(contract)
        else:
            joined.append(contract.of_account(owner))
    return tuple(joined), tuple(foreign)


class _Owners:
    """Whose contract is whose. Each account of a shared name is looked up at most once."""

    def __init__(self, client: BmsClient, by_name: Mapping[str, Sequence[int]]) -> None:
        self._client = client
        self._by_name = by_name
        self._looked_up: dict[int, frozenset[int]] = {}

    def of(self, contract: ListedContract) -> int | None:
        """The account's id; None for an account that BMS does not list."""
        candidates = self._by_name.get(contract.account_name, ())
        if len(candidates) < 2:
            return next(iter(candidates), None)
        owners = [i for i in candidates if contract.id in self._contracts(i)]
        if len(owners) == 1:
            return owners[0]
        raise unexpected(
            "contracts",
            f"{len(candidates)} accounts are called {contract.account_name!r}, and BMS does not "
            f"tell whose the contract {contract.name!r} (id {contract.id}) is",
            "give one of the accounts another name in BMS",
        )

    def _contracts(self, account_id: int) -> frozenset[int]:
        if account_id not in self._looked_up:
            self._looked_up[account_id] = self._client.contracts_of_account(account_id)
        return self._looked_up[account_id]


def _wide_rows(
    client: BmsClient,
    listed: Mapping[int, str],
    services: Iterable[int],
    wide: frozenset[int],
) -> Iterator[Row]:
    """One search per service: narrowed where all wide contracts share one name."""
    if not wide:
        return
    names = {listed[contract] for contract in wide}
    name = next(iter(names)) if len(names) == 1 else None
    for service in services:
        for row in client.rows(service, contract_name=name):
            if row.contract_id in wide:
                yield row


def _rehomed(
    directory: Directory, rows: Sequence[Row]
) -> tuple[tuple[Contract, ...], tuple[Row, ...]]:
    """Contracts under the account their rows name, and the rows of the contracts that remain."""
    known = {account.id for account in directory.accounts}
    owners = {row.contract_id: row.account_id for row in rows}
    housed = [
        *(replace(c, account_id=owners.get(c.id, c.account_id)) for c in directory.contracts),
        *(c.of_account(owners[c.id]) for c in directory.foreign if c.id in owners),
    ]
    contracts = sorted((c for c in housed if c.account_id in known), key=lambda c: c.id)
    remaining = {contract.id for contract in contracts}
    kept = [row for row in rows if row.contract_id in remaining]
    kept.sort(key=lambda row: (row.contract_id, row.service_id, row.date, row.id))
    return tuple(contracts), tuple(kept)
