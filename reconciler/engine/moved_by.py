"""Does a line move because of its settings, or would its usage have moved it without them?

What BMS has was decided by the settings of its day. Where they changed since, the line is counted
again as if they had not: if it would have stayed where it is, the settings are what moves it. An
edit may wait for days until it is written, and counts for the next period only under some policies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from reconciler.engine.day_runs import Input
from reconciler.engine.desired import Desired, desired
from reconciler.engine.diff import UnitsUnknown
from reconciler.engine.lines import LineWork, as_before_us
from reconciler.engine.looked_at import counts_from
from reconciler.engine.periods import DAY
from reconciler.engine.question import Question
from reconciler.model.desired import DesiredLine
from reconciler.model.timeline import Units


def moved_by_settings(work: LineWork, day: date, before: int, as_of: date) -> bool:
    """Of the step that takes the line from ``before`` on that day."""
    if day == work.bound.since and work.known.exists:
        return True
    decided = _decided(work, day)
    changed = [one for one in _changed(work) if one == day or decided < one <= max(day, as_of)]
    if not changed:
        return False
    return _units(_without(work, min(changed), as_of), day, as_of) == before


def _decided(work: LineWork, day: date) -> date:
    """The newest day of what BMS has, and of the steps that come before this one."""
    steps = (s.day for s in work.steps if not isinstance(s, UnitsUnknown) and s.day < day)
    return max((*(fact.day for fact in work.known.facts), *steps), default=date.min)


def _changed(work: LineWork) -> Iterator[date]:
    """Days on which the line's settings, or what counts for it, began to be others."""
    yield from (dated.day for dated in work.bound.line.settings if dated.day > date.min)
    for entry in work.inputs:
        if entry.since is not None:
            yield entry.since
        if entry.until is not None:
            yield entry.until + DAY


def _without(work: LineWork, cut: date, as_of: date) -> Desired:
    """What would be wanted if nothing had changed from the day ``cut`` on."""
    contract = work.bound.contract
    return desired(
        Question(
            line=_line(work.bound.line, cut),
            inputs=_inputs(work.inputs, cut),
            schedule=contract.schedule,
            first=work.first,
            as_of=as_of,
            known=as_before_us(work.known, work.stands, work.first),
            exists=work.known.exists,
            closed=contract.closed_through,
            closings=contract.closings,
            counts_from=counts_from(work.bound),
            begun=work.begun,
        )
    )


def _line(line: DesiredLine, cut: date) -> DesiredLine:
    first, *later = line.settings
    return replace(line, settings=(first, *(dated for dated in later if dated.day < cut)))


def _inputs(inputs: Iterable[Input], cut: date) -> Sequence[Input]:
    return [
        replace(one, until=None) if one.until is not None and one.until >= cut - DAY else one
        for one in inputs
        if one.since is None or one.since < cut
    ]


def _units(wanted: Desired, day: date, as_of: date) -> Units:
    """What it has on that day, which may be one that is only scheduled."""
    units = wanted.timeline.at(min(day, as_of))
    for later in wanted.scheduled:
        if later.day <= day:
            units = later.units
    return units
