"""The days without a reading that a line's count takes in with the reading before them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from reconciler.engine.day_runs import Input
from reconciler.engine.lines import LineWork
from reconciler.engine.periods import DAY
from reconciler.engine.question import fixed_on, settings_on
from reconciler.engine.summed import total


def filled_days(work: LineWork, as_of: date) -> list[date]:
    """In order, from the first writable day on; none that is excluded, fixed, or after the end."""
    line, last = work.bound.line, as_of - DAY
    if not _may_have_gaps(work, last):
        return []
    ends = (last, work.bound.contract.schedule.end, line.last_day)
    last = min(day for day in ends if day is not None)
    if work.first > last:
        return []
    starts = sorted(dated.day for dated in line.settings if work.first < dated.day <= last)
    begins, stops = (work.first, *starts), (*(day - DAY for day in starts), last)
    return [
        day
        for begin, stop in zip(begins, stops, strict=True)
        for day in _filled(work, begin, stop)
        if fixed_on(settings_on(line, day), day) is None
    ]


def _may_have_gaps(work: LineWork, last: date) -> bool:
    """False for the usual line, which has every reading or whose policy fills none."""
    if not any(dated.settings.gap_days for dated in work.bound.line.settings):
        return False
    return any(_has_gap(entry, work.first, last) for entry in work.inputs)


def _has_gap(entry: Input, first: date, last: date) -> bool:
    if entry.series is None:
        return False
    return all(first < start or end < last for start, end in entry.series.covered)


def _filled(work: LineWork, first: date, last: date) -> Iterator[date]:
    """Of days on which the same settings hold. Where one reading is missing for good, the count is
    unknown, and nothing else is filled into it."""
    gap_days = settings_on(work.bound.line, first).gap_days
    if not gap_days:
        return
    for run in total(work.inputs, gap_days, first, last):
        if not run.sure and run.quantity is not None:
            yield from (run.first + n * DAY for n in range((run.last - run.first).days + 1))
