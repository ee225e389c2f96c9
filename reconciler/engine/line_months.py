"""One line, month by month: billed on one side, what a configuration gives on the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from reconciler.engine.billed import Part, Prices, always, billed_parts, newest_by_day
from reconciler.engine.bound import BoundLine
from reconciler.engine.day_runs import Input
from reconciler.engine.known import KnownLine
from reconciler.engine.periods import DAY, Period, Schedule
from reconciler.engine.proration import rounded
from reconciler.engine.question import settings_on
from reconciler.engine.replay import (
    Side,
    billed_side,
    days_without_readings,
    known_since,
    replay,
    start_of,
)
from reconciler.engine.simulated import Month, NotReplayed, Steps
from reconciler.model.assumptions import Assumptions
from reconciler.model.settings import LineSettings

NOT_MAPPED: Final = "nothing is mapped that its count could count"
NO_READINGS: Final = "no complete reading"
UNKNOWN_UNITS: Final = "nobody knows its units"


@dataclass(frozen=True, slots=True)
class Counted:
    """A line under one configuration, with what counts for it."""

    line: BoundLine
    inputs: Sequence[Input]


@dataclass(frozen=True, slots=True)
class Span:
    """Months, and today."""

    first: date
    last: date
    """The first days of the first and of the last month."""
    as_of: date

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of each."""
        out = [self.first]
        while out[-1] < self.last:
            out.append(month_after(out[-1]))
        return tuple(out)


def month_after(day: date) -> date:
    """The first day of the next month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class LineCase:
    """``base`` and ``would`` are None where that side's configuration does not name the line."""

    base: Counted | None
    would: Counted | None
    known: KnownLine
    prices: Mapping[int, Prices]
    """By row id."""
    billed_by: Sequence[tuple[date, LineSettings]]
    """The rules that were applied, by the day they came into force."""
    span: Span
    assume: Assumptions
    currency: str

    @property
    def counted(self) -> tuple[Counted, ...]:
        """The sides that a configuration names."""
        return tuple(one for one in (self.would, self.base) if one is not None)

    @property
    def line(self) -> BoundLine:
        """As one of the configurations has it."""
        return self.counted[0].line

    @property
    def schedule(self) -> Schedule:
        """Both sides are billed by the same periods."""
        return self.line.contract.schedule


@dataclass(slots=True)
class Missed:
    """Months that are left out, by reason."""

    line: BoundLine
    months: dict[str, dict[date, None]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, day: date, why: str) -> None:
        """The month of that day."""
        self.months[why][day.replace(day=1)] = None

    def all(self) -> list[NotReplayed]:
        """One entry per reason."""
        ref = self.line.ref
        return [
            NotReplayed(ref.account, ref.contract, ref.service, tuple(months), why)
            for why, months in self.months.items()
        ]


def line_months(case: LineCase) -> tuple[list[Month], list[NotReplayed]]:
    """The months of the span that can be replayed, and those that cannot, with the reason."""
    missed = Missed(case.line)
    for month in case.span.months:
        if (why := _outside(case, month)) is not None:
            missed.add(month, why)
    periods = list(_usable(case, missed))
    if not periods:
        return [], missed.all()
    sides = _sides(case, periods)
    by_month: dict[date, list[Period]] = defaultdict(list)
    for period in periods:
        by_month[period.first.replace(day=1)].append(period)
    done = []
    for month, its in by_month.items():
        gaps = [_gaps(one, its) for one in case.counted]
        why = _silence(case.counted, gaps)
        if why is None:
            done.append(_month(case, month, its, sides, max(gaps)))
        else:
            missed.add(month, why)
    return done, missed.all()


def _outside(case: LineCase, month: date) -> str | None:
    contract = case.line.contract.contract
    if month_after(month) <= contract.start:
        return f"the contract starts on {contract.start}"
    if month > contract.end:
        return f"the contract ended on {contract.end}"
    return None


def _usable(case: LineCase, missed: Missed) -> Iterator[Period]:
    """Whole periods that begin in the span, are over, and begin with known units."""
    since = known_since(case.known)
    for period in periods_of(case.schedule, case.span.first, case.span.last):
        if period.end > case.span.as_of:
            missed.add(period.first, f"its period until {period.last} is not over")
        elif since is None:
            missed.add(period.first, UNKNOWN_UNITS)
        elif period.first < since:
            missed.add(period.first, f"{UNKNOWN_UNITS} before {since}")
        else:
            yield period


def periods_of(schedule: Schedule, first: date, last: date) -> Iterator[Period]:
    """Those that begin in the months from ``first`` to ``last``, both the first days of theirs."""
    day, after = max(first, schedule.start), month_after(last)
    if schedule.end is not None and day > schedule.end:
        return
    for period in schedule.within(day, after - DAY):
        if first <= period.first < after:
            yield period


def _sides(case: LineCase, periods: Sequence[Period]) -> tuple[Side, Side]:
    rows = case.line.rows
    prices = {row.id: case.prices.get(row.id, always(row.price)) for row in rows}
    latest = newest_by_day([(row.date, prices[row.id]) for row in rows])
    latest = latest or always(case.line.service.price)
    parts = billed_parts(case.known, prices, latest)
    contract = case.line.contract
    invoices = contract.closings if contract.billing.at_end else None
    base, would = (
        billed_side(case.known, parts, invoices)
        if counted is None
        else _replayed(case, counted, periods, parts, latest)
        for counted in (case.base, case.would)
    )
    return base, would


def _replayed(
    case: LineCase,
    counted: Counted,
    periods: Sequence[Period],
    parts: tuple[Part, ...],
    newest: Prices,
) -> Side:
    first = periods[0].first
    rules = [settings for day, settings in case.billed_by if day < first]
    rules = rules or [settings_on(counted.line.line, first)]
    start = start_of(case.known, first, case.schedule, rules[-1])
    days = (first, periods[-1].end)
    return replay(counted.line, counted.inputs, start, days, parts, newest)


def _gaps(counted: Counted, periods: Sequence[Period]) -> tuple[int, int]:
    found = [days_without_readings(counted.line.line, counted.inputs, one) for one in periods]
    return sum(missing for missing, _ in found), sum(needed for _, needed in found)


def _silence(counted: Sequence[Counted], gaps: Sequence[tuple[int, int]]) -> str | None:
    """Why a month says nothing; None where it does."""
    for one, (missing, needed) in zip(counted, gaps, strict=True):
        if needed and missing == needed:
            return NO_READINGS if one.inputs else NOT_MAPPED
    return None


def _month(
    case: LineCase,
    month: date,
    periods: Sequence[Period],
    sides: tuple[Side, Side],
    gaps: tuple[int, int],
) -> Month:
    base, would = (_money(case, side, periods) for side in sides)
    missing, needed = gaps
    return Month(
        line=case.line.ref,
        month=month,
        base=base,
        would=would,
        base_units=_steps(sides[0], periods),
        would_units=_steps(sides[1], periods),
        days=needed,
        days_missing=missing,
    )


def _money(case: LineCase, side: Side, periods: Sequence[Period]) -> Decimal:
    exact = (side.money(period, case.schedule.cycle, case.assume) for period in periods)
    return rounded(sum(exact, Fraction(0)), case.currency)


def _steps(side: Side, periods: Sequence[Period]) -> Steps:
    first, end = periods[0].first, periods[-1].end
    later = [step for step in side.units.steps if first < step[0] < end]
    return ((first, side.units.at(first)), *later)
