"""One line over past days under a configuration, from the readings of those days.

The replay knows where the line began and nothing of what was billed later: it must not copy it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from reconciler.engine.begun import begun_by_writes
from reconciler.engine.billed import (
    Part,
    Prices,
    frozen,
    minus,
    parts_money,
    period_money,
    price_on,
)
from reconciler.engine.bound import BoundLine
from reconciler.engine.day_runs import Input
from reconciler.engine.desired import born_on, desired
from reconciler.engine.invoiced import Closing
from reconciler.engine.known import KnownLine
from reconciler.engine.nightly import asks_for_invoices, nightly
from reconciler.engine.periods import DAY, Cycle, Period, Schedule
from reconciler.engine.question import Question, fixed_on, settings_on
from reconciler.engine.summed import total
from reconciler.model.assumptions import Assumptions
from reconciler.model.desired import DesiredLine
from reconciler.model.settings import LineSettings
from reconciler.model.timeline import UNKNOWN, Timeline


@dataclass(frozen=True, slots=True)
class Side:
    """Units over the days looked at, and what they come to."""

    units: Timeline
    parts: tuple[Part, ...]
    line: DesiredLine | None = None
    """Whose settings may name a price for all of a period; None: the parts have their prices."""
    closings: Sequence[Closing] | None = None
    """Of the contract's invoices, where a period is invoiced once it is over; else None."""

    def money(self, period: Period, cycle: Cycle, assume: Assumptions) -> Fraction:
        """Exact money of one period."""
        if self.line is None:
            return parts_money(self.parts, period, cycle, assume, invoiced=self._invoiced(period))
        # All of a period has the price of its first day, or of the line's first day in it.
        begins = next((day for day, units in self.units.steps if units), period.first)
        price = settings_on(self.line, max(begins, period.first)).price
        if price is None:
            invoiced = self._invoiced(period) or period.last
            return parts_money(self.parts, period, cycle, assume, invoiced=invoiced)
        return period_money(self.units, price, period, cycle, assume)

    def _invoiced(self, period: Period) -> date | None:
        """The day whose prices all of a period has: of its invoice, or its last while there is
        none; None: each day has its own."""
        if self.closings is None:
            return None
        days = (one.day for one in self.closings if one.last >= period.last)
        return min(days, default=period.last)


def _named(line: DesiredLine, own: Prices) -> Prices:
    """What a configuration names on each day, and the line's own price where it names none."""
    days = {date.min, *(dated.day for dated in line.settings), *(day for day, _ in own)}
    named = {day: settings_on(line, day).price for day in sorted(days)}
    return tuple((day, price_on(own, day) if it is None else it) for day, it in named.items())


@dataclass(frozen=True, slots=True)
class Start:
    """The units before the replay, the day they were in force on, and whether there was a line."""

    level: int
    day: date
    is_new: bool = False


def known_since(known: KnownLine) -> date | None:
    """The first day on which the line's units are known; None where they never are.

    A line that BMS does not have, or that we added, had none before.
    """
    if not known.exists or (known.is_known and _added_by_us(known)):
        return date.min
    return known.timeline.known_from


def start_of(known: KnownLine, first: date, schedule: Schedule, rules: LineSettings) -> Start:
    """Where a replay from ``first`` begins.

    What the day's own count brought belongs to the replay; what the period before had left for
    the next one does not. ``rules`` are those that the line was billed by.
    """
    before, written = _at(known, first - DAY), begun_by_writes(schedule, known.facts)
    now = written.get(first, _at(known, first))
    if before is UNKNOWN:
        return Start(now or 0, first)
    if now is not UNKNOWN and now != before and schedule.containing(first).first == first:
        when = rules.when(rises=now > before)
        if first in written or "next-period" in (when, rules.late):
            return Start(now, first)
    return Start(before, first - DAY, is_new=not _is_there(known, first - DAY))


def _is_there(known: KnownLine, day: date) -> bool:
    """Does BMS have the line on that day, as far as is known?"""
    since = known.timeline.known_from
    return known.exists and not (_added_by_us(known) and since is not None and day < since)


def _added_by_us(known: KnownLine) -> bool:
    """Nothing is written to a line with unknown units, so a write that came first made the line."""
    return bool(known.facts) and known.facts[0].source in ("reply", "note")


def _at(known: KnownLine, day: date) -> int | None:
    return known.timeline.at(day) if _is_there(known, day) else 0


def billed_side(
    known: KnownLine, parts: tuple[Part, ...], closings: Sequence[Closing] | None
) -> Side:
    """What BMS has."""
    if not known.exists:
        return Side(Timeline(((date.min, 0),)), ())
    units = known.timeline
    if _added_by_us(known):
        units = Timeline.of([(date.min, 0), *units.steps])
    return Side(units, parts, closings=closings)


def replay(
    bound: BoundLine,
    inputs: Sequence[Input],
    start: Start,
    days: tuple[date, date],
    parts: tuple[Part, ...],
    newest: Prices,
) -> Side:
    """Units that the configuration gives from ``days[0]`` to the day before ``days[1]``.

    Units that were there keep the prices of their rows; what comes or goes has the newest.
    """
    question = _question(bound, inputs, start, days)
    units = Timeline(((date.min, start.level),))
    if question.first < question.as_of:
        units = Timeline.of([*units.steps, *_wanted(question, bound.contract.closings).steps])
    there = (*frozen(parts, start.day), Part(minus(units, start.level), newest))
    if bound.contract.billing.at_end:
        # Rows that came since have prices of later days.
        return Side(units, there, bound.line, closings=())
    return Side(units, tuple(replace(p, prices=_named(bound.line, p.prices)) for p in there))


def _wanted(question: Question, closings: Sequence[Closing]) -> Timeline:
    """Where no invoice matters, one walk gives what a run each night would."""
    if closings and asks_for_invoices(question.line):
        return nightly(question, closings)
    return desired(question).timeline


def _question(
    bound: BoundLine, inputs: Sequence[Input], start: Start, days: tuple[date, date]
) -> Question:
    starts = bound.line.start
    question = Question(
        line=bound.line,
        inputs=inputs,
        schedule=bound.contract.schedule,
        first=days[0] if starts is None else max(days[0], starts),
        as_of=days[1],
        known=Timeline(((date.min, start.level),)),
        exists=True,
        counts_from=starts or date.min,
    )
    return replace(question, first=born_on(question)) if start.is_new else question


def days_without_readings(
    line: DesiredLine, inputs: Sequence[Input], period: Period
) -> tuple[int, int]:
    """(days that no complete reading counts for, days that one is needed for)."""
    last = period.last if line.last_day is None else min(period.last, line.last_day)
    first = period.first if line.start is None else max(period.first, line.start)
    missing = needed = 0
    for begin, end in _settled(line, first, last):
        settings = settings_on(line, begin)
        if fixed_on(settings, begin) is not None:
            continue
        needed += (end - begin).days + 1
        missing += sum(
            (run.last - run.first).days + 1
            for run in total(inputs, settings.gap_days, begin, end)
            if run.quantity is UNKNOWN
        )
    return missing, needed


def _settled(line: DesiredLine, first: date, last: date) -> list[tuple[date, date]]:
    """The days cut where settings change, or where fixed units or commitments end."""
    cuts = {dated.day for dated in line.settings}
    for dated in line.settings:
        fixed = dated.settings.fixed
        if fixed is not None and fixed.until is not None:
            cuts.add(fixed.until + DAY)
        if dated.settings.commitment is not None:
            cuts.add(dated.settings.commitment.until + DAY)
    begins = [first, *sorted(day for day in cuts if first < day <= last)]
    ends = [day - DAY for day in begins[1:]] + [last]
    return [(begin, end) for begin, end in zip(begins, ends, strict=True) if begin <= end]
