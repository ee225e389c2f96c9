"""What one line's desired timeline depends on, and the settings in force on a day.

A dated change of `adjust`, `over`, `increase` or `decrease` in the middle of a period divides it:
each part is billed by its own policy. A count over the period takes in the days of its part alone;
a true-up at the month's end comes at the end of its part, from the last reading of it; and what
counts from the period's start counts from the start of its part. What is for the next period waits
for a period, not for a part, and so does `carry`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from reconciler.engine.day_runs import Input
from reconciler.engine.invoiced import Closing
from reconciler.engine.periods import DAY, Period, Schedule
from reconciler.model.desired import DesiredLine
from reconciler.model.settings import DatedSettings, FixedUnits, LineSettings
from reconciler.model.timeline import Timeline, Units


@dataclass(slots=True)  # not frozen: it would take three times as long
class Question:
    """Everything one line's desired timeline depends on."""

    line: DesiredLine
    inputs: Sequence[Input]
    schedule: Schedule
    first: date
    """The first writable day."""
    as_of: date
    """Today: the usage day before it is the last closed one."""
    known: Timeline
    """Empty for a line that BMS does not have."""
    exists: bool
    closed: date | None = None
    """The last day that an invoice covers."""
    closings: Sequence[Closing] = ()
    """When the contract's invoices were made."""
    edited: bool = False
    """Did the line's rules change today? Then today is counted with the newest readings."""
    counts_from: date = date.min
    """What was used before that day is not billed, so it is in no count over a period."""
    begun: Mapping[date, Units] = field(default_factory=dict)
    """What periods began with whose first day their own counts have moved since, or that could not
    be written; the others as known."""
    ours: Set[date] = frozenset()
    """Those whose first day has in BMS what a write of ours entered them with, and no more."""


def part_of(line: DesiredLine, schedule: Schedule, day: date) -> Period:
    """The period that holds ``day``, or the part of it in which the policy is that day's."""
    period = schedule.containing(day)
    if len(line.settings) == 1:
        return period
    for before, dated in pairwise(line.settings):
        if not period.first < dated.day < period.end or _policy(before) == _policy(dated):
            continue
        if dated.day > day:
            return replace(period, end=dated.day)
        period = replace(period, first=dated.day)
    return period


def _policy(dated: DatedSettings) -> tuple[str, ...]:
    settings = dated.settings
    return settings.adjust, settings.over, settings.increase, settings.decrease


def window(line: DesiredLine, schedule: Schedule, counts_from: date, day: date) -> date:
    """The first day that a count over the period so far takes in on ``day``."""
    return max(part_of(line, schedule, day).first, counts_from)


def settings_on(line: DesiredLine, day: date) -> LineSettings:
    """The settings in force on that day, without a commitment that ended before it."""
    found = line.settings[0].settings
    for dated in reversed(line.settings):
        if dated.day <= day:
            found = dated.settings
            break
    commitment = found.commitment
    if commitment is not None and commitment.until < day:
        return replace(found, commitment=None)
    return found


def days_of_settings(line: DesiredLine) -> Iterator[date]:
    """The days on which settings change, or what is agreed by hand has ended."""
    for dated in line.settings:
        yield dated.day
        fixed, commitment = dated.settings.fixed, dated.settings.commitment
        if fixed is not None and fixed.until is not None:
            yield fixed.until + DAY
        if commitment is not None:
            yield commitment.until + DAY


def leaves_invoiced(settings: LineSettings) -> bool:
    """Does the policy leave alone what is invoiced, or what would lower it there?"""
    return settings.late == "next-period" or settings.credits == "hold"


def price_since(line: DesiredLine, as_of: date) -> date | None:
    """The day that gave the line its price of ``as_of``; None: it always had it."""
    days = sorted(one.day for one in line.settings if date.min < one.day <= as_of)
    for day in reversed(days):
        if settings_on(line, day - DAY).price != settings_on(line, day).price:
            return day
    return None


def fixed_on(settings: LineSettings, day: date) -> FixedUnits | None:
    """Units agreed by hand that hold on that day."""
    fixed = settings.fixed
    if fixed is None or (fixed.until is not None and day > fixed.until):
        return None
    return fixed


def is_by_day(settings: LineSettings, day: date) -> bool:
    """Does each day decide for itself, by its own count or by units agreed by hand?"""
    return settings.adjust == "daily" or fixed_on(settings, day) is not None
