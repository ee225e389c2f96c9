"""Which day's count decided a change: its own, unless the policy dates it elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from reconciler.engine.count import Tally
from reconciler.engine.desired import counted
from reconciler.engine.lines import LineWork
from reconciler.engine.looked_at import counts_from
from reconciler.engine.periods import DAY
from reconciler.engine.question import Question, part_of, settings_on


def decided_on(work: LineWork, day: date, units: int, newest: date) -> date:
    """The counted day that brings the line to ``units`` on ``day``; that day where none does."""
    found = [tally for tally, _ in counted(_question(work, day, newest)) if tally.units == units]
    for asked in _days(work, day, newest, found):
        if any(tally.first <= asked <= tally.last for tally in found):
            return asked
    return day


def _days(work: LineWork, day: date, newest: date, found: list[Tally]) -> Iterator[date]:
    """The day, the one before its period, then what was dated back from later in its part."""
    line, schedule = work.bound.line, work.bound.contract.schedule
    last = min(part_of(line, schedule, day).last, newest)
    yield day
    if day == schedule.containing(day).first:
        yield day - DAY
    if settings_on(line, day).adjust == "month-end":
        yield last
    for tally in found:
        if day < tally.first <= last:
            yield tally.first


def _question(work: LineWork, day: date, newest: date) -> Question:
    contract = work.bound.contract
    return Question(
        line=work.bound.line,
        inputs=work.inputs,
        schedule=contract.schedule,
        first=max(day - DAY, contract.schedule.start),
        as_of=newest + DAY,
        known=work.stands,
        exists=work.known.exists,
        closed=contract.closed_through,
        closings=contract.closings,
        counts_from=counts_from(work.bound),
    )
