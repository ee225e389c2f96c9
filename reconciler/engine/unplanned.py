"""Lines that an edit is about, and that no plan can tell the outcome of yet.

BMS has the line, and nobody knows its units; or BMS does not have it as the configuration names it,
with the edit or without. Neither is new with the edit. But what the edit comes to is planned, and
may be written, when that is mended: whoever reviews it has to hear that they do not see it here.
So it is where the edit has a line count what no reading ever told of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, TypeAlias

from reconciler.engine.entry import PlanInput
from reconciler.engine.examined import Examined
from reconciler.engine.foreseen import rules
from reconciler.engine.lines import LineWork
from reconciler.engine.question import fixed_on
from reconciler.engine.states import units_unknown
from reconciler.findings import AGAINST_BMS
from reconciler.model.desired import DesiredAccount, DesiredContract, DesiredLine, DesiredState
from reconciler.model.finding import Finding

UNKNOWN: Final = "KNW001"

Place: TypeAlias = "tuple[str, str]"
Why: TypeAlias = "tuple[str, str]"
"""A finding's code and message."""


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A line as the configuration has it."""

    account: str
    service: str


@dataclass(frozen=True, slots=True)
class Unplanned:
    """Edited lines without a plan."""

    unknown: tuple[NamedLine, ...] = ()
    """Nobody knows their units."""
    not_found: tuple[NamedLine, ...] = ()
    uncounted: tuple[NamedLine, ...] = ()
    """They count an organization of which no reading of theirs ever came."""
    why: Set[Why] = field(default_factory=frozenset)
    """The findings that say so, whether the edit brought them or not."""

    def __len__(self) -> int:
        return len(self.unknown) + len(self.not_found) + len(self.uncounted)


@dataclass(frozen=True, slots=True)
class _Wanted:
    line: DesiredLine
    contract: DesiredContract
    account: DesiredAccount

    @property
    def place(self) -> Place:
        """Where it stands, wherever the configuration lies."""
        return _place(self.line)

    def said(self) -> tuple[object, ...]:
        """What its units come from, and which line it is."""
        line, contract, account = self.line, self.contract, self.account
        dates = (line.start, line.last_day, contract.billing)
        named = (account.account, contract.contract, line.bms_service)
        return *named, line.settings, dates, self._organizations(), account.exclusions

    def _organizations(self) -> dict[str, object]:
        own = self.line.organizations
        organizations = self.account.organizations if own is None else own
        counts = {term.product for dated in self.line.settings for term in dated.settings.count}
        return {product: found for product, found in organizations.items() if product in counts}

    def whys(self, findings: Iterable[Finding]) -> set[Why]:
        """Why it was not found."""
        origins = (self.account.origin, self.contract.origin, self.line.origin, self.line.defined)
        return {
            (found.code, found.message)
            for found in findings
            if found.code in AGAINST_BMS and found.origin is not None and found.origin in origins
        }


def unplanned(new: PlanInput, old: PlanInput, ours: Examined, theirs: Examined) -> Unplanned:
    """Of the lines that the new configuration says something else of than the old one; not those
    that it loses, which stand in `dropped`."""
    why: set[Why] = set()
    unknown = tuple(_unknown(ours, theirs.works, why))
    found = {work.bound.key for work in ours.works}
    lost = {_place(work.bound.line) for work in theirs.works if work.bound.key not in found}
    edited = (one for one in _edited(new.state, old.state) if one.place not in lost)
    not_found = tuple(_not_found(edited, ours, why))
    uncounted = tuple(_uncounted(ours.works, theirs.works, new.as_of))
    return Unplanned(unknown, not_found, uncounted, frozenset(why))


def _unknown(ours: Examined, theirs: Sequence[LineWork], why: set[Why]) -> Iterator[NamedLine]:
    before = {work.bound.key: _counted_by(work) for work in theirs}
    told = [found for found in ours.part.findings if found.code == UNKNOWN]
    for work in ours.works:
        over = work.bound.contract.is_over
        if over or not units_unknown(work) or before.get(work.bound.key) == _counted_by(work):
            continue
        ref = work.bound.ref
        place = (ref.account, ref.contract)
        why.update((f.code, f.message) for f in told if _of(f) == place)
        yield NamedLine(ref.account, ref.service)


def _uncounted(
    ours: Iterable[LineWork], theirs: Iterable[LineWork], as_of: date
) -> Iterator[NamedLine]:
    """Not those that had it so before, nor those whose units are known: others are told of."""
    before = {work.bound.key: _counted_by(work) for work in theirs if _counts_nothing(work, as_of)}
    for work in ours:
        edited = before.get(work.bound.key) != _counted_by(work)
        if edited and not units_unknown(work) and _counts_nothing(work, as_of):
            yield NamedLine(work.bound.ref.account, work.bound.ref.service)


def _counted_by(work: LineWork) -> tuple[object, ...]:
    """Without prices: what these come to is planned, or told as unknown."""
    settings, *others = rules(work)
    plain = [replace(one, settings=replace(one.settings, price=None)) for one in settings]
    return plain, others


def _counts_nothing(work: LineWork, as_of: date) -> bool:
    if work.is_over(as_of) or fixed_on(work.settings, as_of) is not None:
        return False
    return any(one.series is None and one.counts_on(as_of) for one in work.inputs)


def _of(found: Finding) -> tuple[str | None, str | None]:
    return found.subject.account, found.subject.contract


def _not_found(edited: Iterable[_Wanted], ours: Examined, why: set[Why]) -> Iterator[NamedLine]:
    found = {(work.bound.line.origin, work.bound.line.service) for work in ours.works}
    for wanted in edited:
        if (wanted.line.origin, wanted.line.service) in found:
            continue
        if whys := wanted.whys(ours.part.findings):
            why |= whys
            yield NamedLine(str(wanted.account.account), wanted.line.service)


def _edited(new: DesiredState, old: DesiredState) -> Iterator[_Wanted]:
    said: dict[Place, list[tuple[object, ...]]] = defaultdict(list)
    for wanted in _lines(old):
        said[wanted.place].append(wanted.said())
    return (wanted for wanted in _lines(new) if wanted.said() not in said[wanted.place])


def _place(line: DesiredLine) -> Place:
    return line.origin.file_name, line.service


def _lines(state: DesiredState) -> Iterator[_Wanted]:
    for account in state.accounts:
        for contract in account.contracts:
            for line in contract.lines:
                yield _Wanted(line, contract, account)
