"""The rules day by day, as plainly as they can be written, to hold the engine against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from reconciler.engine.periods import Schedule
from reconciler.model.settings import LineSettings
from reconciler.model.timeline import Timeline
from tests.engine.builders import ONE_DAY, days

Readings = Mapping[date, Decimal]
"""One organization's quantities; a day that is not there is unknown."""


@dataclass(frozen=True)
class Part:
    """One organization, from the day on which it is not excluded any more."""

    readings: Readings
    subtract: bool = False
    since: date = date.min


@dataclass(frozen=True)
class Count:
    """A quantity and whether no day was filled or unknown on the way to it."""

    value: Fraction | None
    sure: bool


NOTHING = Count(None, False)
"""Of a day on which nothing is there to be counted."""


def on_day(parts: Sequence[Part], gap_days: int, day: date) -> Count:
    """All organizations on one day."""
    total, sure = Fraction(0), True
    there = [part for part in parts if part.since <= day]
    if all(part.subtract for part in there):
        return NOTHING
    for part in there:
        found = next(
            (back for back in range(gap_days + 1) if day - back * ONE_DAY in part.readings), None
        )
        if found is None:
            return Count(None, False)
        sure = sure and found == 0
        value = Fraction(part.readings[day - found * ONE_DAY])
        total += -value if part.subtract else value
    return Count(total, sure)


def over_period(
    parts: Sequence[Part], settings: LineSettings, schedule: Schedule, day: date
) -> Count:
    """The quantity over the billing period up to and including that day."""
    today = on_day(parts, settings.gap_days, day)
    if settings.over == "last":
        return today
    first = schedule.containing(day).first
    window = days(first, day)
    counts = [on_day(parts, settings.gap_days, d) for d in window]
    each = [count for count in counts if count is not NOTHING]
    sure = all(count.sure for count in each) and today is not NOTHING
    known = [count.value for count in each if count.value is not None]
    if settings.over == "peak":
        return Count(max(known, default=None), sure)
    if len(known) < len(each) or not each:
        return Count(None, sure)
    return Count(sum(known, Fraction(0)) / (len(window) if settings.over == "average" else 1), sure)


def walk(
    counts: Mapping[date, tuple[int | None, bool]],
    settings: LineSettings,
    schedule: Schedule,
    first: date,
    known: Timeline,
) -> tuple[dict[date, int], int | None]:
    """(units by day, units pending after the last) for daily and month-end, settings unchanged."""
    before = known.at(first - ONE_DAY)
    level = before if before is not None else known.at(first)
    assert level is not None
    pending: int | None = None
    out: dict[date, int] = {}
    period_first = first
    moved_in: date | None = None
    was_sure = True
    for day in sorted(counts):
        starts = schedule.containing(day).first == day
        moved = starts and pending is not None
        if starts:
            period_first = day
        if starts and not was_sure and _came_as_pending(known, day, settings):
            pending = known.at(day)
        if starts and pending is not None:
            level, pending = pending, None
        elif starts and day == first and _came_as_pending(known, first, settings):
            level = known.at(first) or 0
            moved = True
        moved_in = day if moved else moved_in
        out[day] = level
        if settings.adjust == "month-end":
            if day != schedule.containing(day).last:
                continue
            span = days(period_first, day)
        else:
            span = [day]
        units, sure = counts[day]
        was_sure = sure
        if not sure:
            for past in span:
                if past not in known.days():
                    continue
                there = known.at(past) or 0
                if past != moved_in or _may_be_counted(level, there, settings):
                    pending = None if there != level or there == pending else pending
                    level = there
                    out.update((d, level) for d in span if d >= past)
            if settings.adjust == "daily" and not (
                units is not None and units >= level > (known.at(day) or 0)
            ):
                kept = _dated_back(out, known, days(period_first, day), settings)
                if kept[day] != level:
                    pending = None
                out, level = kept, kept[day]
        if not sure and settings.over != "last" and pending is not None and pending < level:
            pending = None
        if units is None or (units < level and not sure):
            continue
        if units == level:
            pending = None
            continue
        policy = settings.increase if units > level else settings.decrease
        pending = units if policy == "next-period" else None
        if policy == "change-date":
            out[day] = units
        if policy == "period-start":
            further = max if units > level else min
            out.update((d, further(out[d], units)) for d in days(period_first, day))
        if policy in ("change-date", "period-start"):
            level = units
    last = max(out)
    if settings.adjust == "month-end" and last != schedule.containing(last).last:
        for past in days(period_first, last):
            if past in known.days() and not (past == period_first and moved_in == past):
                there = known.at(past) or 0
                overtaken = there == pending or (there != level and not was_sure)
                pending, level = None if overtaken else pending, there
                out.update((d, level) for d in out if d >= past)
    return out, pending


def _may_be_counted(level: int, there: int, settings: LineSettings) -> bool:
    """Can a count have moved the period's first day there?"""
    policy = settings.increase if there > level else settings.decrease
    own = settings.adjust == "daily" and policy == "change-date"
    return own or policy == "period-start"


def _dated_back(
    out: Mapping[date, int], known: Timeline, span: Sequence[date], settings: LineSettings
) -> dict[date, int]:
    """With what BMS has since the span's first day, where its last day may have moved it there."""
    first, last = span[0], span[-1]
    there = known.at(last)
    steps = first in known.days() and known.at(first - ONE_DAY) is not None
    if there is None or there == out[last] or not steps:
        return dict(out)
    raised = there > out[last]
    at_first = known.at(first) or 0
    if at_first <= out[first] if raised else at_first >= out[first]:
        return dict(out)
    if (settings.increase if raised else settings.decrease) != "period-start":
        return dict(out)
    bms = {day: known.at(day) or 0 for day in span}
    if any(units < there if raised else units > there for units in bms.values()):
        return dict(out)
    further = max if raised else min
    return {day: further(units, bms.get(day, units)) for day, units in out.items()}


def _came_as_pending(known: Timeline, first: date, settings: LineSettings) -> bool:
    before, now = known.at(first - ONE_DAY), known.at(first)
    if before is None or now is None or before == now:
        return False
    return (settings.increase if now > before else settings.decrease) == "next-period"
