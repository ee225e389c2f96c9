"""Writes without an answer on contracts that a plan does not look at any more."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from reconciler.engine.entry import PlanInput
from reconciler.findings import finding
from reconciler.model.finding import Finding, Subject
from reconciler.model.ledgered import Intent


def unanswered(entry: PlanInput, answered: Collection[str]) -> Iterator[Finding]:
    """One for each open intent that no contract of the configuration told about."""
    open_still = [i for i in entry.remembered.open_intents if i.ref not in answered]
    if not open_still:
        return
    accounts = {account.id: account.name for account in entry.seen.accounts}
    contracts = {contract.id: contract.name for contract in entry.seen.contracts}
    for intent in open_still:
        key = intent.line
        account = accounts.get(key.account_id, f"account {key.account_id}")
        contract = contracts.get(key.contract_id, f"contract {key.contract_id}")
        yield _finding(intent, Subject(account=account, contract=contract))


def _finding(intent: Intent, subject: Subject) -> Finding:
    message = (
        f"{subject.contract} of {subject.account}: a write of {intent.at:%Y-%m-%d %H:%M} UTC"
        f" (ref {intent.ref}) got no answer, and no line of the configuration is bound to the"
        " contract, so it was not looked at"
    )
    remedy = (
        "bring the contract back into the configuration and run again; where that cannot be, look"
        f" in BMS and end it: `reconciler drift --accept {intent.line.contract_id}"
        ' --reason "..."`'
    )
    return finding("KNW005", message, subject=subject, remedy=remedy)
