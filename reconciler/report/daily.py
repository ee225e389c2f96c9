"""What a daily run came to, and the one sentence that says it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from reconciler.findings import CODES
from reconciler.findings.by_hand import is_credit
from reconciler.report.apply_text import RESULTS
from reconciler.report.plan_view import by_cause, by_standing
from reconciler.report.sections import cut
from reconciler.report.words import counted, listed, needs_person
from reconciler.report.worth import per_month

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from reconciler.model.errors import ReconcilerError
    from reconciler.model.finding import Finding
    from reconciler.model.outcome import Applied
    from reconciler.model.plan import Change, Plan, Standing

WAITING: Final[dict[Standing, str]] = {
    "held": "held",
    "by-hand": "to be made by hand in BMS",
    "proposed": "waiting for approval",
}
_WRITTEN: Final = ("done", "unproved")
_NAMED: Final = 3
_GUARDS: Final = "GRD"
_UNMAPPED: Final = "USG003"
NEWS: Final = frozenset({_UNMAPPED, "KNW015", "POL007", "POL010"})
"""Codes of what goes on every day and holds nothing, and still asks somebody to act."""
_LAPSES: Final = "POL009"
_LOST: Final = {False: "billed", True: "credited"}


@dataclass(frozen=True, slots=True)
class Silent:
    """A source that gave nothing."""

    source: str
    why: str
    mistakes: tuple[str, ...] = ()
    """Each, where that is of several in its files."""


@dataclass(frozen=True, slots=True)
class Request:
    """The pull request that asks for approval of what waits for it."""

    month: str
    """Of a true-up, as 2026-11; empty for everything else."""
    number: int | None
    why: str = ""
    """It could not be opened or brought up to date."""
    state: Literal["open", "declined"] = "open"
    """declined: somebody closed it, so the same is not asked for again."""
    unsaid: tuple[str, ...] = ()
    """What could not be said on it, in a sentence each."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the daily run, with what earlier runs of that day wrote."""

    as_of: date
    currency: str
    before: date | None
    """The day of the last daily run before."""
    applied: tuple[Applied, ...] = ()
    silent: tuple[Silent, ...] = ()
    noticed: tuple[tuple[str, str], ...] = ()
    """Code and message of what is told once."""
    news: tuple[Finding, ...] = ()
    """What goes on, and the month's issue has not told on an earlier day."""
    plan: Plan | None = None
    """None where none could be made."""
    stopped: str | None = None
    failed: ReconcilerError | None = None
    requests: tuple[Request, ...] = ()
    overlooked: tuple[str, ...] = ()
    """Files of usage that no source reads, for capital letters in their names."""

    @property
    def written(self) -> tuple[Change, ...]:
        """What BMS has now."""
        return tuple(one.change for one in self.applied if one.result in _WRITTEN)

    @property
    def unsettled(self) -> tuple[Applied, ...]:
        """What was to be written, and did not end well."""
        return tuple(one for one in self.applied if one.result != "done")

    @property
    def urged(self) -> tuple[Finding, ...]:
        """What holds nothing, and is still to be acted on: the news, and on each day on which a
        change waits, what is lost should it wait too long."""
        found = self.plan.findings if self.plan is not None else ()
        lapses = (one for one in found if one.code == _LAPSES and one.severity != "info")
        return (*(one for one in lapses if not needs_person(one)), *self.news)

    @property
    def notable(self) -> bool:
        """Was something written, is a person needed, or was a source silent?"""
        warned = any(CODES[code].severity != "info" for code, _ in self.noticed)
        told = self.applied or self.silent or self.news
        return bool(told or warned or self.needs_person)

    @property
    def needs_person(self) -> bool:
        """Does something wait for somebody?"""
        ended = self.failed is None and self.stopped is None
        if not ended or self.unsettled or self.overlooked:
            return True
        if self.plan is None:
            return False
        waits = any(change.standing in WAITING for change in self.plan.changes)
        stale = self.plan.checked.sources_stale > 0 or self.plan.verdict == "nothing-checked"
        return waits or stale or any(map(needs_person, self.plan.findings))


Waiting: TypeAlias = "Mapping[Standing, Sequence[Change]]"
"""What waits for somebody, by what for."""


def waiting(day: Day) -> Waiting:
    """The plan's changes that wait, account by account."""
    if day.plan is None:
        return {}
    groups = {group.standing: group for group in by_standing(day.plan)}
    return {
        standing: [change for account in group.accounts for change in account.changes]
        for standing in WAITING
        if (group := groups.get(standing))
    }


def sentence(day: Day, waits: Waiting | None = None) -> str:
    """For a billing lead who reads nothing else. ``waits``: where it is grouped already."""
    groups = waiting(day) if waits is None else waits
    parts = [_written(day), *(_waiting(day, one, some) for one, some in groups.items())]
    if person := _person(day):
        parts.append(f"needs a person: {listed(person)}")
    text = "; ".join(parts)
    if day.failed is not None:
        text = f"The daily run did not come to its end; {text[0].lower()}{text[1:]}"
    return f"{text}."


def _written(day: Day) -> str:
    if not day.written:
        return "Nothing was written"
    changes = counted(len(day.written), "change")
    return f"Written: {changes}, {per_month(day.written, day.currency)}"


def _waiting(day: Day, standing: Standing, some: Sequence[Change]) -> str:
    return f"{WAITING[standing]}: {counted(len(some), 'change')}, {per_month(some, day.currency)}"


def _person(day: Day) -> list[str]:
    """What is not told by its money already."""
    results = Counter(one.result for one in day.unsettled)
    parts = [f"{results[one]:,} {word}" for one, word in RESULTS.items() if results[one]]
    parts += [f"no usage from {cut(one.source)}" for one in day.silent[:_NAMED]]
    if (more := len(day.silent) - _NAMED) > 0:
        parts.append(counted(more, "more source"))
    if day.overlooked:
        parts.append(f"{counted(len(day.overlooked), 'file')} of usage not read")
    if day.plan is not None and day.plan.verdict == "nothing-checked":
        parts.append("nothing was checked")
    return parts + _found(day)


def _found(day: Day) -> list[str]:
    if day.plan is None:
        return []
    causes = Counter[str]()
    for group in by_cause(day.plan.findings):
        if group.urgent and not group.code.startswith(_GUARDS):
            causes[group.code] += len(group.findings)
    causes.update(found.code for found in day.urged)
    loose = day.plan.checked.organizations_unmapped
    titles = [_cause(code, count, day.urged, loose) for code, count in causes.items()]
    rest = len(titles) - _NAMED
    return titles[:_NAMED] + ([counted(rest, "other cause")] if rest > 0 else [])


def _cause(code: str, count: int, urged: Sequence[Finding], loose: int) -> str:
    """One finding names all that is ``loose`` of a product, or all that lapses on a day."""
    if code == _UNMAPPED:
        return f"{counted(loose, 'organization')} with usage and no account"
    if code == _LAPSES:
        ways = {is_credit(found) for found in urged if found.code == _LAPSES}
        lost = " or ".join(word for way, word in _LOST.items() if way in ways)
        return f"money that is never {lost} if it waits too long"
    return f"{CODES[code].title} ({count:,})"
