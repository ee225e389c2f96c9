"""What changed on rows that are not ours, and whether it explains a contract's total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from reconciler.engine.case import Case, marks
from reconciler.engine.hand import single_edits
from reconciler.engine.known import worth
from reconciler.model.ledgered import Agreement, RowMark

MOST_UNITS: Final = 10_000
"""More than that on one row is no likely explanation of a difference."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after; None: it was not there."""

    row_id: int
    old: RowMark | None
    new: RowMark | None
    name: str = ""

    def __str__(self) -> str:
        if self.old is None:
            return f"{self.name} was added"
        return f"row {self.row_id} is gone" if self.new is None else f"{self.name} was changed"


def row_changes(case: Case, agreement: Agreement) -> Iterator[RowChange]:
    """Rows of the others and of lines that left the configuration; every row was read."""
    names = {row.id: row.name for row in case.others}
    left = [mark for line in case.left.values() for mark in marks(line.rows)]
    was = {mark.row_id: mark for mark in (*agreement.others, *left)}
    now = {mark.row_id: mark for mark in marks(case.others)}
    for row_id in sorted(was.keys() | now.keys()):
        old, new = was.get(row_id), now.get(row_id)
        if old != new:
            yield RowChange(row_id, old, new, names.get(row_id, ""))


def taken_over(case: Case, agreement: Agreement, difference: Decimal) -> tuple[str, ...]:
    """The changes in words, if they make up the difference; else none.

    Of one changed row whole units of a likely number may; of several nobody could tell which. A
    line that left is known, so its end must be worth exactly what it was.
    """
    changes = list(row_changes(case, agreement))
    present = {row.id for row in case.others}
    over = set[int]()
    for line in case.left.values():
        rows = {row.id for row in line.rows}
        if rows and not rows & present:
            difference += worth(line, case.day, case.assume.total_price)
            over |= rows
    unknown = [change for change in changes if change.row_id not in over]
    fits = case.is_nothing(difference)
    if changes and (fits or (len(unknown) == 1 and _explains(case, unknown[0], difference))):
        return tuple(map(str, changes))
    return ()


def _explains(case: Case, change: RowChange, difference: Decimal) -> bool:
    if change.old is None and change.new is not None:
        return _likely(case.whole_units(difference, change.new.price))
    if change.new is None and change.old is not None:
        return _likely(case.whole_units(-difference, change.old.price))
    if change.old is None or change.new is None:
        return False
    if change.old.price != change.new.price:
        return _likely(case.whole_units(difference, change.new.price - change.old.price))
    # A row that only moved proves little: an edit of a line of ours may be the reason as well.
    if any(True for _ in single_edits(case, difference)):
        return False
    return _likely(case.whole_units(abs(difference), change.new.price))


def _likely(units: int | None) -> bool:
    return units is not None and 1 <= units <= MOST_UNITS
