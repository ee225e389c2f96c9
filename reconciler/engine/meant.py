"""Which contracts of BMS the configuration means, and on which nothing can be billed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from reconciler.engine.bound import Bound
from reconciler.engine.ended import is_looked_at
from reconciler.engine.indexed import Index
from reconciler.engine.names import Resolver
from reconciler.findings import finding
from reconciler.model.bms import Contract
from reconciler.model.desired import DesiredAccount, DesiredContract
from reconciler.model.finding import Subject

CYCLES: Final = {"weekly", "monthly", "quarterly", "yearly"}


def contract_meant(
    wanted: DesiredContract,
    theirs: Sequence[Contract],
    index: Index,
    as_of: date,
    bound: Bound,
    subject: Subject,
    account_id: int,
) -> Contract | None:
    """The one of the account that is billed that day; None with a finding that says why."""
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


def ended_lately(
    wanted: DesiredContract,
    current: Contract | None,
    theirs: Sequence[Contract],
    desired: DesiredAccount,
    index: Index,
    as_of: date,
) -> Iterator[Contract]:
    """What the contract was until lately: it ended, or the current one renews it by its name."""
    for contract in theirs:
        if contract.end >= as_of or _never(contract) is not None:
            continue
        if not _was_meant(wanted, contract, current, desired, index):
            continue
        calendar = wanted.billing.periods == "calendar"
        looked_at = is_looked_at(
            contract,
            as_of,
            calendar=calendar,
            back_to=index.back_to,
            looks=index.known.looks,
        )
        if looked_at and index.known.lines_of(contract):
            yield contract


def _was_meant(
    wanted: DesiredContract,
    contract: Contract,
    current: Contract | None,
    desired: DesiredAccount,
    index: Index,
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


def _names(wanted: DesiredContract, contract: Contract) -> bool:
    return wanted.contract.id == contract.id or wanted.contract.name == contract.name


def _say_unbillable(
    contract: Contract,
    wanted: DesiredContract,
    index: Index,
    as_of: date,
    bound: Bound,
    subject: Subject,
) -> None:
    subject = replace(subject, contract=contract.name)
    message = f"{contract.name} of {subject.account} {_unbillable(contract, as_of, index)}"
    bound.findings.append(finding("BMS007", message, subject=subject, origin=wanted.origin))


def _unbillable(contract: Contract, as_of: date, index: Index) -> str | None:
    """Why nothing can be billed on it that day."""
    at_no_time = _never(contract)
    if at_no_time is not None:
        return at_no_time
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
