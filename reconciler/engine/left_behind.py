"""Contracts that were ours, and that the configuration names no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Final

from reconciler.engine.amounts import amount, with_code
from reconciler.engine.entry import PlanInput
from reconciler.findings import finding
from reconciler.model.bms import Contract
from reconciler.model.finding import Finding, Subject

_NOT_FOUND: Final = frozenset({f"BMS{n:03}" for n in (3, 4, 5, 6, 7, 8, 13)})
"""Codes of what is named and not found, or found and not to be billed."""


def left_behind(entry: PlanInput, named: Set[int], found: Iterable[Finding]) -> Iterator[Finding]:
    """One finding for each that BMS goes on billing, with its total; none of an account of which
    something that the configuration names was not ``found``: it may be that."""
    currency = entry.state.currency
    unsure = {one.subject.account for one in found if one.code in _NOT_FOUND}
    accounts = {account.id: account.name for account in entry.seen.accounts}
    for contract in entry.seen.contracts:
        ours = contract.id in entry.remembered.contracts and contract.id not in named
        account = accounts.get(contract.account_id, f"account {contract.account_id}")
        if ours and account not in unsure and _is_billed(contract, entry):
            total = amount(contract.total, currency)
            message = (
                f"{contract.name} of {account}: its units were known here, and the configuration"
                f" names it no more; BMS goes on billing {with_code(total, currency)} for it"
            )
            subject = Subject(account=account, contract=contract.name)
            yield finding("KNW015", message, subject=subject)


def _is_billed(contract: Contract, entry: PlanInput) -> bool:
    return contract.status.lower() == "active" and contract.start <= entry.as_of <= contract.end
