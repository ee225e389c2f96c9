"""The short way for the usual line: one reading, the same on every day, and BMS has it already.

It gives what the walk over the days gives; a line it is not sure of goes the long way.
"""

from __future__ import annotations

from datetime import date

from reconciler.engine.count import Tally
from reconciler.engine.periods import DAY
from reconciler.engine.question import Question, window
from reconciler.engine.readings import readings
from reconciler.engine.units import units_of
from reconciler.model.settings import LineSettings
from reconciler.model.timeline import UNKNOWN, Timeline


def steady(question: Question) -> tuple[Timeline, Tally] | None:
    """The desired timeline and the last count; None where the days must be walked."""
    line, known = question.line, question.known.steps
    settings = line.settings[0].settings
    if not question.exists or question.edited or line.last_day is not None:
        return None
    if len(known) != 1 or len(line.settings) != 1 or question.begun:
        return None
    day, units = known[0]
    if day > question.first or units is UNKNOWN or not _is_plain(settings):
        return None
    tally = _one_count(question, settings)
    if tally is None or tally.units != units:
        return None
    return Timeline(((question.first, units),)), tally


def _is_plain(settings: LineSettings) -> bool:
    """Is each day's count its own reading's, and every day free to move?"""
    agreed = settings.fixed is not None or settings.commitment is not None
    return settings.adjust == "daily" and settings.over == "last" and not agreed


def _one_count(question: Question, settings: LineSettings) -> Tally | None:
    """The count of all closed usage days since the first day's period began, where it is one."""
    if len(question.inputs) != 1:
        return None
    entry, schedule, last = question.inputs[0], question.schedule, question.as_of - DAY
    if entry.subtract or entry.since is not None or entry.until is not None:
        return None
    if question.first > last or (schedule.end is not None and schedule.end < last):
        return None
    start = window(question.line, schedule, question.counts_from, question.first)
    for run in readings(entry):
        if run.first <= start and last <= run.last:
            first = _first_told(question, settings, start, last)
            units = units_of(run.quantity, settings)
            return Tally(first, last, units, run.sure, run.quantity)
        if run.last >= start:
            return None
    return None


def _first_told(question: Question, settings: LineSettings, start: date, last: date) -> date:
    """The walk begins a count anew after what is invoiced, where such days wait."""
    waits = settings.late == "next-period"
    if waits and question.closed is not None and start <= question.closed < last:
        return question.closed + DAY
    return start
