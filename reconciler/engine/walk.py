"""From counts to units, day by day. All policy is here.

Only closed usage days count. A day whose count is unknown, or not sure enough to lower, keeps what
BMS has; so a missing reading never lowers a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from reconciler.engine.count import Tally, tallies
from reconciler.engine.dated_back import dated_back, kept_back, raised_days
from reconciler.engine.in_bms import (
    begun_at,
    came_as_pending,
    ends_from,
    is_credit_held,
    is_past,
    until_bms_moves,
)
from reconciler.engine.periods import DAY, Period
from reconciler.engine.question import Question, fixed_on, is_by_day, part_of, settings_on
from reconciler.engine.untold import Kept, kept_by
from reconciler.model.settings import LineSettings
from reconciler.model.timeline import UNKNOWN, Timeline, Units


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Units from a day that has not come."""

    day: date
    units: int
    why: str


@dataclass(slots=True)
class Walk:
    """One walk over a line's days; `take` each run in order, then `finish`."""

    question: Question
    steps: Timeline = field(default_factory=Timeline)
    level: Units = UNKNOWN
    pending: int | None = None
    moved_on: date | None = None
    """The period start on which the level was last moved."""
    period: Period | None = None
    part: Period | None = None
    """The part of the period that has one policy, mostly the whole."""
    newest: tuple[Tally, LineSettings] | None = None
    is_sure: bool = True
    """Did the newest decision come from a count without missing days?"""
    kept: Kept | None = None
    entered: dict[date, Units] = field(default_factory=dict)
    """What each period was entered with, before its own counts."""
    decided: date = date.min
    """The last day whose own count, or units agreed by hand, decided the line."""

    def __post_init__(self) -> None:
        question = self.question
        if not question.exists:
            self.level = 0
        else:
            before = question.known.at(question.first - DAY)
            now = question.known.at(question.first)
            self.level = now if before is UNKNOWN else before
            self.pending = begun_at(question, question.first)
        self.steps = Timeline.of([(question.first, self.level)])

    def take(self, tally: Tally, settings: LineSettings) -> None:
        """One run of days with one count, split where periods or their parts start."""
        self.newest = (tally, settings)
        day = max(tally.first, self.question.first)
        while day <= tally.last:
            part = self._enter(day, settings)
            last = min(tally.last, part.last)
            follows = not tally.sure or is_past(self.question, day, settings)
            if is_by_day(settings, day):
                last = until_bms_moves(self.question, day, last) if follows else last
                self._decide(replace(tally, first=day, last=last), settings, follows=follows)
                self.decided = last
            elif last == self._last_of(part):
                start = max(part.first, self.question.first, self.decided + DAY)
                self._decide(replace(tally, first=start, last=last), settings, follows=follows)
            elif is_past(self.question, day, settings):
                self._follow(day, last)
            day = last + DAY

    def finish(self) -> tuple[Timeline, tuple[Scheduled, ...]]:
        """The timeline, with what starts today; and what starts later."""
        question = self.question
        self._follow(self._decided_until(), question.as_of)
        self._keep_pending(question.as_of)
        scheduled = list(self._begin_pending())
        self._start_today()
        ends, over = question.line.last_day, question.schedule.end
        # What ends with its contract needs no step of its own.
        if ends is not None and (over is None or ends < over):
            scheduled.extend(self._end(ends, scheduled))
        return self.steps, tuple(scheduled)

    def _begin_pending(self) -> Iterator[Scheduled]:
        """What waits begins with the next period that is open, unless the line ends first."""
        if not self._waits() or self.period is None or self.newest is None:
            return
        day, ends = self._next_open(self.period.end, self.newest[1]), self.question.line.last_day
        units = self.pending
        if day is None or units is None or (ends is not None and day > ends):
            return
        if day > self.question.as_of:
            yield Scheduled(day, units, "next period")
        else:
            self._set(day, units)
            self.moved_on = day

    def _waits(self) -> bool:
        return self.pending is not None

    def _end(self, last_day: date, scheduled: Sequence[Scheduled]) -> Iterator[Scheduled]:
        """No units after the last day; what is invoiced after it stays as BMS has it."""
        as_of, day = self.question.as_of, ends_from(self.question, last_day)
        if last_day < as_of:
            self._follow(last_day + DAY, min(day - DAY, as_of))
        if day <= as_of:
            self.steps = self.steps.setting(day, 0)
        elif self.level != 0 or scheduled:
            yield Scheduled(day, 0, "last day")

    def _decided_until(self) -> date:
        """The first day that no reading has decided; from there BMS keeps what it has."""
        question = self.question
        if self.newest is None or self.part is None:
            return question.first
        tally, settings = self.newest
        if is_by_day(settings, tally.last) or tally.last == self._last_of(self.part):
            keeps = not tally.sure or is_past(self.question, question.as_of, settings)
            return tally.last + DAY if keeps else question.as_of + DAY
        return max(self.part.first, question.first, self.decided + DAY)

    def _keep_pending(self, day: date) -> None:
        """What BMS began the period with stands, where the days that decided it went missing."""
        if not self.is_sure and came_as_pending(self.question, day):
            self.pending = None
            self._begin_as_bms(day)

    def _next_open(self, day: date, settings: LineSettings) -> date | None:
        """The first period start from that one on that may be written; None after the contract."""
        end = self.question.schedule.end
        while end is None or day <= end:
            if not is_past(self.question, day, settings):
                return day
            self._follow(day, day)
            day = self.question.schedule.containing(day).end
        return None

    def _lowers(self) -> bool:
        """Does what is pending lower the line?"""
        return self.pending is not None and self.level is not UNKNOWN and self.pending < self.level

    def _last_of(self, part: Period) -> date:
        ends = self.question.line.last_day
        return part.last if ends is None else min(part.last, ends)

    def _enter(self, day: date, settings: LineSettings) -> Period:
        if self.period is None or day >= self.period.end:
            self.period = self.question.schedule.containing(day)
            past = is_past(self.question, day, settings)
            if past:
                # What begins under an invoice begins as BMS has it there.
                self._follow(day, day)
            self._keep_pending(day)
            if self.pending is not None and not past:
                self._set(day, self.pending)
                self.pending, self.moved_on = None, day
            if day == self.period.first and not past:
                self._carry(day, settings)
                if self.is_sure and day in self.question.ours:
                    self.moved_on = day
            self.entered[day] = self.level
        if self.part is None or day >= self.part.end:
            self.part = part_of(self.question.line, self.question.schedule, day)
        return self.part

    def _start_today(self) -> None:
        """A period that starts today has its newest reading before its own first day is closed."""
        day, ends = self.question.as_of, self.question.line.last_day
        if self.period is not None and day < self.period.end:
            return
        schedule = self.question.schedule
        if any(end is not None and day > end for end in (schedule.end, ends)):
            return
        settings = settings_on(self.question.line, day)
        if day != schedule.containing(day).first:
            return
        if not is_past(self.question, day, settings):
            self._carry(day, settings)
        self.entered[day] = self.level

    def _carry(self, day: date, settings: LineSettings) -> None:
        """Start the period at the newest reading instead of what the last true-up left."""
        level = self.level
        if settings.adjust != "month-end" or settings.carry != "last" or level is UNKNOWN:
            return
        before = day - DAY
        if fixed_on(settings, day) is not None or before < self.question.schedule.start:
            return
        last = replace(settings, over="last")
        for tally in tallies(self.question.inputs, last, self.question.schedule, before, before):
            units = tally.units
            lowers = units is not UNKNOWN and units < level
            if (kept := kept_by(self.question, tally, last, level)) is not None:
                self.kept = kept
            elif settings.decrease == "next-period" and not (lowers and not tally.sure):
                # What the last true-up could not lower would have begun here.
                self.kept = None
            if units is UNKNOWN or (lowers and not tally.sure):
                self._begin_as_bms(day)
            elif not lowers or settings.decrease != "never":
                self._set(day, units)
                self.moved_on = day

    def _begin_as_bms(self, day: date) -> None:
        """Start the period at what BMS began it with, which a true-up may have raised since."""
        if day not in self.question.begun:
            self._follow(day, day)
        elif (units := self.question.begun[day]) is not UNKNOWN:
            self._set(day, units)

    def _decide(self, tally: Tally, settings: LineSettings, *, follows: bool) -> None:
        """Move to the count of these days, or keep what BMS has where it cannot be trusted."""
        self.is_sure = tally.sure
        if follows:
            self._follow(tally.first, tally.last, settings)
            if is_by_day(settings, tally.last):
                self._keep_dated_back(tally, settings)
        level, units = self.level, tally.units
        self.kept = None if tally.sure else kept_by(self.question, tally, settings, level)
        if not tally.sure and settings.over != "last" and self._lowers():
            # It came from a part of the period, and what all of it comes to is not known.
            self.pending = None
        if level is UNKNOWN or units is UNKNOWN:
            return
        if units <= level:
            self._raise_days(tally, settings)
        if units < level and not tally.sure:
            return
        if units == level:
            self.pending = None
            return
        self._change(tally, units, settings)

    def _raise_days(self, tally: Tally, settings: LineSettings) -> None:
        """What raises from the period's start does so on days whose own settings come to more."""
        if is_by_day(settings, tally.last) or settings.increase != "period-start":
            return
        start = self._start_of_part()
        if not is_past(self.question, start, settings):
            self._go_on(raised_days(self.steps, start, tally, self.question.line))

    def _follow(self, first: date, last: date, counted: LineSettings | None = None) -> None:
        """Take BMS's own steps, so that a reading gone missing takes no earlier write back.

        ``counted``: a count of just these days may be in BMS, by these settings.
        """
        if self.level is UNKNOWN:
            return
        for day, units in self.question.known.steps:
            if not first <= day <= last or units is UNKNOWN:
                continue
            if day != self.moved_on or self._may_be_counted(units, counted):
                self._forget_pending_at(units)
                self._set(day, units)

    def _may_be_counted(self, units: int, settings: LineSettings | None) -> bool:
        """Can a count have set BMS to these units on the period's first day, where we moved?"""
        if settings is None or self.level is UNKNOWN:
            return False
        when = settings.when(rises=units > self.level)
        return when == "period-start" or (when == "change-date" and settings.adjust == "daily")

    def _keep_dated_back(self, tally: Tally, settings: LineSettings) -> None:
        """Keep what BMS has from the period's start, since this day's count may have set it."""
        known, level, counted = self.question.known, self.level, tally.units
        there = known.at(tally.last)
        if level is UNKNOWN or there is UNKNOWN or there == level:
            return
        if there < level and counted is not UNKNOWN and counted >= level:
            return
        if settings.when(rises=there > level) == "period-start":
            steps = kept_back(self.steps, known, self._start_of_part(), tally.last)
            self._forget_pending_at(steps.steps[-1][1])
            self._go_on(steps)

    def _forget_pending_at(self, units: Units) -> None:
        """What moved BMS on a day that nobody can count came after what waited, or is it."""
        if units == self.pending or (units != self.level and not self.is_sure):
            self.pending = None

    def _start_of_part(self) -> date:
        assert self.part is not None
        return max(self.part.first, self.question.first)

    def _change(self, tally: Tally, units: int, settings: LineSettings) -> None:
        """Move to the units of these days, from the day that the policy says."""
        self.pending = None
        fixed = fixed_on(settings, tally.last) is not None
        lowers = self.level is not UNKNOWN and units < self.level
        when = settings.when(rises=not lowers)
        if lowers and when == "period-start" and self._is_held(tally.last):
            # Each night before left the days what they had.
            when = "change-date"
        day = tally.first if fixed or settings.adjust == "daily" else tally.last
        if when == "period-start" and not fixed:
            day = self._start_of_part()
        past = is_past(self.question, day, settings)
        if when == "next-period" or (when != "never" and past):
            self.pending = units
        elif when == "period-start" and not fixed:
            self._go_on(dated_back(self.steps, day, tally, self.question.line, self._is_held))
        elif when != "never":
            self._set(day, units)

    def _is_held(self, day: date) -> bool:
        return is_credit_held(self.question, day)

    def _set(self, day: date, units: int) -> None:
        self.level = units
        self.steps = self.steps.setting(day, units)

    def _go_on(self, steps: Timeline) -> None:
        self.steps, self.level = steps, steps.steps[-1][1]
