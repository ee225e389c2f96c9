"""Lines that bill the same usage twice, where only BMS can tell which lines a contract has.

One service of ours on two contracts of an account, or the rest of a metric on two lines of one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations

from reconciler.engine.bound import BoundLine
from reconciler.engine.organizations import Directory
from reconciler.engine.question import fixed_on, settings_on
from reconciler.findings import finding
from reconciler.model.bms import LineKey
from reconciler.model.finding import Finding, Subject
from reconciler.model.settings import Rest


def billed_twice(
    lines: Iterable[BoundLine], directory: Directory, as_of: date
) -> Mapping[LineKey, Finding]:
    """The lines that must wait, each with what to say about it.

    Two contracts that both name a service, or two lines that both name the rest, are refused with
    the configuration already; here one contract takes every line that BMS has.
    """
    found: dict[LineKey, Finding] = {}
    for standing in _standing(lines, as_of):
        for one, other in combinations(standing, 2):
            both = _every(one) or _every(other)
            if both and _counts(one, directory) & _counts(other, directory):
                for line, beside in ((one, other), (other, one)):
                    found.setdefault(line.key, _finding(line, beside))
    for (product, metric), counting in _rests(lines, as_of):
        for one, other in combinations(counting, 2):
            mine, theirs = (_counts(line, directory) for line in (one, other))
            if any(organization[0] == product for organization in mine & theirs):
                told = _both_rests(one, other, f"{product} {metric}")
                for line in (one, other):
                    found.setdefault(line.key, told)
    return found


def _standing(lines: Iterable[BoundLine], as_of: date) -> Iterator[list[BoundLine]]:
    """Lines of one service of an account that count on the day of the plan, where there are two."""
    by_account: dict[int, list[BoundLine]] = defaultdict(list)
    for line in lines:
        if len(line.contract.desired.contracts) > 1:
            by_account[line.key.account_id].append(line)
    for of_account in by_account.values():
        by_service: dict[str, list[BoundLine]] = defaultdict(list)
        for line in of_account:
            if _is_counted(line, as_of):
                by_service[line.ref.service].append(line)
        yield from (same for same in by_service.values() if len(same) > 1)


def _rests(
    lines: Iterable[BoundLine], as_of: date
) -> Iterator[tuple[tuple[str, str], list[BoundLine]]]:
    """The lines of one contract that count the rest of a product's metric on the day of the plan,
    where there are two."""
    found: dict[tuple[int, str, str], dict[LineKey, BoundLine]] = defaultdict(dict)
    for line in lines:
        for term in line.line.settings[0].settings.count:
            if isinstance(term.of, Rest) and not term.subtract and _is_counted(line, as_of):
                found[line.key.contract_id, term.product, term.metric][line.key] = line
    for (_, product, metric), same in found.items():
        if len(same) > 1:
            yield (product, metric), list(same.values())


def _is_counted(line: BoundLine, as_of: date) -> bool:
    ends, starts = line.line.last_day, line.line.start
    if line.contract.is_over:
        return False
    if (ends is not None and ends < as_of) or (starts is not None and starts > as_of):
        return False
    return fixed_on(settings_on(line.line, as_of), as_of) is None


def _every(line: BoundLine) -> bool:
    wanted = line.contract.desired.contracts
    return any(one.every_service and line.line in one.lines for one in wanted)


def _counts(line: BoundLine, directory: Directory) -> set[tuple[str, str]]:
    terms = line.line.settings[0].settings.count
    return set(directory.organizations(line.contract.desired, line.line, terms))


def _both_rests(one: BoundLine, other: BoundLine, metric: str) -> Finding:
    ref = one.ref
    first, second = sorted((ref.bms_service, other.ref.bms_service))
    message = (
        f"{first} and {second} on {ref.contract} of {ref.account} both count the rest of {metric}"
    )
    subject = Subject(account=ref.account, contract=ref.contract)
    return finding("CFG022", message, subject=subject, origin=one.contract.desired.origin)


def _finding(line: BoundLine, beside: BoundLine) -> Finding:
    ref, other = line.ref, beside.ref
    first, second = sorted((ref.contract, other.contract))
    message = f"{ref.bms_service} of {ref.account} stands on {first} and on {second}"
    subject = Subject(account=ref.account, service=ref.service)
    return finding("BMS012", message, subject=subject, origin=line.contract.desired.origin)
