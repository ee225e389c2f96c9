"""What changes in invoiced periods mean for the invoices to come: credits, and prorations that a
billing job may miss."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reconciler.engine.amounts import amount, with_code
from reconciler.engine.contracts import ContractOutcome
from reconciler.engine.lines import LineWork
from reconciler.engine.periods import DAY
from reconciler.engine.priced_by_day import price_of
from reconciler.engine.proof import Consistent
from reconciler.findings import finding
from reconciler.model.bms import Contract, LineKey
from reconciler.model.finding import Finding, Subject
from reconciler.model.plan import Change
from reconciler.model.timeline import Units

MADE = ("ready", "proposed", "by-hand")
"""Changes that somebody or something is about to make."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What a contract of ours bills next."""

    contract_id: int
    at_start: bool
    """Are invoices issued at a period's start?"""
    closed: date | None
    """The last day that an invoice covers."""
    is_due: bool
    """Does the next period bill anything?"""


def bills(changes: Iterable[Change], outcomes: Iterable[ContractOutcome]) -> Iterator[Bill]:
    """Of every contract of the accounts that have changes."""
    accounts = {change.line.account_id for change in changes}
    for outcome in outcomes:
        if outcome.works and outcome.works[0].bound.key.account_id in accounts:
            bound = outcome.works[0].bound.contract
            yield Bill(
                bound.contract.id,
                not bound.billing.at_end,
                bound.closed_through,
                _is_due(outcome),
            )


def credit_findings(
    changes: Sequence[Change],
    found: Iterable[Bill],
    contracts: Iterable[Contract],
    currency: str,
) -> Iterator[Finding]:
    """POL004 per account whose next invoice would be nothing but a credit; POL005 once."""
    by_contract = {bill.contract_id: bill for bill in found}
    late = [
        change
        for change in changes
        if change.standing in MADE
        and change.kind != "price"
        and _is_invoiced(change, by_contract[change.line.contract_id])
    ]
    yield from _sweeper(late, by_contract)
    lowered: dict[int, list[Change]] = defaultdict(list)
    for step in _steps(late):
        if _comes_to(step) < 0:
            lowered[step[0].line.account_id].extend(step)
    if not lowered:
        return
    made = _steps(change for change in changes if change.standing in MADE)
    rises = {step[0].line.account_id for step in made if _comes_to(step) > 0}
    for account, lowering in lowered.items():
        theirs = [contract for contract in contracts if contract.account_id == account]
        if account in rises or any(_bills(c, by_contract.get(c.id)) for c in theirs):
            continue
        name = lowering[0].line.account
        credit = with_code(amount(-_comes_to(lowering), currency), currency)
        message = f"the next invoice of {name} would be nothing but a credit of {credit}"
        yield finding("POL004", message, subject=Subject(account=name))


def _steps(changes: Iterable[Change]) -> list[list[Change]]:
    """Parts of one step, at several prices, together: one may be billed that others credit."""
    steps: dict[tuple[LineKey, date], list[Change]] = defaultdict(list)
    for change in changes:
        steps[change.line.key, change.day].append(change)
    return list(steps.values())


def _comes_to(changes: Iterable[Change]) -> Decimal:
    return sum((change.money.prorated for change in changes), Decimal(0))


def _sweeper(late: Sequence[Change], found: Mapping[int, Bill]) -> Iterator[Finding]:
    at_start = [
        change
        for change in late
        if found[change.line.contract_id].at_start and change.money.prorated
    ]
    if at_start:
        first = min(at_start, key=lambda change: (change.day, change.id))
        more = f" and {len(at_start) - 1} more" if len(at_start) > 1 else ""
        message = (
            f"{first.line.bms_service} of {first.line.account} changes on {first.day}{more}:"
            " in periods that are invoiced already"
        )
        yield finding("POL005", message)


def _is_invoiced(change: Change, bill: Bill) -> bool:
    return bill.closed is not None and change.day <= bill.closed


def _bills(contract: Contract, bill: Bill | None) -> bool:
    """Does the contract's next period bill anything?"""
    if bill is None:
        # Not ours to count; what it holds is due as long as it runs.
        return contract.total > 0 and contract.status.lower() == "active"
    return bill.is_due


def _is_due(outcome: ContractOutcome) -> bool:
    bound = outcome.works[0].bound.contract
    contract = bound.contract
    day = contract.start if bound.closed_through is None else bound.closed_through + DAY
    if day > contract.end:
        return False
    if any((_units(work, day) or 0) > 0 and price_of(work)[1] > 0 for work in outcome.works):
        return True
    proof = outcome.proof
    return isinstance(proof, Consistent) and proof.agreement.residual > 0


def _units(work: LineWork, day: date) -> Units:
    """What the line should have on a day to come, or on the first one that it was looked at."""
    units = work.desired.timeline.at(max(day, work.first))
    for later in work.desired.scheduled:
        if later.day <= day:
            units = later.units
    return units
