"""What two places claim at once: accounts, contracts, organizations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from reconciler.desired.trouble import Trouble
from reconciler.model.desired import DesiredAccount, OrganizationRef, Reference
from reconciler.model.place import Origin

N = TypeVar("N", Reference, OrganizationRef)

Claim: TypeAlias = tuple[str, str, str]
"""What is claimed, of which product, by which name or id."""


@dataclass(frozen=True, slots=True)
class Claimant:
    """What one account file claims, as far as it can be read, and where."""

    file: str
    accounts: Sequence[tuple[Reference, Origin]]
    """One, or none where nobody can tell whose file it is."""
    contracts: Sequence[tuple[Reference, Origin]]
    organizations: Mapping[str, Sequence[tuple[OrganizationRef, Origin]]]


def claimant(account: DesiredAccount) -> Claimant:
    """The claims of a file without mistakes."""
    file = account.origin.file
    return Claimant(
        file,
        [(account.account, Origin(file, ("account",)))],
        [
            (one.contract, Origin(one.origin.file, (*one.origin.path, "contract")))
            for one in account.contracts
        ],
        {
            product: [
                (one, Origin(file, ("organizations", product, index)))
                for index, one in enumerate(named)
            ]
            for product, named in account.organizations.items()
        },
    )


def check_claims(claimants: Iterable[Claimant]) -> Iterator[Trouble]:
    """Each account once, each contract of it once, each organization in one place."""
    claimants = tuple(claimants)
    for (account, origin), (other, first) in _same(
        pair for one in claimants for pair in one.accounts
    ):
        if None not in (account.name, other.name) and account.name != other.name:
            message = f"account `{account}` has the id {account.id} of `{other}` in {first.file}"
            remedy = "correct the id that is wrong, or merge the two files if they are one account"
        else:
            message = f"account `{account}` is described in {first.file} too"
            remedy = "merge the two files"
        yield Trouble("CFG011", message, remedy, origin)
    for one in claimants:
        for (name, origin), _ in _same(one.contracts):
            yield Trouble("CFG011", f"contract `{name}` is listed twice", "merge the two", origin)
    yield from _organizations_once(claimants)


def claims_of(accounts: Iterable[DesiredAccount]) -> frozenset[Claim]:
    """Every name and id that accounts take for themselves.

    Accounts in two places whose claims have nothing in common claim nothing at once.
    """
    found: set[Claim] = set()
    for account in accounts:
        found.update(("account", "", key) for key in _keys(account.account))
        for product, organizations in account.organizations.items():
            for one in organizations:
                found.update(("organization", product, key) for key in _keys(one))
    return frozenset(found)


def _keys(named: Reference | OrganizationRef) -> Iterator[str]:
    if named.id is not None:
        yield f"#{named.id}"
    if named.name is not None:
        yield named.name


def _organizations_once(claimants: Iterable[Claimant]) -> Iterator[Trouble]:
    claims: dict[str, list[tuple[OrganizationRef, Origin]]] = defaultdict(list)
    names: dict[str, str] = {}
    for one in claimants:
        names.update((one.file, f"by `{account}` ") for account, _ in one.accounts)
        for product, organizations in one.organizations.items():
            claims[product] += organizations
    for product, claimed in claims.items():
        for (organization, origin), (_, first) in _same(claimed):
            same_file = origin.file == first.file
            other = "here already" if same_file else f"{names.get(first.file, '')}in {first.file}"
            message = f"organization `{organization}` of {product} is claimed {other}"
            yield Trouble("CFG009", message, "leave it in one place", origin)


def _same(
    named: Iterable[tuple[N, Origin]],
) -> Iterator[tuple[tuple[N, Origin], tuple[N, Origin]]]:
    """Each thing that is named a second time, with the first place."""
    by_id: dict[int | str, tuple[N, Origin]] = {}
    by_name: dict[str, tuple[N, Origin]] = {}
    for one in named:
        thing = one[0]
        first = by_id.get(thing.id) if thing.id is not None else None
        if first is None and thing.name is not None:
            first = by_name.get(thing.name)
            if first is not None and None not in (first[0].id, thing.id):
                first = None
        if first is not None:
            yield one, first
            continue
        if thing.id is not None:
            by_id[thing.id] = one
        if thing.name is not None:
            by_name[thing.name] = one
