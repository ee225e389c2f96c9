"""Tie the desired state to BMS's ids, on the day of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

from reconciler.engine.bind_lines import bind_lines
from reconciler.engine.bound import Bound, BoundContract
from reconciler.engine.ended import Ledgered
from reconciler.engine.indexed import Index, index_of, rows_of
from reconciler.engine.invoice_periods import invoiced_otherwise
from reconciler.engine.invoiced import closings
from reconciler.engine.meant import contract_meant, ended_lately
from reconciler.engine.names import Resolver
from reconciler.engine.periods import Cycle, Schedule
from reconciler.findings import finding
from reconciler.model.bms import Account, Contract, Observation
from reconciler.model.desired import DesiredAccount, DesiredContract, DesiredState
from reconciler.model.finding import Subject
from reconciler.model.place import Origin


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
    index = index_of(state, seen, names, known or Ledgered(), back_to)
    bound = Bound(rows=rows_of(seen.rows))
    for account in state.accounts:
        if only and str(account.account) not in only:
            continue
        _bind_account(account, state, index, as_of, bound)
    return bound


def _bind_account(
    desired: DesiredAccount, state: DesiredState, index: Index, as_of: date, bound: Bound
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
    index: Index,
    as_of: date,
    bound: Bound,
) -> None:
    subject = Subject(account=account.name, contract=str(wanted.contract))
    theirs = index.contracts.get(account.id, [])
    contract = contract_meant(wanted, theirs, index, as_of, bound, subject, account.id)
    if contract is not None:
        found = _found(contract, wanted, desired, account, index)
        bound.findings.extend(invoiced_otherwise(found, index.invoices.get(contract.id, ())))
        bind_lines(found, wanted, index, bound)
        _report_unnamed(found, index, bound, bound.taken[contract.id], wanted.origin)
    for over in ended_lately(wanted, contract, theirs, desired, index, as_of):
        if over.id not in bound.contracts:
            found = replace(_found(over, wanted, desired, account, index), is_over=True)
            bind_lines(found, wanted, index, bound, index.known.lines_of(over))


def _found(
    contract: Contract,
    wanted: DesiredContract,
    desired: DesiredAccount,
    account: Account,
    index: Index,
) -> BoundContract:
    cycle = cast("Cycle", contract.billing_cycle.lower())
    schedule = Schedule(
        contract.start,
        cycle,
        calendar=wanted.billing.periods == "calendar",
        end=contract.end,
        part_period=index.part_period,
    )
    invoices = index.invoices.get(contract.id, ())
    return BoundContract(
        contract,
        account,
        desired,
        wanted.billing,
        schedule,
        max((invoice.last for invoice in invoices), default=None),
        () if wanted.every_service else wanted.lines,
        billing_starts=index.billing_starts,
        closings=closings(invoices, wanted.billing, index.invoice_day),
        looks=index.known.looks,
    )


def _report_unnamed(
    found: BoundContract,
    index: Index,
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
