"""Is a contract as the ledger expects it? Its total and rows are all that BMS shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from reconciler.engine.case import Case, Planned
from reconciler.engine.edits import Edit, EditOfOthers, edits_beside, edits_of_ours, single_edits
from reconciler.engine.hand import (
    DoneByHand,
    added_by_hand,
    done_in_rows,
    done_unseen,
    visible_edits,
)
from reconciler.engine.known import KnownLine
from reconciler.engine.others import RowChange, TakenOver, row_changes, taken_over, units_alone
from reconciler.engine.totals import agree, agree_moved, agree_on, days_near, differences
from reconciler.model.ledgered import Agreement, KnownFact


@dataclass(frozen=True, slots=True)
class Consistent:
    """As expected; the agreement to keep from now on."""

    agreement: Agreement
    taken_over: TakenOver | None = None
    """What changed on rows that are not ours, and explains the total."""


@dataclass(frozen=True, slots=True)
class Solved:
    """One line's units follow from the total."""

    fact: KnownFact


@dataclass(frozen=True, slots=True)
class NeedsWideRead:
    """Only all rows of the contract can tell."""


@dataclass(frozen=True, slots=True)
class Drifted:
    """Somebody changed BMS. ``edits`` are the single-line edits that would explain it."""

    difference: Decimal
    seen: tuple[str, ...]
    edits: tuple[Edit, ...]
    others: tuple[str, ...] = ()
    """What changed on rows that are not ours: it may be the reason, or a part of it."""
    alone: tuple[str, ...] = ()
    """Units of rows that are not ours which would explain it without any edit of ours."""


@dataclass(frozen=True, slots=True)
class NotClosed:
    """Every row of the contract is ours and known, and together they are not its total: units were
    learned wrong, or it has no row at all. ``edits`` as for `Drifted`."""

    difference: Decimal
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class NotYet:
    """What the total holds beyond our lines cannot be told today: one of their steps is of today or
    tomorrow, and nobody knows when BMS's midnight is."""


@dataclass(frozen=True, slots=True)
class OnlyNoted:
    """Our notes alone tell the units of these lines, by BMS service: somebody may have edited them
    since, and rows whose units nobody knows leave the total any rest."""

    services: tuple[int, ...]


Proof: TypeAlias = (
    "Consistent | DoneByHand | Solved | NeedsWideRead | Drifted | NotClosed | NotYet | OnlyNoted"
)


def prove(case: Case, planned: Planned) -> Proof:
    """Compare total and rows with what was last agreed and our own writes since."""
    if case.agreement is None or _is_lost(case, case.agreement):
        return _adopt(case)
    off = differences(case)
    nearest = min(off, key=abs)
    seen = tuple(visible_edits(case))
    if not seen and case.is_nothing(nearest):
        return _closed(case, agree_moved(case, nearest))
    if not case.wide:
        return NeedsWideRead()
    changes = row_changes(case, case.agreement)
    read = _read(case, off, changes, planned, seen=bool(seen))
    return read or _drifted(case, off, changes, seen)


def _read(
    case: Case,
    off: Sequence[Decimal],
    changes: Sequence[RowChange],
    planned: Planned,
    *,
    seen: bool,
) -> Proof | None:
    """The one reading of a moved total; ``seen``: rows of ours show an edit.

    Where those and rows of others changed, each may be a part of it.
    """
    if seen:
        return None if changes else done_in_rows(case, off, planned)
    return _of_others(case, off, changes, planned) if changes else done_unseen(case, off, planned)


def _of_others(
    case: Case, off: Sequence[Decimal], changes: Sequence[RowChange], planned: Planned
) -> Proof | None:
    if len(changes) == 1:
        by_hand = added_by_hand(case, off, planned, changes[0].row_id)
        solved = None if by_hand else _solve_new(case, off, changes[0])
        if by_hand is not None or solved is not None:
            return by_hand or solved
    taken = taken_over(case, changes, off)
    return _closed(case, agree_moved(case, taken.moved), taken) if taken is not None else None


def _drifted(
    case: Case, off: Sequence[Decimal], changes: Sequence[RowChange], seen: tuple[str, ...]
) -> Drifted:
    found = [edit for difference in off for edit in single_edits(case, difference)]
    alone: list[str] = [] if changes else [str(e) for e in found if isinstance(e, EditOfOthers)]
    if len(changes) == 1:
        found.extend(edits_beside(case, off, changes[0].a_unit))
        alone.extend(units_alone(case, changes[0], off))
    edits = tuple(dict.fromkeys(edit for edit in found if isinstance(edit, Edit)))
    words = tuple(str(change) for change in changes)
    return Drifted(min(off, key=abs), seen, edits, words, tuple(dict.fromkeys(alone)))


def _closed(case: Case, agreement: Agreement, taken: TakenOver | None = None) -> Proof:
    return _open_end(case, agreement) or Consistent(agreement, taken)


def _adopt(case: Case) -> Proof:
    if not case.wide:
        return NeedsWideRead()
    unknown = {s: line for s, line in case.lines.items() if line.exists and not line.is_known}
    rests = _rests(case)
    if len(unknown) == 1 and not case.others:
        ((service, line),) = unknown.items()
        fact = _solve(case, service, line, rests)
        if fact is not None:
            return Solved(fact)
    noted = tuple(service for service, line in case.known().items() if line.only_noted)
    if noted and case.rest():
        return OnlyNoted(noted)
    if len(rests) > 1 and case.rest():
        return NotYet()
    agreement = agree_on(case, min(rests, key=abs))
    return _closed(case, agreement)


def closes(case: Case) -> NotClosed | None:
    """None where the lines come to the total, or where not everything on it is known."""
    return _open_end(case, agree(case))


def _rests(case: Case) -> tuple[Decimal, ...]:
    """What the total holds beyond our lines, for every day that BMS may have."""
    known = case.known()
    rests = (case.contract.total - case.worth(known, day) for day in days_near(case, known))
    return tuple(dict.fromkeys(rests))


def _is_lost(case: Case, agreement: Agreement) -> bool:
    """Does nothing tell what one of the lines agreed on is worth?"""
    return not case.counted().keys() >= set(agreement.lines)


def _open_end(case: Case, new: Agreement) -> NotClosed | None:
    """A rest that no row accounts for, unless a person took it over before."""
    unknown = any(line.exists and not line.is_known for line in case.lines.values())
    if new.others or unknown or case.is_nothing(new.residual):
        return None
    old = case.agreement
    if old is not None and not old.others and case.is_nothing(old.residual - new.residual):
        return None
    return NotClosed(new.residual, tuple(edits_of_ours(case, new.residual)))


def _solve(case: Case, service: int, line: KnownLine, rests: Sequence[Decimal]) -> KnownFact | None:
    if len(line.rows) != 1 or line.rows[0].price <= 0:
        return None
    row = line.rows[0]
    if case.assume.total_price == "effective" and row.date >= case.day:
        return None
    found = {case.whole_units(rest, row.price) for rest in rests} - {None}
    units = found.pop() if len(found) == 1 else None
    if units is None or units < 0:
        return None
    return KnownFact(case.key(service), row.id, row.date, case.effect, units, "solved")


def _solve_new(case: Case, off: Sequence[Decimal], change: RowChange) -> Solved | None:
    """A person added the one line that is ours and that nobody told about, and nothing else."""
    new = [
        (service, row)
        for service, line in case.lines.items()
        if not line.facts
        for row in line.rows
        if change.row_id == row.id and change.old is None
    ]
    if len(new) != 1:
        return None
    service, row = new[0]
    found = {case.whole_units(difference, row.price) for difference in off} - {None}
    units = found.pop() if len(found) == 1 else None
    if not units or units < 0:
        return None
    beside = edits_beside(case, off, (row.price,), units)
    if any(edit.service != service for edit in beside):
        return None
    key = case.key(service)
    return Solved(KnownFact(key, row.id, row.date, case.effect, units, "solved"))
