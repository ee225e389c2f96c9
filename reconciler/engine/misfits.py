"""Writes that did not fit hold everything: the assumption that was wrong is the same everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.entry import PlanInput
from reconciler.findings import finding
from reconciler.model.bms import Contract
from reconciler.model.finding import Finding, Subject
from reconciler.model.ledgered import Misfit


def misfit_findings(entry: PlanInput) -> Iterator[Finding]:
    """Each, until a person has taken its contract over, or BMS has the contract no more.

    That it fits again by itself is no reason to go on: the next contract would be spoiled by the
    same assumption.
    """
    contracts = {contract.id: contract for contract in entry.seen.contracts}
    accounts = {account.id: account.name for account in entry.seen.accounts}
    for misfit in entry.remembered.misfits:
        contract = contracts.get(misfit.intent.line.contract_id)
        if contract is not None:
            account = accounts.get(contract.account_id, f"account {contract.account_id}")
            yield _found(misfit, contract, account)


def _found(misfit: Misfit, contract: Contract, account: str) -> Finding:
    intent = misfit.intent
    return finding(
        "APP005",
        f"{contract.name} of {account}: the write of {intent.at:%Y-%m-%d %H:%M} UTC"
        f" (ref {intent.ref}) did not fit: {misfit.detail};"
        " until a person has looked at it, it holds the changes of every account",
        subject=Subject(account=account, contract=contract.name),
        remedy="look at the contract in BMS, set `bms.assume` to what BMS really did, then say that"
        f" you have looked: `reconciler drift --accept {contract.id} --units SERVICE=N --reason"
        " WHY`, with the units that BMS has now",
    )
