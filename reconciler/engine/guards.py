"""Limits above which changes are held, each holding only its own scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reconciler.engine.amounts import amount, with_code
from reconciler.engine.excursion import money_moved, units_moved
from reconciler.findings import finding
from reconciler.model.bms import LineKey
from reconciler.model.desired import Guards, Waiver
from reconciler.model.finding import Finding, Subject
from reconciler.model.plan import Change, LineRef


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Codes that hold a change, by its id, and the findings that say so."""

    holds: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """The guards, what was waived for which account, and what was approved."""

    guards: Guards
    waivers: Mapping[int, Sequence[Waiver]]
    """By account id."""
    approved: frozenset[str]
    as_of: date
    currency: str


def guard(changes: Iterable[Change], limits: Limits) -> Verdicts:
    """Check lines first, then accounts, then the run; what is held counts no further."""
    free = [change for change in changes if change.id not in limits.approved]
    holds: dict[str, tuple[str, ...]] = defaultdict(tuple)
    findings: list[Finding] = []
    for check in (_line_checks, _account_checks, _run_checks):
        for found, held in check([c for c in free if c.id not in holds], limits):
            findings.append(found)
            for change in held:
                holds[change.id] += (found.code,)
    return Verdicts(dict(holds), tuple(findings))


def expired(name: str, waivers: Iterable[Waiver], as_of: date) -> Iterator[Finding]:
    """An account's waivers whose last day has passed."""
    for waiver in waivers:
        if waiver.until < as_of:
            subject = Subject(account=name, service=waiver.service)
            message = f"the waiver of {waiver.code} for {name} ended {waiver.until}"
            yield finding("GRD005", message, subject=subject, origin=waiver.origin)


def _line_checks(
    changes: Sequence[Change], limits: Limits
) -> Iterator[tuple[Finding, Sequence[Change]]]:
    for line in _by_line(changes).values():
        for code, message in _line_reasons(line, limits):
            if not _waived(code, line[0].line, limits):
                money = _fallen(line) if code == "GRD006" else money_moved(line)
                yield finding(code, message, subject=_subject(line[0].line), money=money), line


def _line_reasons(line: Sequence[Change], limits: Limits) -> Iterator[tuple[str, str]]:
    guards, ref = limits.guards, line[0].line
    name = f"{ref.bms_service} of {ref.account}"
    staying = [change for change in line if change.cause != "end"]
    # Of a line that ends somebody said so: what is left to guard is its money, and what rises yet.
    ends = len(staying) < len(line)
    found = units_moved(staying)
    if found is not None and not (ends and found[1] < found[0]):
        before, after = found
        moved = abs(after - before)
        # From 0 there is no percentage: the money guards are what holds a line that begins.
        over = before and moved * 100 > guards.percent * before
        if over and moved > guards.percent_floor_units:
            yield "GRD001", f"{name} moves from {before} to {after}, by {_percent(moved, before)} %"
    if guards.zero == "hold" and not ends and any(map(_falls_to_zero, line)):
        yield "GRD006", f"{name} falls to 0 units"
    money = money_moved(line)
    if guards.line is not None and money > guards.line:
        yield (
            "GRD002",
            f"{name} moves by {_money(money, limits)}, over {guards.line}",
        )


def _money(money: Decimal, limits: Limits) -> str:
    return with_code(amount(money, limits.currency), limits.currency)


def _percent(moved: int, before: int) -> str:
    """Whole from 100 on, below that with one digit where there is one."""
    exact = Decimal(moved * 100) / before
    return f"{exact:,.0f}" if exact >= 100 else f"{exact:.1f}".removesuffix(".0")


def _falls_to_zero(change: Change) -> bool:
    """For another reason than that somebody said so."""
    counted = change.cause in ("usage", "config")
    return change.units_before > 0 == change.units_after and counted


def _fallen(line: Sequence[Change]) -> Decimal:
    """What falls away per month: negative, where other guards say how far a line moves."""
    days = {change.day for change in line if _falls_to_zero(change)}
    falls = (c for c in line if c.day in days and c.kind != "price")
    return sum((change.money.monthly for change in falls), Decimal(0))


def _account_checks(
    changes: Sequence[Change], limits: Limits
) -> Iterator[tuple[Finding, Sequence[Change]]]:
    if limits.guards.account is None:
        return
    accounts: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        accounts[change.line.account_id].append(change)
    for held in accounts.values():
        money, name = _moved(held), held[0].line.account
        if money > limits.guards.account and not _waived(
            "GRD003", held[0].line, limits, whole=True
        ):
            message = (
                f"{name} moves by {_money(money, limits)} in all, over {limits.guards.account}"
            )
            yield finding("GRD003", message, subject=Subject(account=name), money=money), held


def _run_checks(
    changes: Sequence[Change], limits: Limits
) -> Iterator[tuple[Finding, Sequence[Change]]]:
    money = _moved(changes)
    if limits.guards.run is not None and money > limits.guards.run:
        message = f"the run moves {_money(money, limits)}, over {limits.guards.run}"
        yield finding("GRD004", message, money=money), changes


def _moved(changes: Sequence[Change]) -> Decimal:
    """Money of every line at its widest; nothing cancels."""
    return sum(map(money_moved, _by_line(changes).values()), Decimal(0))


def _by_line(changes: Iterable[Change]) -> dict[LineKey, list[Change]]:
    lines: dict[LineKey, list[Change]] = defaultdict(list)
    for change in changes:
        lines[change.line.key].append(change)
    return lines


def _waived(code: str, line: LineRef, limits: Limits, *, whole: bool = False) -> bool:
    """``whole``: for the whole account, which a waiver of one service is not about."""
    services = (None,) if whole else (None, line.service)
    return any(
        waiver.code == code and waiver.service in services and limits.as_of <= waiver.until
        for waiver in limits.waivers.get(line.account_id, ())
    )


def _subject(line: LineRef) -> Subject:
    return Subject(account=line.account, contract=line.contract, service=line.service)
