"""Lines of one account that would bill the same usage twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import NamedTuple

from reconciler.desired.trouble import Trouble
from reconciler.model.desired import (
    DesiredAccount,
    DesiredContract,
    DesiredLine,
    Organizations,
    Reference,
)
from reconciler.model.settings import Rest


class _Standing(NamedTuple):
    contract: DesiredContract
    line: DesiredLine


def check_overlaps(account: DesiredAccount) -> Iterator[Trouble]:
    """One service on two contracts, one BMS service tied to two lines of a contract, or two lines
    of a contract that both count the rest of a metric.

    A contract with ``services: all`` bills what BMS has on it, which only BMS can tell.
    """
    named = [one for one in account.contracts if not one.every_service]
    by_service: dict[str, list[_Standing]] = defaultdict(list)
    for contract in account.contracts:
        yield from _one_line_each(contract)
    for contract in named:
        yield from _one_rest_each(contract)
    # Within one contract a service is a key, and stands once.
    for contract in named if len(named) > 1 else ():
        for line in contract.lines:
            by_service[line.service].append(_Standing(contract, line))
    for service, standing in by_service.items():
        for first, second in combinations(standing, 2):
            if not _apart(first.line, second.line):
                yield _both(service, first, second)


def _both(service: str, first: _Standing, second: _Standing) -> Trouble:
    return Trouble(
        "CFG010",
        f"`{service}` stands on `{first.contract.contract}` too; its usage would be billed twice",
        "leave it on one contract, or give each its own `organizations:`",
        second.line.origin,
        at_key=True,
    )


def _one_line_each(contract: DesiredContract) -> Iterator[Trouble]:
    seen: dict[int | str, DesiredLine] = {}
    for line in contract.lines:
        keys = _keys(line.bms_service)
        if seen.keys().isdisjoint(keys):
            seen.update(dict.fromkeys(keys, line))
            continue
        first = next((seen[one] for one in keys if one in seen), None)
        if first is not None:
            message = (
                f"`{line.service}` and `{first.service}` are the same BMS service"
                f" `{line.bms_service}` on one contract"
            )
            remedy = "leave one of them, or tie one to another BMS service"
            yield Trouble("CFG010", message, remedy, line.origin, at_key=True)
        for one in keys:
            seen.setdefault(one, line)


def _keys(service: Reference) -> tuple[int | str, ...]:
    if service.id is None or service.name is None:
        return tuple(one for one in (service.id, service.name) if one is not None)
    return service.id, service.name


def _one_rest_each(contract: DesiredContract) -> Iterator[Trouble]:
    """What neither of two lines names would count for both."""
    by_metric: dict[tuple[str, str], list[DesiredLine]] = defaultdict(list)
    for line in contract.lines:
        for term in line.settings[0].settings.count:
            if isinstance(term.of, Rest) and not term.subtract:
                by_metric[term.product, term.metric].append(line)
    for (product, metric), lines in by_metric.items():
        for index, line in enumerate(lines):
            others = (one for one in lines[:index] if one is not line)
            same = (one for one in others if not _apart(one, line, (product,)))
            first = next(same, None)
            if first is not None:
                yield _both_rests(first, line, f"{product} {metric}")


def _both_rests(first: DesiredLine, second: DesiredLine, metric: str) -> Trouble:
    return Trouble(
        "CFG022",
        f"`{first.service}` counts the rest of {metric} here too",
        "leave one of them, or name the types of one in its `of:`",
        second.origin,
        at_key=True,
    )


def _apart(
    first: DesiredLine, second: DesiredLine, products: Collection[str] | None = None
) -> bool:
    """Do the two never count the same usage (of these products): other days or organizations?"""
    if _ends_before(first, second) or _ends_before(second, first):
        return True
    if first.organizations is None or second.organizations is None:
        return False
    return _disjoint(first.organizations, second.organizations, products)


def _ends_before(first: DesiredLine, second: DesiredLine) -> bool:
    last = first.last_day or date.max - timedelta(days=1)
    return last < (second.start or date.min)


def _disjoint(
    first: Organizations, second: Organizations, products: Collection[str] | None
) -> bool:
    for product, organizations in first.items():
        if products is not None and product not in products:
            continue
        mine = {key for one in organizations for key in (one.id, one.name) if key is not None}
        theirs = {key for one in second.get(product, ()) for key in (one.id, one.name)}
        if mine & theirs:
            return False
    return True
