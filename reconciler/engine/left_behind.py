"""Contracts that were ours, and that the configuration names no more."""

from __future__ import annotations

from collections.abc import Iterator, Set

from reconciler.engine.entry import PlanInput
from reconciler.findings import finding
from reconciler.model.bms import Contract
from reconciler.model.finding import Finding, Subject


def left_behind(entry: PlanInput, named: Set[int]) -> Iterator[Finding]:
    """One finding for each that BMS goes on billing, with its total."""
    accounts = {account.id: account.name for account in entry.seen.accounts}
    for contract in entry.seen.contracts:
        ours = contract.id in entry.remembered.contracts and contract.id not in named
        if ours and _is_billed(contract, entry):
            account = accounts.get(contract.account_id, f"account {contract.account_id}")
            message = (
                f"{contract.name} of {account}: its units were known here, and the configuration"
                f" names it no more; BMS goes on billing {contract.total} {entry.state.currency}"
                " for it"
            )
            subject = Subject(account=account, contract=contract.name)
            yield finding("KNW015", message, subject=subject)


def _is_billed(contract: Contract, entry: PlanInput) -> bool:
    return contract.status.lower() == "active" and contract.start <= entry.as_of <= contract.end
