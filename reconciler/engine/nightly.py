"""A line as one run each night would have billed it, where its policy asks what is invoiced.

Under ``late: next-period`` and ``credits: hold`` it matters whether a reading came before or after
the invoice of its day. So each night is walked with the invoices of its time, and finds what the
nights before it wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from reconciler.engine.day_runs import Input
from reconciler.engine.desired import counted, desired
from reconciler.engine.invoiced import Closing, closed_on
from reconciler.engine.looked_at import writable_from
from reconciler.engine.periods import DAY
from reconciler.engine.question import Question, leaves_invoiced
from reconciler.model.desired import DesiredLine
from reconciler.model.reading import Series
from reconciler.model.timeline import Timeline


def asks_for_invoices(line: DesiredLine) -> bool:
    """Does any of its policies leave alone what is invoiced?"""
    return any(leaves_invoiced(dated.settings) for dated in line.settings)


def nightly(question: Question, found: Sequence[Closing]) -> Timeline:
    """The units up to the question's day, after a run on every night that can change them."""
    known, then = question.known, replace(question, closings=found)
    for night in _nights(question, found):
        closed = closed_on(found, night)
        first = max(question.first, writable_from(question.schedule, closed, night))
        if known is question.known or first != then.first:
            then = replace(then, first=first, inputs=_read_for(question, first))
        then = replace(then, as_of=night, known=known, closed=closed)
        before = (step for step in known.steps if step[0] < first)
        known = Timeline.of([*before, *desired(then).timeline.steps])
    return known


def _read_for(question: Question, first: date) -> list[Input]:
    """The readings that a run from ``first`` on can need: from its period's start, and what fills
    a gap there. To walk those of the whole span each night would be slow."""
    gaps = max(dated.settings.gap_days for dated in question.line.settings)
    day = question.schedule.containing(first).first - (gaps + 1) * DAY
    return [
        entry if entry.series is None else replace(entry, series=_since(entry.series, day))
        for entry in question.inputs
    ]


def _since(series: Series, day: date) -> Series:
    covered = tuple((max(first, day), last) for first, last in series.covered if last >= day)
    spans = {
        name: tuple(span for span in found if span[1] >= day)
        for name, found in series.spans.items()
    }
    return Series(covered, spans)


def _nights(question: Question, found: Sequence[Closing]) -> list[date]:
    """Those after a new count, a period's start, or an invoice; on others nothing moves."""
    first, last = question.first + DAY, question.as_of
    nights = {last, *(one.day + DAY for one in found)}
    nights.update(max(tally.first, question.first) + DAY for tally, _ in counted(question))
    for period in question.schedule.within(question.first, last):
        nights.update((period.first, period.first + DAY))
    return sorted(night for night in nights if first <= night <= last)
