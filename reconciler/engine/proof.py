"""Is a contract as the ledger expects it? Its total and rows are all that BMS shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from reconciler.engine.case import Case, Planned, marks
from reconciler.engine.hand import DoneByHand, done_by_hand, single_edits, visible_edits
from reconciler.engine.known import KnownLine, worth
from reconciler.engine.others import taken_over
from reconciler.engine.periods import DAY
from reconciler.model.ledgered import Agreement, KnownFact


@dataclass(frozen=True, slots=True)
class Consistent:
    """As expected; the agreement to keep from now on."""

    agreement: Agreement
    taken_over: tuple[str, ...] = ()
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
    edits: tuple[tuple[int, int, int], ...]
    """(BMS service id, units before, units after)."""


@dataclass(frozen=True, slots=True)
class NotClosed:
    """Every row of the contract is ours and known, and together they are not its total: units were
    learned wrong. ``edits`` as for `Drifted`."""

    difference: Decimal
    edits: tuple[tuple[int, int, int], ...]


Proof: TypeAlias = "Consistent | DoneByHand | Solved | NeedsWideRead | Drifted | NotClosed"


def prove(case: Case, planned: Planned) -> Proof:
    """Compare total and rows with what was last agreed and our own writes since."""
    if case.agreement is None:
        return _adopt(case)
    difference = _difference(case, case.agreement)
    seen = tuple(visible_edits(case))
    if not seen and case.is_nothing(difference):
        agreement = agree(case)
        return _open_end(case, agreement) or Consistent(agreement)
    by_hand = done_by_hand(case, difference, planned)
    if by_hand is not None:
        return by_hand
    solved = None if seen else _solve_new(case, case.agreement, difference)
    if solved is not None:
        return Solved(solved)
    if not case.wide:
        return NeedsWideRead()
    if not seen:
        taken = taken_over(case, case.agreement, difference)
        if taken:
            return Consistent(agree(case), taken)
    return Drifted(difference, seen, tuple(single_edits(case, difference)))


def expected_totals(case: Case, lines: Mapping[int, KnownLine]) -> tuple[Decimal, ...]:
    """What the total should be, on either side of a step that lies around today."""
    residual = _residual(case)
    days: tuple[date, ...] = (case.day,)
    if case.assume.total_price == "effective":
        near = {case.day - DAY, case.day + DAY}
        steps = {fact.day for line in lines.values() for fact in line.facts}
        if any(case.day - DAY < step <= case.day + DAY for step in steps):
            days = (case.day, *sorted(near))
    totals = (
        residual + sum(worth(line, day, case.assume.total_price) for line in lines.values())
        for day in days
    )
    return tuple(dict.fromkeys(totals))


def _adopt(case: Case) -> Proof:
    if not case.wide:
        return NeedsWideRead()
    unknown = {s: line for s, line in case.lines.items() if line.exists and not line.is_known}
    if len(unknown) == 1 and not case.others:
        ((service, line),) = unknown.items()
        fact = _solve(case, service, line)
        if fact is not None:
            return Solved(fact)
    agreement = agree(case)
    return _open_end(case, agreement) or Consistent(agreement)


def closes(case: Case) -> NotClosed | None:
    """None where the lines come to the total, or where not everything on it is known."""
    return _open_end(case, agree(case))


def _open_end(case: Case, new: Agreement) -> NotClosed | None:
    """A rest that no row accounts for, unless a person took it over before."""
    unknown = any(line.exists and not line.is_known for line in case.lines.values())
    if new.others or unknown or not new.lines or case.is_nothing(new.residual):
        return None
    old = case.agreement
    if old is not None and not old.others and case.is_nothing(old.residual - new.residual):
        return None
    return NotClosed(new.residual, tuple(single_edits(case, new.residual)))


def _solve(case: Case, service: int, line: KnownLine) -> KnownFact | None:
    if len(line.rows) != 1 or line.rows[0].price <= 0:
        return None
    row = line.rows[0]
    if case.assume.total_price == "effective" and row.date >= case.day:
        return None
    rest = case.contract.total - case.worth(case.known())
    units = case.whole_units(rest, row.price)
    if units is None or units < 0:
        return None
    return KnownFact(case.key(service), row.id, row.date, case.effect, units, "solved")


def _solve_new(case: Case, agreement: Agreement, difference: Decimal) -> KnownFact | None:
    """A person added the one line that is ours and that nobody told about."""
    theirs = {mark.row_id for mark in agreement.others}
    new = [
        (service, row)
        for service, line in case.lines.items()
        if not line.facts
        for row in line.rows
        if row.id not in theirs
    ]
    if len(new) != 1:
        return None
    service, row = new[0]
    units = case.whole_units(difference, row.price)
    if not units or units < 0:
        return None
    return KnownFact(case.key(service), row.id, row.date, case.effect, units, "solved")


def agree(case: Case) -> Agreement:
    """The contract as it is now, to hold later reads against."""
    known = case.known()
    ours = [mark for s, line in sorted(known.items()) for mark in marks(line.rows)]
    if case.wide or case.agreement is None:
        mine = {row.row_id for row in ours}
        unknown = [row for s, line in case.lines.items() if s not in known for row in line.rows]
        others = tuple(m for m in marks([*case.others, *unknown]) if m.row_id not in mine)
    else:
        mine = {row.row_id for row in ours}
        left = [mark for line in case.left.values() for mark in marks(line.rows)]
        others = tuple(m for m in (*case.agreement.others, *left) if m.row_id not in mine)
    return Agreement(
        contract_id=case.contract.id,
        day=case.day,
        total=case.contract.total,
        residual=case.contract.total - case.worth(known),
        lines=tuple(sorted(known)),
        rows=tuple(ours),
        others=others,
    )


def _residual(case: Case) -> Decimal:
    """The agreed residual, less the lines that became ours (and known) since."""
    agreement = case.agreement
    if agreement is None:
        return case.contract.total - case.worth(case.known())
    theirs = {mark.row_id for mark in agreement.others}
    residual = agreement.residual
    for service, line in case.known().items():
        if service not in agreement.lines and any(row.id in theirs for row in line.rows):
            residual -= worth(line, agreement.day, case.assume.total_price)
    return residual


def _difference(case: Case, agreement: Agreement) -> Decimal:
    """The total less what is expected; of several expectations the nearest.

    A line that left the configuration is still part of it, until the total is agreed without it.
    """
    lines = {**case.left, **case.known()}
    if set(agreement.lines) - set(lines):
        # Nothing tells what it was worth: it moves into the residual.
        return Decimal(0)
    return _off(case, lines)


def _off(case: Case, lines: Mapping[int, KnownLine]) -> Decimal:
    expected = expected_totals(case, lines)
    return min((case.contract.total - value for value in expected), key=abs)
