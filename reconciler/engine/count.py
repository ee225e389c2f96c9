"""From readings to whole units, as runs of days.

One line and one set of settings at a time: dimensions and organizations are summed, gaps filled,
then the quantity over the billing period so far is turned into units.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, Generic, TypeAlias, TypeVar

from reconciler.engine.periods import DAY, Schedule
from reconciler.model.reading import MetricKey, Series, Span
from reconciler.model.settings import LineSettings, Rounding
from reconciler.model.timeline import UNKNOWN, Units

Quantity: TypeAlias = "Decimal | Fraction"
Q_co = TypeVar("Q_co", bound=Quantity, covariant=True)

ONE: Final = Decimal(1)
ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Input:
    """The readings of one organization for one term; ``series`` is None where there are none."""

    key: MetricKey
    series: Series | None
    of: tuple[str, ...] | None
    subtract: bool
    since: date | None = None
    """It counts from that day on: it was excluded, or not there, before."""
    until: date | None = None
    """It counts up to that day, since the rules changed after it."""
    but: tuple[str, ...] = ()
    """Dimensions left out, since other lines name them."""

    def counts_on(self, day: date) -> bool:
        """Is it part of that day's count?"""
        since, until = self.since, self.until
        return (since is None or since <= day) and (until is None or day <= until)


@dataclass(frozen=True, slots=True)
class Run(Generic[Q_co]):
    """Days (inclusive) with one and the same quantity.

    ``quantity`` is None where it is unknown. A run that is not ``sure`` holds filled days, or
    follows an unknown one: it may raise a line and never lower it.
    """

    first: date
    last: date
    quantity: Q_co | None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Tally:
    """Days (inclusive) with one and the same count of whole units."""

    first: date
    last: date
    units: Units
    sure: bool


def tallies(
    inputs: Sequence[Input],
    settings: LineSettings,
    schedule: Schedule,
    first: date,
    last: date,
) -> Iterator[Tally]:
    """The count on every day of ``first..last``, for settings that hold on all of them.

    ``first`` is where a window over the period begins, so that windows are whole.
    """
    runs = total(inputs, settings.gap_days, first, last)
    for run in over_period(runs, settings, schedule):
        yield Tally(run.first, run.last, units_of(run.quantity, settings), run.sure)


def total(inputs: Sequence[Input], gap_days: int, first: date, last: date) -> list[Run[Decimal]]:
    """All inputs added (or subtracted) day by day; unknown where any of them is."""
    starts = {day for e in inputs for day in _edges(e) if first < day <= last}
    out: list[Run[Decimal]] = []
    begin = first
    for edge in (*sorted(starts), last + DAY):
        if begin < edge:
            there = [entry for entry in inputs if entry.counts_on(begin)]
            out.extend(_together(there, gap_days, begin, edge - DAY))
        begin = edge
    return out


def _edges(entry: Input) -> Iterator[date]:
    if entry.since is not None:
        yield entry.since
    if entry.until is not None:
        yield entry.until + DAY


def as_on_the_day_before(inputs: Sequence[Input], day: date) -> list[Input]:
    """What counts on ``day``, as if it had counted the day before already."""
    before = day - DAY
    return [
        replace(
            entry,
            since=before if entry.since == day else entry.since,
            until=before - DAY if entry.until == before else entry.until,
        )
        for entry in inputs
    ]


def _together(
    inputs: Sequence[Input], gap_days: int, first: date, last: date
) -> list[Run[Decimal]]:
    # Where only terms to subtract are left, there is nothing to count, which is not 0.
    if all(entry.subtract for entry in inputs):
        return [Run(first, last, UNKNOWN, sure=False)]
    parts = [filled(readings(entry), gap_days, first, last) for entry in inputs]
    if len(parts) == 1:
        return parts[0]
    return _summed(parts, [entry.subtract for entry in inputs])


def readings(entry: Input) -> Iterator[Run[Decimal]]:
    """One input's covered days, its chosen dimensions added up; a dimension not named counts 0."""
    series = entry.series
    if series is None:
        return
    spans = _chosen(entry, series)
    if len(spans) == 1 and len(series.covered) == 1 and len(spans[0]) == 1:
        span, cover = spans[0][0], series.covered[0]
        if span[:2] == cover:
            yield Run(*span)
            return
    for first, last in series.covered:
        yield from _added(spans, first, last)


def _chosen(entry: Input, series: Series) -> list[tuple[Span, ...]]:
    """The spans of the dimensions that count, each once."""
    if entry.of is None and not entry.but:
        return list(series.spans.values())
    wanted = series.spans.keys() if entry.of is None else dict.fromkeys(entry.of)
    return [series.spans[name] for name in wanted if name in series.spans and name not in entry.but]


def filled(
    runs: Iterable[Run[Decimal]], gap_days: int, first: date, last: date
) -> list[Run[Decimal]]:
    """Every day of ``first..last`` once: gaps carried for up to ``gap_days``, then unknown.

    Days are carried from readings before ``first`` too.
    """
    out: list[Run[Decimal]] = []
    day = first
    carried: Run[Decimal] | None = None
    for run in runs:
        if run.last < first:
            carried = run
            continue
        if run.first > last:
            break
        if run.first > day:
            out.extend(_gap(carried, gap_days, day, run.first - DAY))
        start = max(run.first, first)
        out.append(run if start == run.first and run.last <= last else _cut(run, start, last))
        carried, day = run, run.last + DAY
    if day <= last:
        out.extend(_gap(carried, gap_days, day, last))
    return out


def over_period(
    runs: Iterable[Run[Decimal]], settings: LineSettings, schedule: Schedule
) -> Iterable[Run[Quantity]]:
    """The quantity over the billing period so far: last, peak, average by day, or sum."""
    match settings.over:
        case "last":
            return runs
        case "peak":
            return _peaks(_by_period(runs, schedule))
        case "average" | "sum" as over:
            return _cumulative(_by_period(runs, schedule), average=over == "average")


def units_of(quantity: Quantity | None, settings: LineSettings) -> Units:
    """Whole units of a cumulative quantity: packs, included, rounding, minimum, maximum.

    The settings are those of one day: a commitment that has ended is not among them.
    """
    if quantity is None:
        return UNKNOWN
    if settings.multiply != ONE:
        quantity = Fraction(quantity) * Fraction(settings.multiply)
    if settings.per != ONE:
        quantity = Fraction(quantity) / Fraction(settings.per)
    if settings.included:
        quantity = Fraction(quantity) - Fraction(settings.included)
    units = max(0, whole(quantity, settings.round))
    if settings.minimum is not None:
        units = max(units, settings.minimum)
    if settings.commitment is not None:
        units = max(units, settings.commitment.floor)
    if settings.maximum is not None:
        units = min(units, settings.maximum)
    return units


def whole(quantity: Quantity, rounding: Rounding) -> int:
    """Whole units; nearest takes halves up."""
    match rounding:
        case "up":
            return math.ceil(quantity)
        case "down":
            return math.floor(quantity)
        case "nearest":
            return math.floor(Fraction(quantity) + Fraction(1, 2))


def _added(
    spans: Sequence[Sequence[tuple[date, date, Decimal]]], first: date, last: date
) -> Iterator[Run[Decimal]]:
    inside = [span for row in spans for span in row if span[0] <= last and span[1] >= first]
    cuts = {first, *(s[0] for s in inside if s[0] > first)}
    cuts.update(s[1] + DAY for s in inside if s[1] < last)
    days = sorted(cuts)
    for index, day in enumerate(days):
        stop = days[index + 1] - DAY if index + 1 < len(days) else last
        yield Run(day, stop, sum((s[2] for s in inside if s[0] <= day <= s[1]), ZERO))


def _gap(
    carried: Run[Decimal] | None, gap_days: int, first: date, last: date
) -> Iterator[Run[Decimal]]:
    if carried is not None and gap_days:
        until = min(last, carried.last + timedelta(days=gap_days))
        if until >= first:
            yield Run(first, until, carried.quantity, sure=False)
            first = until + DAY
    if first <= last:
        yield Run(first, last, UNKNOWN, sure=False)


def _cut(run: Run[Decimal], first: date, last: date) -> Run[Decimal]:
    return Run(max(run.first, first), min(run.last, last), run.quantity, run.sure)


def _summed(
    parts: Sequence[Sequence[Run[Decimal]]], subtract: Sequence[bool]
) -> list[Run[Decimal]]:
    days = sorted({run.first for part in parts for run in part})
    last = parts[0][-1].last
    places = [0] * len(parts)
    out: list[Run[Decimal]] = []
    for index, day in enumerate(days):
        stop = days[index + 1] - DAY if index + 1 < len(days) else last
        quantity: Decimal | None = ZERO
        sure = True
        for number, part in enumerate(parts):
            while part[places[number]].last < day:
                places[number] += 1
            run = part[places[number]]
            sure = sure and run.sure
            quantity = _sum(quantity, run.quantity, negative=subtract[number])
        out.append(Run(day, stop, quantity, sure))
    return out


def _sum(total: Decimal | None, more: Decimal | None, *, negative: bool) -> Decimal | None:
    if total is None or more is None:
        return None
    return total - more if negative else total + more


def _by_period(
    runs: Iterable[Run[Decimal]], schedule: Schedule
) -> Iterator[tuple[bool, Run[Decimal]]]:
    """Runs cut at period starts, each with whether it opens a period."""
    end: date | None = None
    for whole_run in runs:
        run: Run[Decimal] | None = whole_run
        while run is not None:
            opens = end is None or run.first >= end
            if opens:
                end = schedule.containing(run.first).end
            assert end is not None
            if run.last < end:
                yield opens, run
                run = None
            else:
                yield opens, _cut(run, run.first, end - DAY)
                run = _cut(run, end, run.last)


def _peaks(runs: Iterable[tuple[bool, Run[Decimal]]]) -> Iterator[Run[Decimal]]:
    peak: Decimal | None = None
    sure = True
    for opens, run in runs:
        if opens:
            peak, sure = None, True
        sure = sure and run.sure
        if run.quantity is not None and (peak is None or run.quantity > peak):
            peak = run.quantity
        yield Run(run.first, run.last, peak, sure)


def _cumulative(
    runs: Iterable[tuple[bool, Run[Decimal]]], *, average: bool
) -> Iterator[Run[Fraction]]:
    """One run per day, since the sum grows and the average moves every day."""
    so_far: Fraction | None = Fraction(0)
    days, sure = 0, True
    for opens, run in runs:
        if opens:
            so_far, days, sure = Fraction(0), 0, True
        sure = sure and run.sure
        day = run.first
        while day <= run.last:
            days += 1
            if so_far is None or run.quantity is None:
                so_far = None
                yield Run(day, day, None, sure)
            else:
                so_far += Fraction(run.quantity)
                yield Run(day, day, so_far / days if average else so_far, sure)
            day += DAY
