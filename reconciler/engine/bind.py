"""Tie the desired state to BMS's ids, on the day of the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, cast

from reconciler.engine.ended import Ledgered, is_looked_at
from reconciler.engine.names import Resolver, T
from reconciler.engine.periods import Cycle, Schedule
from reconciler.findings import finding
from reconciler.model.assumptions import PartPeriod
from reconciler.model.bms import Account, CatalogueService, Contract, LineKey, Observation, Row
from reconciler.model.desired import (
    Billing,
    DesiredAccount,
    DesiredContract,
    DesiredLine,
    DesiredState,
    Reference,
)
from reconciler.model.finding import Finding, Subject
from reconciler.model.place import Origin
from reconciler.model.plan import LineRef

CYCLES: Final = {"weekly", "monthly", "quarterly", "yearly"}


@dataclass(frozen=True, slots=True)
class BoundContract:
    """A contract of the configuration, found in BMS."""

    contract: Contract
    account: Account
    desired: DesiredAccount
    billing: Billing
    schedule: Schedule
    closed_through: date | None
    """The last day that an invoice of the contract covers."""
    named: tuple[DesiredLine, ...] = ()
    """The lines that the configuration names one by one, found in BMS or not."""
    is_over: bool = False
    """Has its last day passed? Then only what its last periods still lack is looked at."""
    billing_starts: date | None = None
    """Nothing is dated earlier, and nothing used earlier counts."""


@dataclass(frozen=True, slots=True)
class BoundLine:
    """A line of the configuration, found in BMS (or to be added there)."""

    key: LineKey
    ref: LineRef
    line: DesiredLine
    contract: BoundContract
    service: CatalogueService
    rows: tuple[Row, ...]
    since: date | None = None
    """The line joined the configuration on that day; it is not counted before."""
    edited: bool = False
    """Did its rules change on the day of the plan?"""


@dataclass(slots=True)
class Bound:
    """What was found, what was not, and names to remember."""

    lines: list[BoundLine] = field(default_factory=list)
    contracts: dict[int, BoundContract] = field(default_factory=dict)
    rows: dict[int, dict[int, list[Row]]] = field(default_factory=dict)
    """By contract, then by BMS service: every row read."""
    findings: list[Finding] = field(default_factory=list)
    names: list[tuple[str, str, int]] = field(default_factory=list)
    taken: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    """By contract, then by BMS service: our service that stands for it."""


@dataclass(slots=True)
class _Index:
    accounts: Mapping[int, Account]
    accounts_by_name: Mapping[str, list[Account]]
    contracts: Mapping[int, list[Contract]]
    services: Mapping[int, CatalogueService]
    services_by_name: Mapping[str, list[CatalogueService]]
    closed: Mapping[int, date]
    billing_starts: date | None
    remembered: Mapping[tuple[str, str], int]
    known: Ledgered
    today: date | None
    """On which BMS said how its contracts stand."""
    back_to: date | None
    part_period: PartPeriod


def bind(
    state: DesiredState,
    seen: Observation,
    names: Iterable[tuple[str, str, int]],
    as_of: date,
    only: Sequence[str] = (),
    known: Ledgered | None = None,
    back_to: date | None = None,
) -> Bound:
    """Every account, contract and line by id; ``only`` limits to accounts by name.

    ``known``: lines that the ledger knows of; ``services: all`` keeps them even without rows, and
    of a contract that has ended only they are bound. That is looked at until the period after its
    last one is over too, and if it ended on ``back_to`` or later.
    """
    index = _index(state, seen, names, known or Ledgered(), back_to)
    bound = Bound(rows=_rows(seen.rows))
    for account in state.accounts:
        if only and str(account.account) not in only:
            continue
        _bind_account(account, state, index, as_of, bound)
    return bound


def _bind_account(
    desired: DesiredAccount, state: DesiredState, index: _Index, as_of: date, bound: Bound
) -> None:
    subject = Subject(account=str(desired.account))
    resolver = Resolver(
        "account", subject, desired.origin, index.remembered, bound.findings, bound.names
    )
    account = resolver.one(desired.account, index.accounts, index.accounts_by_name, "BMS001")
    if account is None:
        return
    currency = account.currency
    if currency is not None and len(currency) == 3 and currency != state.currency:
        message = f"{account.name} is billed in {currency}, the configuration in {state.currency}"
        bound.findings.append(finding("BMS008", message, subject=subject, origin=desired.origin))
        return
    for contract in desired.contracts:
        _bind_contract(contract, desired, account, index, as_of, bound)


def _bind_contract(
    wanted: DesiredContract,
    desired: DesiredAccount,
    account: Account,
    index: _Index,
    as_of: date,
    bound: Bound,
) -> None:
    subject = Subject(account=account.name, contract=str(wanted.contract))
    theirs = index.contracts.get(account.id, [])
    contract = _contract(wanted, theirs, index, as_of, bound, subject, account.id)
    if contract is not None:
        found = _found(contract, wanted, desired, account, index)
        _bind_lines(found, wanted, index, bound)
        _report_unnamed(found, index, bound, bound.taken[contract.id], wanted.origin)
    for over in _ended(wanted, contract, theirs, desired, index, as_of):
        if over.id not in bound.contracts:
            found = replace(_found(over, wanted, desired, account, index), is_over=True)
            _bind_lines(found, wanted, index, bound, index.known.lines_of(over))


def _found(
    contract: Contract,
    wanted: DesiredContract,
    desired: DesiredAccount,
    account: Account,
    index: _Index,
) -> BoundContract:
    cycle = cast("Cycle", contract.billing_cycle.lower())
    schedule = Schedule(
        contract.start,
        cycle,
        calendar=wanted.billing.periods == "calendar",
        end=contract.end,
        part_period=index.part_period,
    )
    return BoundContract(
        contract,
        account,
        desired,
        wanted.billing,
        schedule,
        index.closed.get(contract.id),
        () if wanted.every_service else wanted.lines,
        billing_starts=index.billing_starts,
    )


def _bind_lines(
    found: BoundContract,
    wanted: DesiredContract,
    index: _Index,
    bound: Bound,
    only: Collection[LineKey] | None = None,
) -> None:
    bound.contracts.setdefault(found.contract.id, found)
    taken = bound.taken[found.contract.id]
    for line in wanted.lines:
        _bind_line(line, wanted, found, index, bound, taken, only)


def _ended(
    wanted: DesiredContract,
    current: Contract | None,
    theirs: Sequence[Contract],
    desired: DesiredAccount,
    index: _Index,
    as_of: date,
) -> Iterator[Contract]:
    """What the contract was until lately: it ended, or the current one renews it by its name."""
    for contract in theirs:
        if contract.end >= as_of or _never(contract) is not None:
            continue
        if not _was_meant(wanted, contract, current, desired, index):
            continue
        calendar = wanted.billing.periods == "calendar"
        if is_looked_at(contract, as_of, calendar=calendar, back_to=index.back_to) and (
            index.known.lines_of(contract)
        ):
            yield contract


def _was_meant(
    wanted: DesiredContract,
    contract: Contract,
    current: Contract | None,
    desired: DesiredAccount,
    index: _Index,
) -> bool:
    if current is not None:
        others = {one.contract.id for one in desired.contracts} - {wanted.contract.id}
        same = contract.name == current.name and contract.id not in others
        return same and contract.end < current.start
    if wanted.contract.id is not None:
        return wanted.contract.id == contract.id
    name = wanted.contract.name or ""
    before = index.remembered.get((f"contract:{contract.account_id}", name))
    return contract.name == name or contract.id == before


def _bind_line(
    line: DesiredLine,
    wanted: DesiredContract,
    found: BoundContract,
    index: _Index,
    bound: Bound,
    taken: dict[int, str],
    only: Collection[LineKey] | None,
) -> None:
    contract, account = found.contract, found.account
    service = _by_id_alone(line.bms_service, index)
    if service is None:
        subject = _subject(found, line)
        resolver = Resolver(
            "service", subject, line.origin, index.remembered, bound.findings, bound.names
        )
        service = resolver.one(line.bms_service, index.services, index.services_by_name, "BMS005")
    if service is None:
        return
    rows = tuple(bound.rows.get(contract.id, {}).get(service.id, ()))
    key = LineKey(account.id, contract.id, service.id)
    if only is not None and key not in only:
        return
    if wanted.every_service and not rows and key not in index.known.told:
        return
    if service.id in taken:
        message = f"{line.service} and {taken[service.id]} both stand for {service.name}"
        subject = _subject(found, line)
        bound.findings.append(finding("BMS011", message, subject=subject, origin=line.origin))
        return
    taken[service.id] = line.service
    ref = LineRef(
        account_id=account.id,
        account=account.name,
        contract_id=contract.id,
        contract=contract.name,
        service_id=service.id,
        bms_service=service.name,
        service=line.service,
    )
    bound.lines.append(BoundLine(key, ref, line, found, service, rows))


def _subject(found: BoundContract, line: DesiredLine) -> Subject:
    return Subject(account=found.account.name, contract=found.contract.name, service=line.service)


def _by_id_alone(wanted: Reference, index: _Index) -> CatalogueService | None:
    """What most lines say, at the price of a look-up; a name beside the id is looked into."""
    if wanted.id is None or wanted.name is not None:
        return None
    return index.services.get(wanted.id)


def _contract(
    wanted: DesiredContract,
    theirs: Sequence[Contract],
    index: _Index,
    as_of: date,
    bound: Bound,
    subject: Subject,
    account_id: int,
) -> Contract | None:
    by_name: dict[str, list[Contract]] = defaultdict(list)
    for contract in theirs:
        if _unbillable(contract, as_of, index) is None:
            by_name[contract.name].append(contract)
    by_id = {contract.id: contract for contract in theirs}
    named = [c for c in theirs if wanted.contract.id in (None, c.id) and _names(wanted, c)]
    if named and not any(_unbillable(contract, as_of, index) is None for contract in named):
        _say_unbillable(named[-1], wanted, index, as_of, bound, subject)
        return None
    kind = f"contract:{account_id}"
    resolver = Resolver(kind, subject, wanted.origin, index.remembered, bound.findings, bound.names)
    found = resolver.one(wanted.contract, by_id, by_name, "BMS003")
    if found is not None and _unbillable(found, as_of, index) is not None:
        _say_unbillable(found, wanted, index, as_of, bound, subject)
        return None
    return found


def _say_unbillable(
    contract: Contract,
    wanted: DesiredContract,
    index: _Index,
    as_of: date,
    bound: Bound,
    subject: Subject,
) -> None:
    subject = replace(subject, contract=contract.name)
    message = f"{contract.name} of {subject.account} {_unbillable(contract, as_of, index)}"
    bound.findings.append(finding("BMS007", message, subject=subject, origin=wanted.origin))


def _names(wanted: DesiredContract, contract: Contract) -> bool:
    return wanted.contract.id == contract.id or wanted.contract.name == contract.name


def _unbillable(contract: Contract, as_of: date, index: _Index) -> str | None:
    """Why nothing can be billed on it that day."""
    never = _never(contract)
    if never is not None:
        return never
    if contract.end < as_of:
        return f"ended on {contract.end}"
    if contract.start > as_of:
        return f"starts on {contract.start} only"
    # One that has ended since is said to be expired; what it was on a day before, it does not say.
    ended_since = index.today is not None and contract.end < index.today
    if contract.status.lower() != "active" and not ended_since:
        return f"is not active but {contract.status!r}"
    return None


def _never(contract: Contract) -> str | None:
    """Why nothing can be billed on it on any day."""
    if "recurring" not in contract.type.lower():
        return f"is not a recurring services contract but {contract.type!r}"
    if contract.billing_cycle.lower() not in CYCLES:
        return f"has the billing cycle {contract.billing_cycle!r}, which is not known here"
    return None


def _report_unnamed(
    found: BoundContract,
    index: _Index,
    bound: Bound,
    taken: Mapping[int, str],
    origin: Origin,
) -> None:
    contract = found.contract
    unnamed = sorted(
        index.services[service].name
        for service in bound.rows.get(contract.id, {})
        if service not in taken and service in index.services
    )
    if unnamed:
        subject = Subject(account=found.account.name, contract=contract.name)
        message = f"{contract.name} of {found.account.name} also has {', '.join(unnamed)}"
        bound.findings.append(finding("BMS009", message, subject=subject, origin=origin))


def _index(
    state: DesiredState,
    seen: Observation,
    names: Iterable[tuple[str, str, int]],
    known: Ledgered,
    back_to: date | None,
) -> _Index:
    contracts: dict[int, list[Contract]] = defaultdict(list)
    for contract in seen.contracts:
        contracts[contract.account_id].append(contract)
    closed: dict[int, date] = {}
    for invoice in seen.invoices:
        closed[invoice.contract_id] = max(invoice.last, closed.get(invoice.contract_id, date.min))
    active = [service for service in seen.services if service.is_active]
    return _Index(
        accounts={account.id: account for account in seen.accounts},
        accounts_by_name=_by_name(seen.accounts),
        contracts=contracts,
        services={service.id: service for service in seen.services},
        services_by_name=_by_name(active),
        closed=closed,
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


def _rows(rows: Iterable[Row]) -> dict[int, dict[int, list[Row]]]:
    out: dict[int, dict[int, list[Row]]] = {}
    for row in rows:
        out.setdefault(row.contract_id, {}).setdefault(row.service_id, []).append(row)
    return out


def services_wanted(state: DesiredState, seen: Observation) -> Iterator[int]:
    """Ids of the catalogue services that the configuration names, each once."""
    by_name = _by_name(seen.services)
    wanted = {
        line.bms_service
        for account in state.accounts
        for contract in account.contracts
        for line in contract.lines
    }
    ids = {
        id_
        for ref in wanted
        for id_ in (
            [ref.id] if ref.id is not None else [s.id for s in by_name.get(ref.name or "", [])]
        )
    }
    yield from sorted(ids)
