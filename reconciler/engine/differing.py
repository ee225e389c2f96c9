"""What differs of one line: what may be written of it, and what an invoice holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import Final

from reconciler.engine.bound import BoundLine
from reconciler.engine.desired import Desired
from reconciler.engine.diff import Closed, Difference, Rules, difference
from reconciler.engine.in_bms import is_held_under
from reconciler.engine.known import KnownLine
from reconciler.engine.question import Question, days_of_settings
from reconciler.engine.under_invoices import Invoiced, kept
from reconciler.model.assumptions import Assumptions
from reconciler.model.timeline import Timeline

NOTHING: Final = Timeline(((date.min, 0),))
"""What BMS has of a line that it does not have."""


def differing(
    bound: BoundLine,
    known: KnownLine,
    question: Question,
    wanted: Desired,
    stands: Timeline,
    assume: Assumptions,
) -> tuple[Difference, ...]:
    """In order of day; ``stands``: what BMS has, without the writes that are taken back."""
    if wanted.is_steady and not bound.takes_back:
        return ()
    have = known.timeline if known.exists or bound.takes_back else NOTHING
    rules = Rules(assume, question.first, question.as_of, known.newest_reply)
    steps = difference(wanted.timeline, have, rules)
    if not steps and not bound.takes_back:
        return ()
    allowed, held = _under_invoices(bound, known, question, wanted.timeline, stands, assume)
    if bound.takes_back:
        since = min(question.first, *(intent.day for intent in bound.takes_back))
        allowed = _from(stands, question.first, allowed)
        steps = difference(allowed, have, replace(rules, first=since))
    elif held:
        steps = difference(allowed, have, rules)
    return tuple(sorted([*held, *steps], key=attrgetter("day"))) if held else steps


def is_held_by_day(known: KnownLine, *, upsert: bool) -> bool:
    """Does the line wait under an invoice on the days alone that the policy leaves as they are?

    Where a total is set, one of later days would be in the way of theirs; and a new line waits as a
    whole, since its first row says since when it is counted.
    """
    return known.exists and not upsert


def _under_invoices(
    bound: BoundLine,
    known: KnownLine,
    question: Question,
    wanted: Timeline,
    stands: Timeline,
    assume: Assumptions,
) -> tuple[Timeline, tuple[Closed, ...]]:
    """What may be written of a line that is held by day, and what not."""
    upsert = assume.line_update == "upsert"
    if question.closed is None or not is_held_by_day(known, upsert=upsert):
        return wanted, ()

    def holds(day: date, more: int) -> bool:
        return is_held_under(bound.line, day, rises=more > 0)

    invoiced = Invoiced(question.closed, holds, list(days_of_settings(bound.line)))
    return kept(wanted, stands, invoiced, question.first, question.as_of)


def _from(stands: Timeline, first: date, wanted: Timeline) -> Timeline:
    """What stands up to the first writable day, what is wanted from it on."""
    before = (step for step in stands.steps if step[0] < first)
    return Timeline.of([*before, *(step for step in wanted.steps if step[0] >= first)])
