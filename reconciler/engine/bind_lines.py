"""Tie the lines of a contract to BMS's services and their rows."""

from __future__ import annotations

from collections.abc import Collection

from reconciler.engine.bound import Bound, BoundContract, BoundLine
from reconciler.engine.indexed import Index
from reconciler.engine.names import Resolver
from reconciler.findings import finding
from reconciler.model.bms import CatalogueService, LineKey
from reconciler.model.desired import DesiredContract, DesiredLine
from reconciler.model.finding import Subject


def bind_lines(
    found: BoundContract,
    wanted: DesiredContract,
    index: Index,
    bound: Bound,
    only: Collection[LineKey] | None = None,
) -> None:
    """Add the contract, and its lines with what is wrong with them; ``only`` limits to lines."""
    bound.contracts.setdefault(found.contract.id, found)
    taken = bound.taken[found.contract.id]
    for line in wanted.lines:
        _bind_line(line, wanted, found, index, bound, taken, only)


def _bind_line(
    line: DesiredLine,
    wanted: DesiredContract,
    found: BoundContract,
    index: Index,
    bound: Bound,
    taken: dict[int, str],
    only: Collection[LineKey] | None,
) -> None:
    contract, account = found.contract, found.account
    service = index.clear.get(line.bms_service) or _resolved(line, found, index, bound)
    if service is None:
        return
    rows = tuple(bound.rows.get(contract.id, {}).get(service.id, ()))
    key = LineKey(account.id, contract.id, service.id)
    if only is not None and key not in only:
        return
    if wanted.every_service and not rows and key not in index.known.told:
        return
    if service.id in taken:
        message = f"{line.service} and {taken[service.id]} both stand for {service.name}"
        subject = _subject(found, line)
        bound.findings.append(finding("BMS011", message, subject=subject, origin=line.origin))
        return
    taken[service.id] = line.service
    bound.lines.append(BoundLine(key, line, found, service, rows))


def _subject(found: BoundContract, line: DesiredLine) -> Subject:
    return Subject(account=found.account.name, contract=found.contract.name, service=line.service)


def _resolved(
    line: DesiredLine, found: BoundContract, index: Index, bound: Bound
) -> CatalogueService | None:
    """What is clear of one line is so of all that say the same; a finding is each line's own."""
    subject, named, before = _subject(found, line), line.defined or line.origin, len(bound.findings)
    resolver = Resolver(
        "service", subject, named, index.remembered, bound.findings, bound.names, index.near
    )
    service = resolver.one(line.bms_service, index.services, index.services_by_name, "BMS005")
    if service is not None and len(bound.findings) == before:
        index.clear[line.bms_service] = service
    return service
