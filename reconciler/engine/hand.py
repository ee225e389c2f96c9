"""Edits that a person made in BMS: seen in the rows, or worked out from the total."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reconciler.engine.case import Case, Planned, whole_units
from reconciler.engine.diff import ByHand, Post
from reconciler.engine.evidence import HALF_A_CENT
from reconciler.engine.known import KnownLine
from reconciler.model.bms import Row
from reconciler.model.ledgered import KnownFact


@dataclass(frozen=True, slots=True)
class DoneByHand:
    """A person made planned changes in BMS."""

    facts: tuple[KnownFact, ...]


def visible_edits(case: Case) -> Iterator[str]:
    """Hand edits that rows show: added, gone, moved."""
    for line in case.known().values():
        present = {row.id: row for row in line.rows}
        for row in line.silent:
            yield f"row {row.id} of {row.name} was added, dated {row.date}"
        newest = {fact.row_id: fact.day for fact in line.facts if fact.row_id is not None}
        for row_id, day in newest.items():
            if row_id not in present:
                yield f"row {row_id} is gone"
            elif present[row_id].date != day:
                name, now = present[row_id].name, present[row_id].date
                yield f"row {row_id} of {name} was moved from {day} to {now}"


def done_by_hand(case: Case, difference: Decimal, planned: Planned) -> DoneByHand | None:
    """The planned steps that make up the difference, when only one reading of it fits."""
    found = [
        facts
        for service, line in case.known().items()
        for steps in _runs(planned.get(service, ()))
        if (facts := _made(case, line, service, steps, difference)) is not None
    ]
    if not found:
        found = list(_added(case, difference, planned))
    return DoneByHand(found[0]) if len(found) == 1 else None


def _runs(steps: Sequence[Post | ByHand]) -> list[Sequence[Post | ByHand]]:
    """Each step alone, and all of them together."""
    alone: list[Sequence[Post | ByHand]] = [(step,) for step in steps]
    return [*alone, steps] if len(steps) > 1 else alone


def _made(
    case: Case,
    line: KnownLine,
    service: int,
    steps: Sequence[Post | ByHand],
    difference: Decimal,
) -> tuple[KnownFact, ...] | None:
    """Facts, when these steps make up the difference and the rows do not contradict it."""
    if not line.rows or difference == 0:
        return None
    price = max(line.rows, key=lambda row: row.id).price
    units = sum(step.after - step.before for step in steps)
    if abs(units * price - difference) >= HALF_A_CENT:
        return None
    rows = _rows_for(case, line, steps)
    if rows is None:
        return None
    key = case.key(service)
    upsert = case.assume.line_update == "upsert"
    return tuple(
        KnownFact(
            key,
            row_id,
            step.day,
            case.effect,
            step.after if upsert else step.after - step.before,
            "hand",
        )
        for step, row_id in zip(steps, rows, strict=True)
    )


def _rows_for(
    case: Case, line: KnownLine, steps: Sequence[Post | ByHand]
) -> list[int | None] | None:
    """The row that each step is on; None for all when visible edits say something else."""
    elsewhere = [
        other for other in case.known().values() if other is not line and _is_touched(other)
    ]
    if elsewhere:
        return None
    if not _is_touched(line):
        return [None] * len(steps)
    by_day = {row.date: row.id for row in line.silent}
    if len(by_day) == len(line.silent) == len(steps) and all(s.day in by_day for s in steps):
        return [by_day[step.day] for step in steps]
    moved = [row for row in line.rows if _moved_to(line, row) is not None]
    if len(moved) == 1 and not line.silent and moved[0].date == steps[-1].day:
        return [moved[0].id] * len(steps)
    return None


def _is_touched(line: KnownLine) -> bool:
    ids = {row.id for row in line.rows}
    gone = any(fact.row_id is not None and fact.row_id not in ids for fact in line.facts)
    return gone or bool(line.silent) or any(_moved_to(line, row) for row in line.rows)


def _moved_to(line: KnownLine, row: Row) -> date | None:
    days = [fact.day for fact in line.facts if fact.row_id == row.id]
    return row.date if days and days[-1] != row.date else None


def _added(case: Case, difference: Decimal, planned: Planned) -> Iterator[tuple[KnownFact, ...]]:
    """A line that BMS did not have, and was to be added, is there now."""
    for service, line in case.lines.items():
        if line.facts or len(line.rows) != 1:
            continue
        row = line.rows[0]
        for step in planned.get(service, ()):
            fits = abs(step.after * row.price - difference) < HALF_A_CENT
            if step.before == 0 and step.day == row.date and fits:
                key = case.key(service)
                yield (KnownFact(key, row.id, row.date, case.effect, step.after, "hand"),)


def single_edits(case: Case, difference: Decimal) -> Iterator[tuple[int, int, int]]:
    """(service, units before, after) of every single line whose edit would explain the total."""
    for service, line in sorted(case.known().items()):
        if not line.rows:
            continue
        units = whole_units(difference, max(line.rows, key=lambda row: row.id).price)
        before = line.timeline.at(case.day)
        if units and before is not None and before + units >= 0:
            yield service, before, before + units
