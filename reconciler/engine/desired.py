"""The units a line should have, day by day. All policy is here.

Only closed usage days count. A day whose count is unknown, or not sure enough to lower, keeps what
BMS has; so a missing reading never lowers a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from reconciler.engine.count import Input, Tally, tallies
from reconciler.engine.periods import DAY, Period, Schedule
from reconciler.model.desired import DesiredLine
from reconciler.model.settings import Decrease, Increase, LineSettings
from reconciler.model.timeline import UNKNOWN, Timeline, Units


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Units from a day that has not come."""

    day: date
    units: int
    why: str


@dataclass(frozen=True, slots=True)
class Desired:
    """The timeline from the first writable day, what is scheduled, and what the last day said."""

    timeline: Timeline
    scheduled: tuple[Scheduled, ...] = ()
    newest: Tally | None = None
    """The count on the last closed usage day."""


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


def settings_on(line: DesiredLine, day: date) -> LineSettings:
    """The settings in force on that day."""
    for dated in reversed(line.settings):
        if dated.day <= day:
            return dated.settings
    return line.settings[0].settings


def desired(question: Question) -> Desired:
    """Walk the closed usage days in order and let the policies speak."""
    walk = _Walk(question)
    newest: Tally | None = None
    for tally, settings in counted(question):
        newest = tally
        if tally.last >= question.first:
            walk.take(tally, settings)
    return walk.finish(newest)


def counted(question: Question) -> Iterator[tuple[Tally, LineSettings]]:
    """Counts from the start of the first writable day's period to the last closed day.

    Cut where settings change and, for `walk`, where periods start.
    """
    last = question.as_of - DAY
    if question.schedule.end is not None:
        last = min(last, question.schedule.end)
    if question.first > last:
        return
    start = question.schedule.containing(question.first).first
    edges = [*sorted(_cuts(question.line, start, last)), last + DAY]
    begin = start
    for edge in edges:
        settings = settings_on(question.line, begin)
        period_start = question.schedule.containing(begin).first
        for tally in _counts(question, settings, period_start, edge - DAY):
            if tally.last >= begin:
                yield _from(tally, begin), settings
        begin = edge


def _cuts(line: DesiredLine, start: date, last: date) -> set[date]:
    """Days inside the range on which settings change, or fixed units end."""
    days = {dated.day for dated in line.settings}
    for dated in line.settings:
        if dated.settings.fixed is not None and dated.settings.fixed.until is not None:
            days.add(dated.settings.fixed.until + DAY)
    return {day for day in days if start < day <= last}


def _counts(question: Question, settings: LineSettings, first: date, last: date) -> Iterator[Tally]:
    fixed = settings.fixed
    if fixed is not None and (fixed.until is None or last <= fixed.until):
        return iter((Tally(first, last, fixed.units, sure=True),))
    return tallies(question.inputs, settings, question.schedule, first, last)


def _from(tally: Tally, first: date) -> Tally:
    if tally.first >= first:
        return tally
    return Tally(first, tally.last, tally.units, tally.sure)


@dataclass(slots=True)
class _Walk:
    question: Question
    steps: Timeline = field(default_factory=Timeline)
    level: Units = UNKNOWN
    pending: int | None = None
    moved_on: date | None = None
    """The period start on which a pending change was last applied."""
    period: Period | None = None

    def __post_init__(self) -> None:
        known, first = self.question.known, self.question.first
        if not self.question.exists:
            self.level = 0
        else:
            before = known.at(first - DAY)
            self.level = known.at(first) if before is UNKNOWN else before
        self.steps = Timeline.of([(first, self.level)])

    def take(self, tally: Tally, settings: LineSettings) -> None:
        """One run of days with one count, split where periods start."""
        day = max(tally.first, self.question.first)
        while day <= tally.last:
            period = self._enter(day)
            last = min(tally.last, period.last)
            if settings.adjust == "daily" or settings.fixed is not None:
                self._decide(Tally(day, last, tally.units, tally.sure), settings)
            elif last == period.last:
                start = max(period.first, self.question.first)
                self._decide(Tally(start, last, tally.units, tally.sure), settings)
            day = last + DAY

    def finish(self, newest: Tally | None) -> Desired:
        """Apply what starts today, and say what starts later."""
        question = self.question
        scheduled: list[Scheduled] = []
        if self.pending is not None and self.period is not None:
            if self.period.end <= question.as_of:
                self._set(self.period.end, self.pending)
            elif self._in_contract(self.period.end):
                scheduled.append(Scheduled(self.period.end, self.pending, "next period"))
        ends = question.line.last_day
        if ends is not None:
            scheduled = [entry for entry in scheduled if entry.day <= ends]
            if ends < question.as_of:
                self.steps = self.steps.setting(max(ends + DAY, question.first), 0)
            elif self.level != 0:
                scheduled.append(Scheduled(ends + DAY, 0, "last day"))
        return Desired(self.steps, tuple(scheduled), newest)

    def _in_contract(self, day: date) -> bool:
        end = self.question.schedule.end
        return end is None or day <= end

    def _enter(self, day: date) -> Period:
        if self.period is None or day >= self.period.end:
            self.period = self.question.schedule.containing(day)
            if self.pending is not None:
                self._set(day, self.pending)
                self.pending, self.moved_on = None, day
        return self.period

    def _decide(self, tally: Tally, settings: LineSettings) -> None:
        """Move to the count of these days, or keep what BMS has where it cannot be trusted."""
        level, units = self.level, tally.units
        if level is UNKNOWN:
            return
        if units is UNKNOWN or (units < level and not tally.sure):
            self._keep(tally.first, tally.last)
        elif units == level:
            self.pending = None
        else:
            day = tally.first if settings.adjust == "daily" else tally.last
            self._change(units, day, settings.increase if units > level else settings.decrease)

    def _keep(self, first: date, last: date) -> None:
        """Follow BMS's own steps, so that a reading gone missing takes no earlier write back."""
        known = self.question.known
        for day in known.days():
            units = known.at(day)
            if first <= day <= last and day != self.moved_on and units is not UNKNOWN:
                self._set(day, units)

    def _change(self, units: int, day: date, when: Increase | Decrease) -> None:
        assert self.period is not None
        self.pending = None
        match when:
            case "change-date":
                self._set(day, units)
            case "period-start":
                self._set(max(self.period.first, self.question.first), units)
            case "next-period":
                self.pending = units
            case "never":
                pass

    def _set(self, day: date, units: int) -> None:
        self.level = units
        self.steps = self.steps.setting(day, units)
