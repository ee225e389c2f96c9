"""What BMS's own steps and invoices say about a line's days."""

from __future__ import annotations

from datetime import date

from reconciler.engine.invoiced import closed_on
from reconciler.engine.periods import DAY
from reconciler.engine.question import Question, leaves_invoiced, settings_on
from reconciler.model.desired import DesiredLine
from reconciler.model.settings import LineSettings
from reconciler.model.timeline import UNKNOWN, Units


def is_past(question: Question, day: date, settings: LineSettings) -> bool:
    """Is the day under an invoice that the policy leaves alone? There BMS is right."""
    return settings.late == "next-period" and question.closed is not None and day <= question.closed


def is_prorated_late(settings: LineSettings, *, rises: bool) -> bool:
    """Does the policy let such a change be dated under an invoice?"""
    when = settings.when(rises=rises)
    return settings.late == "prorated-transaction" or when == "change-date"


def is_held_under(line: DesiredLine, day: date, *, rises: bool) -> bool:
    """Does the line's policy hold such a change on a day that an invoice covers?"""
    return not is_prorated_late(settings_on(line, day), rises=rises)


def is_credit_held(question: Question, day: date) -> bool:
    """Was the day invoiced before its own count was known, and does its policy hold credits? Then
    no run could ever lower it."""
    if settings_on(question.line, day).credits != "hold":
        return False
    closed = closed_on(question.closings, day + DAY)
    return closed is not None and day <= closed


def ends_from(question: Question, last_day: date) -> date:
    """The first day without units: the day after the last, or after all that is invoiced where a
    decrease may not be dated under an invoice."""
    day, closed = max(last_day + DAY, question.first), question.closed
    settings = settings_on(question.line, last_day)
    prorated = is_prorated_late(settings, rises=False)
    waits = not prorated or leaves_invoiced(settings)
    return closed + DAY if waits and closed is not None and day <= closed else day


def came_as_pending(question: Question, day: date) -> bool:
    """Did BMS's own step on that day come from the period before it?"""
    return begun_at(question, day) is not UNKNOWN


def begun_at(question: Question, day: date) -> Units:
    """What a period began with in BMS that came from the one before it; UNKNOWN: nothing did.

    Where no write of ours says so, the policy tells.
    """
    known, begun = question.known, question.begun
    before, now = known.at(day - DAY), begun[day] if day in begun else known.at(day)
    if before is UNKNOWN or now is UNKNOWN or before == now:
        return UNKNOWN
    over = question.schedule.end
    if (over is not None and day > over) or question.schedule.containing(day).first != day:
        return UNKNOWN
    if day in begun:
        return now
    settings = settings_on(question.line, day - DAY)
    when = settings.when(rises=now > before)
    held = now < before and settings.credits == "hold"
    return now if held or "next-period" in (when, settings.late) else UNKNOWN


def until_bms_moves(question: Question, day: date, last: date) -> date:
    """The last day, up to ``last``, before BMS's next own step after ``day``."""
    steps = (step - DAY for step in question.known.days() if step > day)
    return min(last, *steps, last)
