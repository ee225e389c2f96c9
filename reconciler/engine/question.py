"""What one line's desired timeline depends on, and the settings in force on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from reconciler.engine.count import Input
from reconciler.engine.periods import Schedule
from reconciler.model.desired import DesiredLine
from reconciler.model.settings import FixedUnits, LineSettings
from reconciler.model.timeline import Timeline


@dataclass(frozen=True, slots=True)
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
    edited: bool = False
    """Did the line's rules change today? Then today is counted with the newest readings."""
    counts_from: date = date.min
    """What was used before that day is not billed, so it is in no count over a period."""


def window(schedule: Schedule, counts_from: date, day: date) -> date:
    """The first day that a count over the period so far takes in on ``day``."""
    return max(schedule.containing(day).first, counts_from)


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


def fixed_on(settings: LineSettings, day: date) -> FixedUnits | None:
    """Units agreed by hand that hold on that day."""
    fixed = settings.fixed
    if fixed is None or (fixed.until is not None and day > fixed.until):
        return None
    return fixed
