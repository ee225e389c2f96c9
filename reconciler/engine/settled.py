"""Is everything said and done about a contract that has ended?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from reconciler.engine.contracts import ContractOutcome
from reconciler.engine.standings import WAITS
from reconciler.findings import finding
from reconciler.model.finding import Finding, Subject
from reconciler.model.plan import Change


def is_settled(outcome: ContractOutcome) -> bool:
    """It is over, invoiced to its last day, and nothing differs: what BMS does with it since, such
    as a person taking its lines off, bills nothing."""
    if not outcome.works or outcome.doubts:
        return False
    bound = outcome.works[0].bound.contract
    invoiced = bound.closed_through is not None and bound.closed_through >= bound.contract.end
    return bound.is_over and invoiced and not any(work.steps for work in outcome.works)


def unsettled(
    outcome: ContractOutcome, changes: Sequence[Change], currency: str
) -> Iterator[Finding]:
    """BMS014 with the money that its last periods lack, where a person has to see to it."""
    waiting = [change for change in changes if change.standing in WAITS]
    if not outcome.works or not waiting:
        return
    bound = outcome.works[0].bound.contract
    if not bound.is_over:
        return
    contract, account = bound.contract, bound.account.name
    money = sum((change.money.prorated for change in waiting), Decimal(0))
    one = len(waiting) == 1
    count, verb = ("1 change", "is") if one else (f"{len(waiting)} changes", "are")
    message = (
        f"{contract.name} of {account} (id {contract.id}) ended on {contract.end} and is"
        f" {contract.status!r}: {count} of {money:+,f} {currency} in all up to then {verb} not in"
        " BMS"
    )
    subject = Subject(account=account, contract=contract.name)
    # A finding's money is of a month, and this comes once: the message has it.
    yield finding("BMS014", message, subject=subject)
