"""Edits that a person made in BMS: seen in the rows, or worked out from the total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from reconciler.engine.case import Case, Planned
from reconciler.engine.diff import ByHand, Post
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


def done_by_hand(case: Case, difference: Decimal, planned: Planned) -> DoneByHand | None:
    """The planned steps that make up the difference, when only one reading of it fits."""
    found = [
        facts
        for service, line in case.known().items()
        for made in _runs(case, line, planned.get(service, ()))
        if (facts := _made(case, line, service, made, difference)) is not None
    ]
    if not found:
        found = list(_added(case, difference, planned))
    return DoneByHand(found[0]) if len(found) == 1 else None


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


def _made(
    case: Case,
    line: KnownLine,
    service: int,
    made: Sequence[_Made],
    difference: Decimal,
) -> tuple[KnownFact, ...] | None:
    """Facts, when these steps make up the difference and the rows do not contradict it."""
    if not line.rows or difference == 0:
        return None
    price = max(line.rows, key=lambda row: row.id).price
    units = sum(entry.units for entry in made)
    if not case.is_nothing(units * price - difference):
        return None
    rows = _rows_for(case, line, [entry.step for entry in made])
    if rows is None:
        return None
    key = case.key(service)
    upsert = case.assume.line_update == "upsert"
    return tuple(
        KnownFact(
            key,
            row_id,
            entry.step.day,
            case.effect,
            entry.step.after if upsert else entry.units,
            "hand",
        )
        for entry, row_id in zip(made, rows, strict=True)
    )


def _rows_for(
    case: Case, line: KnownLine, steps: Sequence[Post | ByHand]
) -> list[int | None] | None:
    """The row that each step is on; None for all when visible edits say something else."""
    known = case.known().values()
    if any(row_edits(case, other) for other in known if other is not line):
        return None
    edits = row_edits(case, line)
    if not edits:
        return [None] * len(steps)
    by_day = {row.date: row.id for row in edits.added}
    if len(by_day) == len(edits.added) == len(steps) and all(s.day in by_day for s in steps):
        return [by_day[step.day] for step in steps]
    if len(edits.moved) == 1 and not edits.added and not edits.gone:
        row, _ = edits.moved[0]
        return [row.id] * len(steps) if row.date == steps[-1].day else None
    return None


def _added(case: Case, difference: Decimal, planned: Planned) -> Iterator[tuple[KnownFact, ...]]:
    """A line that BMS did not have, and was to be added, is there now."""
    for service, line in case.lines.items():
        if line.facts or len(line.rows) != 1:
            continue
        row = line.rows[0]
        for step in planned.get(service, ()):
            fits = case.is_nothing(step.after * row.price - difference)
            if step.before == 0 and step.day == row.date and fits:
                key = case.key(service)
                yield (KnownFact(key, row.id, row.date, case.effect, step.after, "hand"),)


def single_edits(case: Case, difference: Decimal) -> Iterator[tuple[int, int, int]]:
    """(service, units before, after) of every single line whose edit would explain the total."""
    for service, line in sorted(case.known().items()):
        if not line.rows:
            continue
        units = case.whole_units(difference, max(line.rows, key=lambda row: row.id).price)
        before = line.timeline.at(case.day)
        if units and before is not None and before + units >= 0:
            yield service, before, before + units
