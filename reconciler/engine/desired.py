"""The units a line should have: its counts in order, and what policies make of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from reconciler.engine.count import Tally, tallies
from reconciler.engine.held_credits import holding_credits
from reconciler.engine.periods import DAY
from reconciler.engine.question import (
    Question,
    days_of_settings,
    fixed_on,
    settings_on,
    window,
)
from reconciler.engine.steady import steady
from reconciler.engine.summed import as_on_the_day_before
from reconciler.engine.untold import Kept
from reconciler.engine.walk import Scheduled, Walk
from reconciler.model.settings import LineSettings
from reconciler.model.timeline import UNKNOWN, Timeline, Units


@dataclass(slots=True)  # not frozen: it would take three times as long
class Desired:
    """The timeline from the first writable day, what is scheduled, and what the last day said."""

    timeline: Timeline
    scheduled: tuple[Scheduled, ...] = ()
    newest: Tally | None = None
    """The count on the last closed usage day."""
    kept: Kept | None = None
    """What the line keeps by its newest decision, since days are missing."""
    is_steady: bool = field(default=False, compare=False)
    """Is it surely what BMS has?"""
    entered: Mapping[date, Units] | None = field(default=None, compare=False)
    """What each period was entered with, before its own counts."""


def desired(question: Question) -> Desired:
    """Walk the closed usage days in order and let the policies speak."""
    found = steady(question)
    if found is None:
        return walked(question)
    return Desired(found[0], newest=found[1], is_steady=True)


def walked(question: Question) -> Desired:
    """The long way, which is right for every line."""
    walk = Walk(question)
    newest: Tally | None = None
    for tally, settings in counted(question):
        newest = tally
        if tally.last >= question.first:
            walk.take(tally, settings)
    for tally, settings in _today(question):
        newest = newest or tally
        walk.take(tally, settings)
    timeline, scheduled = holding_credits(question, *walk.finish(), walk.entered)
    return Desired(timeline, scheduled, newest, walk.kept, entered=walk.entered)


def counted(question: Question) -> Iterator[tuple[Tally, LineSettings]]:
    """Counts from the start of the first writable day's window to the last closed day.

    Cut where settings change. Days before the line's first one do not count, nor those after its
    last.
    """
    last = min(
        day
        for day in (question.as_of - DAY, question.schedule.end, question.line.last_day)
        if day is not None
    )
    if question.first > last:
        return
    start = _window(question, question.first)
    if start > last:
        return
    edges = [*sorted(_cuts(question, start, last)), last + DAY]
    begin = start
    for edge in edges:
        settings = settings_on(question.line, begin)
        since = start if begin == start else _window(question, begin)
        for tally in _counts(question, settings, since, edge - DAY):
            if tally.last >= begin:
                yield _from(tally, begin), settings
        begin = edge


def born_on(question: Question) -> date:
    """A new line's day: not before its first complete reading."""
    for tally, _ in counted(question):
        if tally.units is not UNKNOWN and tally.last >= question.first:
            return max(tally.first, question.first)
    return question.first


def _today(question: Question) -> Iterator[tuple[Tally, LineSettings]]:
    """Rules that changed today count at once, with the readings of the last closed day.

    What moves at the month's end waits for its last day to be closed.
    """
    day, before = question.as_of, question.as_of - DAY
    ends = (question.schedule.end, question.line.last_day)
    if not question.edited or any(end is not None and day > end for end in ends):
        return
    settings = settings_on(question.line, day)
    fixed = fixed_on(settings, day)
    if fixed is not None:
        yield Tally(day, day, fixed.units, sure=True), settings
    elif settings.adjust == "daily" and before >= question.schedule.start:
        inputs = as_on_the_day_before(question.inputs, day)
        start = min(_window(question, day), before)
        for tally in tallies(inputs, settings, question.schedule, start, before):
            if tally.last == before:
                yield replace(tally, first=day, last=day), settings


def _window(question: Question, day: date) -> date:
    return window(question.line, question.schedule, question.counts_from, day)


def _cuts(question: Question, start: date, last: date) -> set[date]:
    """Days inside the range on which settings change, or what is agreed or invoiced ends."""
    days = set(days_of_settings(question.line))
    for dated in question.line.settings:
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
    return replace(tally, first=first)
