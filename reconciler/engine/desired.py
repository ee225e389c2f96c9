"""The units a line should have: its counts in order, and what policies make of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reconciler.engine.count import Tally, tallies
from reconciler.engine.periods import DAY
from reconciler.engine.question import Question, fixed_on, settings_on
from reconciler.engine.walk import Scheduled, Walk
from reconciler.model.settings import LineSettings
from reconciler.model.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Desired:
    """The timeline from the first writable day, what is scheduled, and what the last day said."""

    timeline: Timeline
    scheduled: tuple[Scheduled, ...] = ()
    newest: Tally | None = None
    """The count on the last closed usage day."""


def desired(question: Question) -> Desired:
    """Walk the closed usage days in order and let the policies speak."""
    walk = Walk(question)
    newest: Tally | None = None
    for tally, settings in counted(question):
        newest = tally
        if tally.last >= question.first:
            walk.take(tally, settings)
    timeline, scheduled = walk.finish()
    return Desired(timeline, scheduled, newest)


def counted(question: Question) -> Iterator[tuple[Tally, LineSettings]]:
    """Counts from the start of the first writable day's period to the last closed day.

    Cut where settings change. Days after the line's last one do not count.
    """
    last = min(
        day
        for day in (question.as_of - DAY, question.schedule.end, question.line.last_day)
        if day is not None
    )
    if question.first > last:
        return
    start = question.schedule.containing(question.first).first
    edges = [*sorted(_cuts(question, start, last)), last + DAY]
    begin = start
    for edge in edges:
        settings = settings_on(question.line, begin)
        period_start = question.schedule.containing(begin).first
        for tally in _counts(question, settings, period_start, edge - DAY):
            if tally.last >= begin:
                yield _from(tally, begin), settings
        begin = edge


def _cuts(question: Question, start: date, last: date) -> set[date]:
    """Days inside the range on which settings change, fixed units end, or invoices do."""
    days = {dated.day for dated in question.line.settings}
    for dated in question.line.settings:
        if dated.settings.fixed is not None and dated.settings.fixed.until is not None:
            days.add(dated.settings.fixed.until + DAY)
        if dated.settings.late == "next-period" and question.closed is not None:
            days.add(question.closed + DAY)
    return {day for day in days if start < day <= last}


def _counts(question: Question, settings: LineSettings, first: date, last: date) -> Iterator[Tally]:
    fixed = fixed_on(settings, last)
    if fixed is not None:
        return iter((Tally(first, last, fixed.units, sure=True),))
    return tallies(question.inputs, settings, question.schedule, first, last)


def _from(tally: Tally, first: date) -> Tally:
    if tally.first >= first:
        return tally
    return Tally(first, tally.last, tally.units, tally.sure)
