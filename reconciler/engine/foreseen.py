"""What an edit comes to when the running period is over, where it moves no units today.

A line that is set at its period's end does not move on the day of the edit, nor does one whose
newest readings are missing that day. Both configurations
are forecast to the end of the period that holds today, with the newest readings: only for lines
whose rules differ, or of which somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from reconciler.engine.differing import NOTHING
from reconciler.engine.frame import Frame
from reconciler.engine.lines import LineWork
from reconciler.engine.priced_by_day import price_of
from reconciler.engine.proration import monthly, rounded
from reconciler.engine.question import is_by_day
from reconciler.engine.trueup import forecast_on
from reconciler.model.plan import LineRef
from reconciler.model.settings import DatedSettings
from reconciler.model.timeline import UNKNOWN, Timeline

Named: TypeAlias = "tuple[str, str, str]"
"""A line as an approval names it: account, contract, service."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Lines to be forecast though they move today, and though no rule of theirs differs."""

    moved: Set[Named]
    same: Set[Named]


@dataclass(frozen=True, slots=True)
class Forecast:
    """One line on ``end``, the first day after its running period, under both configurations.

    None where a configuration does not name it.
    """

    name: Named
    end: date
    ours: LineWork | None
    theirs: LineWork | None
    still: bool
    """Does the new configuration move no units of it today?"""
    decided: date | None = None
    """Up to that day each day's own reading decides."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What one line is forecast to have without the new configuration, and with it."""

    line: LineRef
    day: date
    """The first one with other units."""
    end: date | None
    """When that is set; None: as soon as the readings that are missing today are there."""
    before: int
    after: int
    monthly: Decimal


def named(line: LineRef) -> Named:
    """The line as an approval names it."""
    return line.account, line.contract, line.service


def forecasts(
    new: Iterable[LineWork],
    old: Iterable[LineWork],
    frames: tuple[Frame, Frame],
    asked: Asked,
) -> Iterator[Forecast]:
    """``frames``: of the new configuration and of the old one, both of the same day."""
    left = {work.bound.key: work for work in old}
    for work in new:
        before = left.pop(work.bound.key, None)
        still, name = _is_still(work, before), named(work.bound.ref)
        differs = before is None or rules(work) != rules(before)
        if name in asked.same or (differs and (still or name in asked.moved)):
            yield from _forecast(work, before, frames, still=still)
    for work in left.values():
        if named(work.bound.ref) in asked.moved | asked.same:
            yield from _forecast(None, work, frames, still=False)


def foreseen(found: Iterable[Forecast], currency: str) -> tuple[Foreseen, ...]:
    """Lines that do not move today, and come out otherwise when their period is over; biggest
    money first."""
    lines = [one for forecast in found for one in _differing(forecast, currency)]
    return tuple(sorted(lines, key=lambda one: (-abs(one.monthly), one.line.key)))


def _is_still(work: LineWork, before: LineWork | None) -> bool:
    if before is None:
        return not work.steps and not work.desired.scheduled
    ours, theirs = work.desired, before.desired
    return (ours.timeline, ours.scheduled) == (theirs.timeline, theirs.scheduled)


def rules(work: LineWork) -> tuple[Sequence[DatedSettings], *tuple[object, ...]]:
    """What its units come from, beside readings and what BMS has: its settings first."""
    line, contract = work.bound.line, work.bound.contract
    inputs = [(i.key, i.of, i.subtract, i.since, i.until, i.but) for i in work.inputs]
    dates = (line.start, line.last_day, work.first, work.bound.since, contract.billing_starts)
    return line.settings, inputs, dates, contract.schedule


def _forecast(
    ours: LineWork | None, theirs: LineWork | None, frames: tuple[Frame, Frame], *, still: bool
) -> Iterator[Forecast]:
    new, old = frames
    for work in (ours, theirs):
        if work is not None and (end := running_end(work, new.as_of)) is not None:
            decided = new.as_of if is_by_day(work.settings, new.as_of) else None
            after = None if ours is None else forecast_on(end, ours, new)
            before = None if theirs is None else forecast_on(end, theirs, old)
            yield Forecast(named(work.bound.ref), end, after, before, still, decided)
            return


def running_end(work: LineWork, as_of: date) -> date | None:
    """The first day after the period that holds today; None for a contract that is over."""
    schedule = work.bound.contract.schedule
    if work.bound.contract.is_over or (schedule.end is not None and as_of > schedule.end):
        return None
    return schedule.containing(max(as_of, schedule.start)).end


def _differing(forecast: Forecast, currency: str) -> Iterator[Foreseen]:
    work = forecast.ours
    if work is None or not forecast.still or work.bound.contract.desired.mode == "observe":
        return
    with_it, without = work.desired.timeline, _without(forecast, work)
    days = sorted(day for day in {*with_it.days(), *without.days()} if day <= forecast.end)
    other = [day for day in days if _both(with_it, without, day)]
    if not other:
        return
    last = forecast.end if _both(with_it, without, forecast.end) else other[-1]
    before, after = without.at(last) or 0, with_it.at(last) or 0
    cycle = work.bound.contract.schedule.cycle
    money = rounded(monthly(after - before, price_of(work)[1], cycle), currency)
    waits = forecast.decided is not None and other[0] <= forecast.decided
    end = None if waits else forecast.end
    yield Foreseen(work.bound.ref, other[0], end, before, after, money)


def _both(one: Timeline, other: Timeline, day: date) -> bool:
    """Are both known that day, and not the same?"""
    a, b = one.at(day), other.at(day)
    return a is not UNKNOWN and b is not UNKNOWN and a != b


def _without(forecast: Forecast, work: LineWork) -> Timeline:
    if forecast.theirs is not None:
        return forecast.theirs.desired.timeline
    return work.stands if work.known.exists else NOTHING
