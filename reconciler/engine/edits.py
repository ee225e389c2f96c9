"""Which edits a contract's total tells apart, and which it does not.

A total says by how much it moved, and never which row moved it. Rows show what was added, taken
away, moved or repriced, and no units. So a moved total has several readings. One of them is
believed only where every likely reading says the same of our lines; else a person has to look.
Likely are:

* Where no row shows an edit: that the units of one row were edited, whosever it is. Of a row whose
  units nobody knows, any number may have come or gone.
* Where one row shows that it changed, and nobody knows its units: so many units of it, alone or
  beside an edit of one more row, as long as both take no more units than `MOST_BESIDE`, or than it
  takes alone. Many units of a cheap row are no likelier than a few of it and an edit of ours.
* Where a row of ours shows a planned step, on its day and with its worth: only that step.

What rows of others have may differ between the readings: it is not ours to write.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from itertools import product
from typing import Final, NamedTuple, TypeAlias

from reconciler.engine.case import Case
from reconciler.engine.periods import DAY
from reconciler.model.bms import Row

ZERO: Final = Decimal(0)

MOST_BESIDE: Final = 10
"""Units in all, up to which an edit beside a change that a row shows is always likely."""


class Edit(NamedTuple):
    """Of one line of ours by a person."""

    service: int
    """The BMS service's id."""
    before: int
    after: int

    @property
    def moved(self) -> int:
        """By how many units."""
        return self.after - self.before


class EditOfOthers(NamedTuple):
    """Of a row whose units nobody knows."""

    service: int
    row_id: int
    name: str
    moved: int

    def __str__(self) -> str:
        return f"{self.moved:+} of {self.name}"


AnyEdit: TypeAlias = "Edit | EditOfOthers"


def edits_of_ours(case: Case, difference: Decimal) -> Iterator[Edit]:
    """Every line with known units whose edit alone would explain the total."""
    for service, line in sorted(case.known().items()):
        if not line.rows:
            continue
        units = case.whole_units(difference, max(line.rows, key=lambda row: row.id).price)
        before = line.timeline.at(case.day)
        if units and before is not None and before + units >= 0:
            yield Edit(service, before, before + units)


def edits_of_others(case: Case, difference: Decimal) -> Iterator[EditOfOthers]:
    """Every other row whose edit alone would: of others, of lines that left, and of lines of ours
    that nobody told about."""
    for row in case.rest():
        units = case.whole_units(difference, row.price) if _may_count(case, row) else None
        if units:
            yield EditOfOthers(row.service_id, row.id, row.name, units)


def single_edits(case: Case, difference: Decimal) -> Iterator[AnyEdit]:
    """Of whatever row."""
    yield from edits_of_ours(case, difference)
    yield from edits_of_others(case, difference)


def edits_beside(
    case: Case, gaps: Collection[Decimal], a_unit: Collection[Decimal], alone: int = 0
) -> Iterator[AnyEdit]:
    """Edits of one row that are likely beside a row that shows a change.

    ``a_unit``: what one unit of that row may have moved the total by; ``alone``: how many units of
    it would explain a gap.
    """
    most = max(alone, MOST_BESIDE)
    for gap, price, units in product(gaps, a_unit or (ZERO,), range(most + 1)):
        for edit in single_edits(case, gap - units * price):
            if abs(edit.moved) + units <= most:
                yield edit


def _may_count(case: Case, row: Row) -> bool:
    """Is the row part of the total, on some day that BMS may have?"""
    return case.assume.total_price == "all" or row.date <= case.day + DAY
