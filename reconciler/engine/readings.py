"""One input's readings as runs of days, its gaps filled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from reconciler.engine.day_runs import Input, Run, cut
from reconciler.engine.periods import DAY
from reconciler.model.reading import Series, Span
from reconciler.model.timeline import UNKNOWN

ZERO: Final = Decimal(0)


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
        out.append(run if start == run.first and run.last <= last else cut(run, start, last))
        carried, day = run, run.last + DAY
    if day <= last:
        out.extend(_gap(carried, gap_days, day, last))
    return out


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
