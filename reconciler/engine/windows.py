"""The quantity over the billing period so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from reconciler.engine.day_runs import Quantity, Run, cut
from reconciler.engine.periods import DAY, Schedule
from reconciler.model.settings import LineSettings


def over_period(
    runs: Iterable[Run[Decimal]], settings: LineSettings, schedule: Schedule
) -> Iterable[Run[Quantity]]:
    """The quantity over the billing period so far: last, peak, average by day, or sum.

    On a day on which nothing counts, all being excluded or not mapped yet, the line keeps its
    units. To the days after it, it is one with nothing in use: it adds nothing to a peak or a sum,
    and an average takes it in as 0. So one organization counts alone as it would beside another.
    """
    match settings.over:
        case "last":
            return runs
        case "peak":
            return _peaks(_by_period(runs, schedule))
        case "average" | "sum" as over:
            return _cumulative(_by_period(runs, schedule), average=over == "average")


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
                yield opens, cut(run, run.first, end - DAY)
                run = cut(run, end, run.last)


def _peaks(runs: Iterable[tuple[bool, Run[Decimal]]]) -> Iterator[Run[Decimal]]:
    peak: Decimal | None = None
    sure = True
    for opens, run in runs:
        if opens:
            peak, sure = None, True
        sure = sure and (run.sure or not run.counts)
        if run.quantity is not None and (peak is None or run.quantity > peak):
            peak = run.quantity
        yield Run(run.first, run.last, peak, sure and run.sure)


def _cumulative(
    runs: Iterable[tuple[bool, Run[Decimal]]], *, average: bool
) -> Iterator[Run[Fraction]]:
    """One run per day, since the sum grows and the average moves every day."""
    so_far: Fraction | None = Fraction(0)
    days, sure, began = 0, True, False
    for opens, run in runs:
        if opens:
            so_far, days, sure, began = Fraction(0), 0, True, False
        sure, began = sure and (run.sure or not run.counts), began or run.counts
        day = run.first
        while day <= run.last:
            days += 1
            if run.quantity is not None and so_far is not None:
                so_far += Fraction(run.quantity)
            elif run.counts:
                so_far = None
            if so_far is None or not began:
                yield Run(day, day, None, sure and run.sure)
            else:
                yield Run(day, day, so_far / days if average else so_far, sure and run.sure)
            day += DAY
