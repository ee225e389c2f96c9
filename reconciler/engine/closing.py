"""Do starting units come to a contract's total? Lines of others have the rest of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple, TypeAlias

from reconciler.engine.case import Case, marks
from reconciler.engine.edits import Edit, edits_of_ours
from reconciler.engine.periods import DAY
from reconciler.engine.proof import NotClosed, closes
from reconciler.model.bms import Row
from reconciler.model.ledgered import RowMark


@dataclass(frozen=True, slots=True)
class Exceeded:
    """The units known are worth more than the total, which leaves the other lines less than
    nothing. ``difference``: the total less what they are worth."""

    difference: Decimal


class RowEdit(NamedTuple):
    """One row of others, read otherwise."""

    row: int
    """Its id."""
    service: int
    """Its BMS service's."""
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Apart:
    """The units of every row were told, and together they are not the total. ``edits``: of ours,
    and ``others`` of rows of others, each of which would explain it alone."""

    difference: Decimal
    edits: tuple[Edit, ...]
    others: tuple[RowEdit, ...]


Off: TypeAlias = "NotClosed | Exceeded | Apart"


def off_total(case: Case, told: Mapping[int, int]) -> Off | None:
    """None too where the total closes on the other side of a midnight, which BMS may be on.

    ``told``: units of rows by their ids; where those of every row are known or told, all of them
    must come to the total, whosever they are.
    """
    days = [case.day]
    if case.assume.total_price == "effective":
        days += [case.day - DAY, case.day + DAY]
    found = [_off(replace(case, day=day), told) for day in days]
    return None if None in found else found[0]


def is_unproved(case: Case, told: Mapping[int, int]) -> bool:
    """Are there rows whose units nobody told, so that any number may leave them the rest?"""
    return any(mark.row_id not in told for mark in _untold(case))


def _untold(case: Case) -> Sequence[RowMark]:
    """Rows whose units the ledger does not know; those that were not read, as they were agreed."""
    if case.wide or case.agreement is None:
        return marks(case.rest())
    ours = {row.id for line in case.known().values() for row in line.rows}
    found = {mark.row_id: mark for mark in case.agreement.others if mark.row_id not in ours}
    found.update((mark.row_id, mark) for mark in marks(case.rest()))
    return list(found.values())


def _off(case: Case, told: Mapping[int, int]) -> Off | None:
    others = [] if is_unproved(case, told) else _untold(case)
    return _apart(case, told, others) if others else _off_beside(case)


def _apart(case: Case, told: Mapping[int, int], others: Sequence[RowMark]) -> Apart | None:
    money = sum((told[m.row_id] * m.price for m in others if _counts(case, m)), Decimal(0))
    off = case.contract.total - case.worth(case.known()) - money
    if case.is_nothing(off):
        return None
    edits = _row_edits(case, told, [mark for mark in others if _counts(case, mark)], off)
    return Apart(off, tuple(edits_of_ours(case, off)), tuple(edits))


def _counts(case: Case, mark: RowMark) -> bool:
    return case.assume.total_price == "all" or mark.day <= case.day


def _row_edits(
    case: Case, told: Mapping[int, int], others: Sequence[RowMark], off: Decimal
) -> Iterator[RowEdit]:
    for mark in others:
        before, moved = told[mark.row_id], case.whole_units(off, mark.price)
        if moved and before + moved >= 0:
            yield RowEdit(mark.row_id, mark.service_id, before, before + moved)


def _off_beside(case: Case) -> Off | None:
    rest = case.contract.total - case.worth(case.known())
    if rest < 0 and not case.is_nothing(rest) and others_owe_nothing(case):
        return closes(case) or Exceeded(rest)
    return closes(case)


def others_owe_nothing(case: Case) -> bool:
    """Is no other line worth less than zero? A discount may be, and so may a line whose rows have
    several prices: its credit may stand at the highest."""
    unknown = (row for s, line in case.lines.items() if s not in case.known() for row in line.rows)
    rows = sorted((*case.others, *unknown), key=_service)
    lines = (list(line) for _, line in groupby(rows, key=_service))
    return all(line[0].price >= 0 and len({row.price for row in line}) == 1 for line in lines)


def _service(row: Row) -> int:
    return row.service_id
