"""What a line lost for good: days that no plan looks at any more, which are invoiced otherwise.

It is found by the first plan that looks at less than the newest run before it did, as long as the
readings are at hand; the plans after that one are told. Of a line that waits still, or is new, any
plan finds it: an edit may have dated it back.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from reconciler.engine.bound import BoundContract
from reconciler.engine.desired import walked
from reconciler.engine.diff import UnitsUnknown
from reconciler.engine.frame import Frame
from reconciler.engine.invoiced import closed_on
from reconciler.engine.lapsed_days import lapsed_days
from reconciler.engine.lines import LineWork, question_of
from reconciler.engine.looked_at import counts_from, first_writable, opens_on
from reconciler.engine.periods import DAY, Schedule
from reconciler.engine.question import Question, settings_on, window
from reconciler.engine.steady import steady
from reconciler.model.ledgered import Lapsed


@dataclass(frozen=True, slots=True)
class Looked:
    """From which day on plans look at a contract."""

    as_of: date
    opens: date
    """Those of today."""
    before: date | None
    """Those of the newest run of a day before; None where no run looked."""

    @property
    def at_less(self) -> bool:
        """Does today's look at less?"""
        return self.before is not None and self.before < self.opens


def looked(contract: BoundContract, as_of: date) -> Looked:
    """With the invoices that there were then."""
    opens, place = opens_on(contract, as_of), bisect_left(contract.looks, as_of)
    if not place:
        return Looked(as_of, opens, None)
    day = contract.looks[place - 1]
    then = replace(contract, closed_through=closed_on(contract.closings, day))
    return Looked(as_of, opens, opens_on(then, day))


def lapsed_of(work: LineWork, looks: Looked, told: Sequence[Lapsed], frame: Frame) -> Lapsed | None:
    """``told``: what earlier runs found of the line."""
    if not (told or work.steps or looks.at_less):
        return None
    bound = work.bound
    if bound.contract.desired.mode == "observe" or bound.takes_back:
        return None
    before = looks.opens
    if not work.known.exists:
        before = first_writable(bound, work.known, before, looks.as_of)
    counted = counts_from(bound)
    for one in told:
        if (one.before, one.counts_from) == (before, counted):
            return one
    since = _since(work, looks, before)
    if since is None:
        return None
    earlier = [one.before for one in told if one.before < before]
    return _found(work, max([since, *earlier]), before, frame)


def _since(work: LineWork, looks: Looked, before: date) -> date | None:
    """The first day on which something can be lost; None where nothing can be."""
    bound = work.bound
    if not work.known.exists:
        # Of a line that the configuration has since today nothing earlier was wanted.
        is_older = bound.since is not None or bound.line.start is not None
        return bound.contract.schedule.start if work.steps and is_older else None
    if looks.at_less:
        return looks.before
    first = work.steps[0] if work.steps else None
    if first is None or isinstance(first, UnitsUnknown) or not first.day == work.first == before:
        return None
    return _period_before(bound.contract.schedule, before)


def _period_before(schedule: Schedule, day: date) -> date | None:
    last = day - DAY
    return schedule.containing(last).first if schedule.holds(last) else None


def _found(work: LineWork, since: date, before: date, frame: Frame) -> Lapsed | None:
    bound, counted = work.bound, counts_from(work.bound)
    since = max(since, counted)
    if since >= before:
        return None
    asked = question_of(bound, work.known, work.inputs, since, before, work.stands)
    first = max(since, asked.first) if work.known.exists else since
    asked = replace(asked, first=first, edited=False)
    if first >= before or steady(asked) is not None:
        return None
    lacks = _lacks_readings(asked)
    # Without some of its readings, an average or a sum is another.
    if lacks and settings_on(bound.line, before - DAY).over not in ("last", "peak"):
        return None
    days = tuple(lapsed_days(replace(work, first=first, desired=walked(asked)), asked, frame))
    return Lapsed(bound.key, before, counted, days, at_least=lacks) if days else None


def _lacks_readings(asked: Question) -> bool:
    """Do some begin later than what is counted?"""
    start = window(asked.line, asked.schedule, asked.counts_from, asked.first)
    there = (one.series for one in asked.inputs if one.counts_on(asked.first))
    return any(series is not None and series.covered[0][0] > start for series in there)
