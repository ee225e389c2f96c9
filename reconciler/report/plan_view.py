"""A plan arranged for reading: by standing, by account, by money; findings by cause."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Final

from reconciler.findings import MISFITS
from reconciler.report.words import (
    MEANINGS,
    STANDINGS,
    UNFINISHED,
    UNFINISHED_MEANS,
    in_turn,
    is_forecast,
    needs_person,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler.model.finding import Finding, Severity
    from reconciler.model.plan import Change, Plan, Standing

_SEVERITIES: Final[dict[Severity, int]] = {"error": 0, "warning": 1, "info": 2}


def misfits(findings: Iterable[Finding]) -> list[Finding]:
    """Errors in what the configuration names."""
    return [found for found in findings if found.severity == "error" and found.code in MISFITS]


@dataclass(frozen=True, slots=True)
class Money:
    """Of several changes."""

    monthly: Decimal
    prorated: Decimal


@dataclass(frozen=True, slots=True)
class AccountGroup:
    """The changes of one account: the line with the most money first, its steps by day."""

    account: str
    changes: tuple[Change, ...]
    money: Money
    several_contracts: bool
    """Then a change has to say which one it is on."""


@dataclass(frozen=True, slots=True)
class StandingGroup:
    """The changes of one standing, by account, the account with the most money first."""

    standing: Standing
    accounts: tuple[AccountGroup, ...]
    money: Money
    forecast: bool = False
    """Do all wait for the month to be over, whatever their day?"""

    @property
    def title(self) -> str:
        """For a heading."""
        return UNFINISHED if self.forecast else STANDINGS[self.standing]

    @property
    def meaning(self) -> str:
        """What becomes of them."""
        return UNFINISHED_MEANS if self.forecast else MEANINGS[self.standing]

    @property
    def count(self) -> int:
        return len(self.changes)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Of all accounts."""
        return tuple(change for account in self.accounts for change in account.changes)


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one code and remedy."""

    code: str
    severity: Severity
    urgent: bool
    """A person must act."""
    remedy: str
    findings: tuple[Finding, ...]


def by_standing(plan: Plan) -> tuple[StandingGroup, ...]:
    """Every change of the plan, exactly once."""
    groups = []
    for standing in STANDINGS:
        alike = [change for change in plan.changes if change.standing == standing]
        for forecast in (True, False):
            changes = [change for change in alike if is_forecast(change) is forecast]
            if changes:
                groups.append(StandingGroup(standing, _accounts(changes), total(changes), forecast))
    return tuple(groups)


def shown_of(plan: Plan) -> tuple[Finding, ...]:
    """The findings to show: beside a correction those that need a person, and those of its
    accounts. JSON has all."""
    if not plan.corrects:
        return plan.findings
    accounts = {change.line.account for change in plan.changes}
    return tuple(
        found for found in plan.findings if needs_person(found) or found.subject.account in accounts
    )


def by_cause(findings: Iterable[Finding]) -> tuple[FindingGroup, ...]:
    """What needs a person first, then by severity and code; inside, the most money first.

    What an account's file waives is left out.
    """
    ordered = sorted((found for found in findings if found.waived is None), key=_weight)
    return tuple(
        _group(code, remedy, list(same))
        for (_, _, code, remedy), same in groupby(ordered, key=_cause)
    )


def total(changes: Iterable[Change]) -> Money:
    """Summed exactly; rounding is for whoever shows it."""
    changes = tuple(changes)
    return Money(
        sum((change.money.monthly for change in changes), Decimal(0)),
        sum((change.money.prorated for change in changes), Decimal(0)),
    )


def _accounts(changes: list[Change]) -> tuple[AccountGroup, ...]:
    ordered = sorted(changes, key=lambda change: change.line.account_id)
    groups = [
        _account(tuple(own))
        for _, own in groupby(ordered, key=lambda change: change.line.account_id)
    ]
    return tuple(sorted(groups, key=lambda group: (-_moved(group.changes), group.account)))


def _account(changes: tuple[Change, ...]) -> AccountGroup:
    return AccountGroup(
        account=changes[0].line.account,
        changes=tuple(change for steps in _lines(changes) for change in steps),
        money=total(changes),
        several_contracts=len({change.line.contract_id for change in changes}) > 1,
    )


def _lines(changes: tuple[Change, ...]) -> list[tuple[Change, ...]]:
    """The steps of each line together and in order, since each starts from the one before."""
    ordered = sorted(changes, key=lambda change: (_line(change), in_turn(change)))
    lines = [tuple(steps) for _, steps in groupby(ordered, key=_line)]
    return sorted(lines, key=lambda steps: (-_moved(steps), _line(steps[0])))


def _line(change: Change) -> tuple[str, str, int, int]:
    line = change.line
    return (line.service, line.contract, line.contract_id, line.service_id)


def _moved(changes: tuple[Change, ...]) -> Decimal:
    # A plus and a minus do not hide each other.
    return sum((abs(change.money.monthly) for change in changes), Decimal(0))


def _cause(finding: Finding) -> tuple[bool, int, str, str]:
    return (not needs_person(finding), _SEVERITIES[finding.severity], finding.code, finding.remedy)


def _weight(finding: Finding) -> tuple[bool, int, str, str, Decimal, str, str]:
    subject = finding.subject
    place = "\x00".join(
        part or "" for part in (subject.account, subject.contract, subject.service, subject.product)
    )
    return (*_cause(finding), -abs(finding.money or Decimal(0)), place, finding.message)


def _group(code: str, remedy: str, findings: list[Finding]) -> FindingGroup:
    first = findings[0]
    return FindingGroup(code, first.severity, needs_person(first), remedy, tuple(findings))
