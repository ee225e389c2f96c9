"""Days before those that a plan looks at: what a line should have had there, and has not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from reconciler.engine.desired import walked
from reconciler.engine.periods import DAY
from reconciler.engine.question import Question, settings_on
from reconciler.model.timeline import UNKNOWN


@dataclass(frozen=True, slots=True)
class TooOld:
    """Of the last day that is not looked at any more."""

    day: date
    wanted: int
    has: int
    at_least: bool = False
    """Is it a peak, of which earlier readings may not be at hand?"""


def units_since(question: Question) -> date | None:
    """The first day before the question's on which a line that BMS does not have should have
    units; None where it has none there."""
    since = max(question.schedule.start, question.counts_from)
    if since >= question.first:
        return None
    before = walked(replace(question, first=since, as_of=question.first))
    days = (day for day, units in before.timeline.steps if units is not UNKNOWN and units > 0)
    return next((day for day in days if day < question.first), None)


def too_old(question: Question, step: tuple[date, int, int]) -> TooOld | None:
    """None where the line's first step (its day, units before and after) is as long as it was.

    One that is dated on the first day that is looked at may have begun before it: then the day
    before differs too, and in the same way.
    """
    (day, before, after), last = step, question.first - DAY
    since, over = _since(question), settings_on(question.line, last).over
    # An average or a sum would need every reading of that period.
    if day != question.first or since > last or over not in ("last", "peak"):
        return None
    asked = replace(question, first=since, as_of=question.first, edited=False)
    wanted, has = walked(asked).timeline.at(last), question.known.at(last)
    if wanted is UNKNOWN or has is UNKNOWN or (wanted - has) * (after - before) <= 0:
        return None
    return TooOld(last, wanted, has, at_least=over == "peak")


def _since(question: Question) -> date:
    """The first day of the period before, as far as it is billed and the line is known there."""
    schedule, known = question.schedule, question.known.known_from
    first = max(schedule.start, question.counts_from, known or date.max)
    before = question.first - DAY
    if before < first or not schedule.holds(before):
        return date.max
    return max(first, schedule.containing(before).first)
