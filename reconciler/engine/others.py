"""What changed on rows that are not ours, and whether it explains a contract's total."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from reconciler.engine.case import Case, marks
from reconciler.engine.edits import ZERO, Edit, edits_beside, edits_of_ours
from reconciler.engine.periods import DAY
from reconciler.model.ledgered import Agreement, RowMark

MOST_UNITS: Final = 100
"""More than that on one row is no likely explanation of a difference."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after; None: it was not there. The same twice: its day has come."""

    row_id: int
    old: RowMark | None
    new: RowMark | None
    name: str
    a_unit: frozenset[Decimal]
    """What one unit of it can have moved the total by."""
    weak: bool
    """Does it prove little: the row only moved, or may have counted before?"""

    def __str__(self) -> str:
        if self.old is None:
            return f"{self.name} was added"
        if self.new is None:
            return f"row {self.row_id} is gone"
        return f"{self.name} counts from now on" if self.only_came else f"{self.name} was changed"

    @property
    def row(self) -> str:
        """What to call it."""
        return self.name or f"row {self.row_id}"

    @property
    def only_came(self) -> bool:
        """Did nobody touch it?"""
        return self.old == self.new


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What changed, and by how much it moved the total."""

    rows: tuple[str, ...]
    moved: Decimal


def row_changes(case: Case, agreement: Agreement) -> list[RowChange]:
    """Of rows whose units nobody knows and of lines that left; every row was read.

    A row whose day came since the total was agreed is among them, though nobody touched it.
    """
    rest = case.rest()
    names = {row.id: row.name for row in rest}
    left = {mark.row_id: mark for line in case.left.values() for mark in marks(line.rows)}
    ours = {row.id for line in case.known().values() for row in line.rows}
    was = {mark.row_id: mark for mark in agreement.others if mark.row_id not in ours} | left
    now = {mark.row_id: mark for mark in marks(rest)}
    changes = []
    for row_id in sorted(was.keys() | now.keys()):
        old, new = was.get(row_id), now.get(row_id)
        if old != new or (row_id not in left and _may_come(case, agreement, old)):
            name, a_unit = names.get(row_id, ""), _a_unit(case, agreement, old, new)
            weak = _proves_little(case, agreement, old, new)
            changes.append(RowChange(row_id, old, new, name, a_unit, weak))
    return changes


def _may_come(case: Case, agreement: Agreement, mark: RowMark | None) -> bool:
    """May it count now, and not have counted when the total was agreed?"""
    counted = _prices(case, mark, agreement.day)
    return any(_prices(case, mark, case.day)) and ZERO in counted


def _proves_little(
    case: Case, agreement: Agreement, old: RowMark | None, new: RowMark | None
) -> bool:
    if old is None or new is None or old.price != new.price:
        return False
    return old != new or any(_prices(case, old, agreement.day))


def _a_unit(
    case: Case, agreement: Agreement, old: RowMark | None, new: RowMark | None
) -> frozenset[Decimal]:
    if old is not None and new is not None and old.price == new.price:
        # Whoever moved a row may have changed its units as well.
        return frozenset({new.price} if old == new else {new.price, -new.price}) - {ZERO}
    before, after = _prices(case, old, agreement.day), _prices(case, new, case.day)
    return frozenset(now - then for now in after for then in before) - {ZERO}


def _prices(case: Case, mark: RowMark | None, day: date) -> set[Decimal]:
    """What a unit of the row counts that day: around its own day, it may count or not."""
    if mark is None:
        return {ZERO}
    if case.assume.total_price == "all" or mark.day < day:
        return {mark.price}
    return {ZERO} if mark.day > day + DAY else {ZERO, mark.price}


def taken_over(
    case: Case, changes: Sequence[RowChange], differences: Sequence[Decimal]
) -> TakenOver | None:
    """The changes, if they make up the difference; None where an edit of ours may have (`edits`).

    Of one changed row whole units of a likely number may; of several nobody could tell which. A
    line that left is known, so its end must be worth exactly what it was.
    """
    words = tuple(str(change) for change in changes if not change.only_came)
    over, ended = _over(case)
    unknown = [change for change in changes if change.row_id not in over]
    for difference in differences:
        if words and case.is_nothing(difference + ended):
            return TakenOver(words, difference)
    if sum(not change.only_came for change in unknown) > 1:
        return None
    gaps = [difference + ended for difference in differences]
    found = [
        (change, gap, units)
        for change in unknown
        for gap in gaps
        if (units := _units(case, change, gap)) is not None
    ]
    if len(found) != 1:
        return None
    ((change, gap, units),) = found
    if change.weak and any(True for gap in gaps for _ in edits_of_ours(case, gap)):
        return None
    if any(isinstance(edit, Edit) for edit in edits_beside(case, gaps, change.a_unit, units)):
        return None
    return TakenOver(tuple(dict.fromkeys((*words, str(change)))), gap - ended)


def units_alone(case: Case, change: RowChange, differences: Sequence[Decimal]) -> Iterator[str]:
    """How many units of the one row that changed would explain it, in words."""
    over, ended = _over(case)
    if change.row_id in over:
        return
    for difference in differences:
        units = _units(case, change, difference + ended)
        if units is not None:
            yield f"{units} of {change.row}"


def _over(case: Case) -> tuple[set[int], Decimal]:
    """Rows of lines that left with all of their rows, and what those were worth."""
    present = {row.id for row in case.others}
    gone = {
        service: line
        for service, line in case.left.items()
        if line.rows and not any(row.id in present for row in line.rows)
    }
    return {row.id for line in gone.values() for row in line.rows}, case.worth(gone)


def _units(case: Case, change: RowChange, gap: Decimal) -> int | None:
    """The fewest units of the row that make up the gap; None where no likely number does."""
    found = [case.whole_units(gap, a_unit) for a_unit in change.a_unit]
    return min((u for u in found if u is not None and 1 <= u <= MOST_UNITS), default=None)
