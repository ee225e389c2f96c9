"""All inputs of a line added up, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from reconciler.engine.day_runs import Input, Run
from reconciler.engine.periods import DAY
from reconciler.engine.readings import filled, readings
from reconciler.model.timeline import UNKNOWN

ZERO: Final = Decimal(0)


def total(inputs: Sequence[Input], gap_days: int, first: date, last: date) -> list[Run[Decimal]]:
    """All inputs added (or subtracted) day by day; unknown where any of them is."""
    starts = {day for e in inputs for day in _edges(e) if first < day <= last}
    out: list[Run[Decimal]] = []
    begin = first
    for edge in (*sorted(starts), last + DAY):
        if begin < edge:
            there = [entry for entry in inputs if entry.counts_on(begin)]
            out.extend(_together(there, gap_days, begin, edge - DAY))
        begin = edge
    return out


def as_on_the_day_before(inputs: Sequence[Input], day: date) -> list[Input]:
    """What counts on ``day``, as if it had counted the day before already."""
    before = day - DAY
    return [
        replace(
            entry,
            since=before if entry.since == day else entry.since,
            until=before - DAY if entry.until == before else entry.until,
        )
        for entry in inputs
    ]


def _edges(entry: Input) -> Iterator[date]:
    if entry.since is not None:
        yield entry.since
    if entry.until is not None:
        yield entry.until + DAY


def _together(
    inputs: Sequence[Input], gap_days: int, first: date, last: date
) -> list[Run[Decimal]]:
    # Where only terms to subtract are left, there is nothing to count, which is not 0.
    if all(entry.subtract for entry in inputs):
        return [Run(first, last, UNKNOWN, sure=False, counts=False)]
    parts = [filled(readings(entry), gap_days, first, last) for entry in inputs]
    if len(parts) == 1:
        return parts[0]
    return _summed(parts, [entry.subtract for entry in inputs])


def _summed(
    parts: Sequence[Sequence[Run[Decimal]]], subtract: Sequence[bool]
) -> list[Run[Decimal]]:
    days = sorted({run.first for part in parts for run in part})
    last = parts[0][-1].last
    places = [0] * len(parts)
    out: list[Run[Decimal]] = []
    for index, day in enumerate(days):
        stop = days[index + 1] - DAY if index + 1 < len(days) else last
        quantity: Decimal | None = ZERO
        sure = True
        for number, part in enumerate(parts):
            while part[places[number]].last < day:
                places[number] += 1
            run = part[places[number]]
            sure = sure and run.sure
            quantity = _sum(quantity, run.quantity, negative=subtract[number])
        out.append(Run(day, stop, quantity, sure))
    return out


def _sum(total: Decimal | None, more: Decimal | None, *, negative: bool) -> Decimal | None:
    if total is None or more is None:
        return None
    return total - more if negative else total + more
