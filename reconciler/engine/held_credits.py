"""Credits that the policy holds: under an invoice no day falls below what BMS has.

The walk says what is right on each day; what an invoice leaves of that is said here. A decrease
that it holds begins with the first day that no invoice covers. So a run that comes late gives what
one each night would have: what a count raised under an invoice stays to its end. A decrease of
days before the setting is none that it holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

from reconciler.engine.in_bms import is_credit_held
from reconciler.engine.periods import DAY
from reconciler.engine.question import Question, days_of_settings, settings_on
from reconciler.engine.walk import Scheduled
from reconciler.model.timeline import UNKNOWN, Timeline, Units


def holding_credits(
    question: Question,
    steps: Timeline,
    scheduled: Sequence[Scheduled],
    entered: Mapping[date, Units],
) -> tuple[Timeline, tuple[Scheduled, ...]]:
    """What was walked up to today and is scheduled after it, with the credits that wait.

    ``entered``: what the walk entered each period with, before the period's own counts.
    """
    closed = question.closed
    if closed is None or not any(one.settings.credits == "hold" for one in question.line.settings):
        return steps, tuple(scheduled)
    whys = {one.day: one.why for one in scheduled}
    walked = Timeline.of([*steps.steps, *((one.day, one.units) for one in scheduled)])
    held = Timeline.of(_by_day(question, walked, entered, closed))
    today = [step for step in held.steps if step[0] <= question.as_of]
    later = (
        Scheduled(day, units, whys.get(day, "next period"))
        for day, units in held.steps
        if day > question.as_of and units is not UNKNOWN
    )
    return Timeline.of(today), tuple(later)


def _by_day(
    question: Question, walked: Timeline, entered: Mapping[date, Units], closed: date
) -> Iterator[tuple[date, Units]]:
    over, before = question.schedule.end, UNKNOWN
    was_held, lowered = False, 0
    for day in _days(question, walked, entered, closed):
        if over is not None and day > over and day not in walked.days():
            # It ends with its contract, and needs no step of its own there.
            continue
        units = walked.at(day)
        held = day <= closed and settings_on(question.line, day).credits == "hold"
        if held and not was_held:
            lowered = _lowered_before(question, day, before)
        if held:
            there = question.known.at(min(day, question.as_of))
            lowered = min(lowered, _lacks(there, units))
            there = UNKNOWN if there is UNKNOWN else there - lowered
            before = _stays(question, day, entered.get(day, before))
            units = _more(_more(units, there), before)
        yield day, units
        before, was_held = units, held


def _days(
    question: Question, walked: Timeline, entered: Mapping[date, Units], closed: date
) -> Sequence[date]:
    """Those on which anything can change, from the first writable one on."""
    line, first = question.line, question.first
    own = chain(walked.days(), question.known.days(), days_of_settings(line), entered)
    return sorted({first, *(day for day in chain(own, (closed + DAY,)) if day > first)})


def _lowered_before(question: Question, day: date, before: Units) -> int:
    """By how much the day before a held one is to be lowered, and with it what follows, up to a
    day that is not lower itself."""
    return _lacks(question.known.at(day - DAY), before)


def _lacks(there: Units, units: Units) -> int:
    """How much less than BMS has is right."""
    return 0 if there is UNKNOWN or units is UNKNOWN else max(0, there - units)


def _stays(question: Question, day: date, before: Units) -> Units:
    """What the day before leaves to this one, where BMS has not lowered it here already."""
    if before is UNKNOWN or not is_credit_held(question, day):
        return UNKNOWN
    there, now = question.known.at(day - DAY), question.known.at(day)
    lowered = there is not UNKNOWN and now is not UNKNOWN and now < there
    return UNKNOWN if lowered else before


def _more(units: Units, other: Units) -> Units:
    return units if units is UNKNOWN or other is UNKNOWN else max(units, other)
