"""Credits that the policy holds: under an invoice no day falls below what BMS has.

First the days are walked as if nothing were invoiced; what an invoice leaves alone is said after.
A decrease that it holds begins with the first day that no invoice covers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain

from reconciler.engine.periods import DAY
from reconciler.engine.question import Question, days_of_settings, settings_on
from reconciler.engine.walk import Scheduled
from reconciler.model.timeline import UNKNOWN, Timeline, Units


def holding_credits(
    question: Question, steps: Timeline, scheduled: Sequence[Scheduled]
) -> tuple[Timeline, tuple[Scheduled, ...]]:
    """What was walked up to today and is scheduled after it, with the credits that wait."""
    closed = question.closed
    if closed is None or not any(one.settings.credits == "hold" for one in question.line.settings):
        return steps, tuple(scheduled)
    whys = {one.day: one.why for one in scheduled}
    walked = Timeline.of([*steps.steps, *((one.day, one.units) for one in scheduled)])
    held = Timeline.of(_by_day(question, walked, closed))
    today = [step for step in held.steps if step[0] <= question.as_of]
    later = (
        Scheduled(day, units, whys.get(day, "next period"))
        for day, units in held.steps
        if day > question.as_of and units is not UNKNOWN
    )
    return Timeline.of(today), tuple(later)


def _by_day(question: Question, walked: Timeline, closed: date) -> Iterator[tuple[date, Units]]:
    first, line, over = question.first, question.line, question.schedule.end
    days = chain(walked.days(), question.known.days(), days_of_settings(line), (closed + DAY,))
    for day in sorted({first, *(day for day in days if day > first)}):
        if over is not None and day > over and day not in walked.days():
            # It ends with its contract, and needs no step of its own there.
            continue
        units = walked.at(day)
        if day <= closed and settings_on(line, day).credits == "hold":
            there = question.known.at(min(day, question.as_of))
            units = units if there is UNKNOWN or units is UNKNOWN else max(units, there)
        yield day, units
