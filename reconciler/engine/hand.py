"""Edits that a person made in BMS: seen in the rows, or worked out from the total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from reconciler.engine.case import Case, Planned
from reconciler.engine.diff import ByHand, Post
from reconciler.engine.edits import single_edits
from reconciler.engine.known import KnownLine
from reconciler.model.bms import Row
from reconciler.model.ledgered import KnownFact


@dataclass(frozen=True, slots=True)
class DoneByHand:
    """A person made planned changes in BMS."""

    facts: tuple[KnownFact, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    """A step that a person may have made, and by how many units it moves the line."""

    step: Post | ByHand
    units: int


@dataclass(frozen=True, slots=True)
class RowEdits:
    """What the rows of one known line show that no fact and no agreement explains."""

    added: tuple[Row, ...]
    gone: tuple[int, ...]
    moved: tuple[tuple[Row, date], ...]
    """With the day each row had."""

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.moved)


NO_EDITS: Final = RowEdits((), (), ())


def row_edits(case: Case, line: KnownLine) -> RowEdits:
    """Compare a line's rows with what was learned since its units were last taken over."""
    return _row_edits(line, _agreed_days(case))


def _agreed_days(case: Case) -> dict[int, date]:
    """The day each row of ours had when the total was last agreed."""
    marks = case.agreement.rows if case.agreement is not None else ()
    return {mark.row_id: mark.day for mark in marks}


def _row_edits(line: KnownLine, agreed: Mapping[int, date]) -> RowEdits:
    if len(line.rows) == len(line.facts) == 1:
        row, fact = line.rows[0], line.facts[0]
        if row.id == fact.row_id and row.date == fact.day:
            return NO_EDITS
    taken = max((i for i, fact in enumerate(line.facts) if fact.source == "accepted"), default=0)
    told = {fact.row_id: fact.day for fact in line.facts[taken:] if fact.row_id is not None}
    present = {row.id for row in line.rows}
    return RowEdits(
        added=tuple(row for row in line.silent if row.id not in agreed),
        gone=tuple(row_id for row_id in told if row_id not in present),
        moved=tuple(
            (row, told[row.id])
            for row in line.rows
            if row.id in told and row.date not in (told[row.id], agreed.get(row.id))
        ),
    )


def visible_edits(case: Case) -> Iterator[str]:
    """Hand edits that rows show, in words: added, gone, moved."""
    agreed = _agreed_days(case)
    for line in case.known().values():
        edits = _row_edits(line, agreed)
        for row in edits.added:
            yield f"row {row.id} of {row.name} was added, dated {row.date}"
        for row_id in edits.gone:
            yield f"row {row_id} is gone"
        for row, day in edits.moved:
            yield f"row {row.id} of {row.name} was moved from {day} to {row.date}"


def done_in_rows(case: Case, differences: Sequence[Decimal], planned: Planned) -> DoneByHand | None:
    """The planned steps that make up the difference, where rows show that they were made."""
    found = [
        facts
        for service, made in _fitting(case, differences, planned)
        if (rows := _rows_for(case, case.known()[service], made)) is not None
        and (facts := _facts(case, service, made, rows))
    ]
    return DoneByHand(found[0]) if len(found) == 1 else None


def done_unseen(case: Case, differences: Sequence[Decimal], planned: Planned) -> DoneByHand | None:
    """The planned steps that make up the difference, though no row shows them.

    Only where an edit of no other row would, whosever it is (`edits`).
    """
    found = list(_fitting(case, differences, planned))
    if len(found) != 1:
        return None
    ((service, made),) = found
    edits = (edit for difference in differences for edit in single_edits(case, difference))
    if any(edit.service != service for edit in edits):
        return None
    return DoneByHand(_facts(case, service, made, [None] * len(made)))


def _fitting(
    case: Case, differences: Sequence[Decimal], planned: Planned
) -> Iterator[tuple[int, Sequence[_Made]]]:
    """Steps of one line that come to one of the differences, by its service."""
    for service, line in case.known().items():
        if not line.rows:
            continue
        price = max(line.rows, key=lambda row: row.id).price
        for made in _runs(case, line, planned.get(service, ())):
            money = sum(entry.units for entry in made) * price
            if any(d and case.is_nothing(money - d) for d in differences):
                yield service, made


def _runs(case: Case, line: KnownLine, steps: Sequence[Post | ByHand]) -> Iterator[list[_Made]]:
    """Each step alone, and all of them together, with what each moves the line by."""
    if case.assume.line_update == "upsert":
        now = line.timeline.at(case.day)
        if now is not None:
            yield from ([_Made(step, step.after - now)] for step in steps)
        return
    # A step that builds on an earlier one is nothing that a person would make alone.
    alone = (step for step in steps if step.before == line.timeline.at(step.day))
    yield from ([_Made(step, step.after - step.before)] for step in alone)
    if len(steps) > 1:
        yield _all_of(line, steps)


def _all_of(line: KnownLine, steps: Sequence[Post | ByHand]) -> list[_Made]:
    # A step by hand is not counted as done for those after it; here all of them are.
    made: list[_Made] = []
    so_far = 0
    for step in steps:
        moved = step.after - (line.timeline.at(step.day) or 0)
        made.append(_Made(step, moved - so_far))
        so_far = moved
    return made


def _facts(
    case: Case, service: int, made: Sequence[_Made], rows: Sequence[int | None]
) -> tuple[KnownFact, ...]:
    upsert = case.assume.line_update == "upsert"
    return tuple(
        KnownFact(
            case.key(service),
            row_id,
            entry.step.day,
            case.effect,
            entry.step.after if upsert else entry.units,
            "hand",
        )
        for entry, row_id in zip(made, rows, strict=True)
    )


def _rows_for(case: Case, line: KnownLine, made: Sequence[_Made]) -> list[int | None] | None:
    """The row that each step is on; None where visible edits do not show these steps."""
    known = case.known().values()
    if any(row_edits(case, other) for other in known if other is not line):
        return None
    edits, days = row_edits(case, line), [entry.step.day for entry in made]
    by_day = {row.date: row.id for row in edits.added}
    if len(by_day) == len(edits.added) == len(days) and all(day in by_day for day in days):
        return [by_day[day] for day in days]
    if len(edits.moved) == 1 and not edits.added and not edits.gone:
        row, _ = edits.moved[0]
        return [row.id] * len(days) if row.date == days[-1] else None
    return None


def added_by_hand(
    case: Case, differences: Sequence[Decimal], planned: Planned, row_id: int
) -> DoneByHand | None:
    """A line that BMS did not have, and was to be added, is there now, on this row."""
    found = [
        KnownFact(case.key(service), row.id, row.date, case.effect, step.after, "hand")
        for service, line in case.lines.items()
        if not line.facts and len(line.rows) == 1
        for row in line.rows
        for step in planned.get(service, ())
        if row.id == row_id and step.before == 0 and step.day == row.date
        if any(case.is_nothing(step.after * row.price - d) for d in differences)
    ]
    return DoneByHand((found[0],)) if len(found) == 1 else None
