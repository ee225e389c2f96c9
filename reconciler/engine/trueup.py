"""The true-up of a month: what the periods that end in it come to, before and after they are over.

Days that are not closed yet are forecast with the newest readings. What rests on them is scheduled
and says that it is provisional; once the days are closed, the changes are those of any plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from reconciler.engine.changes import changes_of
from reconciler.engine.day_runs import Input
from reconciler.engine.frame import Frame
from reconciler.engine.lines import LineWork, work
from reconciler.engine.looked_at import opens_on
from reconciler.engine.periods import DAY, Period, Schedule
from reconciler.engine.question import settings_on
from reconciler.engine.standings import WRITES, follows, is_built_on, is_own_price
from reconciler.findings import finding
from reconciler.model.desired import DesiredState, InvoiceRun
from reconciler.model.finding import Finding
from reconciler.model.plan import Change, NextStart, Step, TrueUp
from reconciler.model.reading import Series, Span
from reconciler.model.timeline import UNKNOWN

NEVER_WRITTEN: Final = ("observed",)


@dataclass(frozen=True, slots=True)
class Trued:
    """One line's true-up. ``end`` is the first day after its periods."""

    changes: tuple[Change, ...]
    end: date
    provisional: tuple[date, ...]
    start: NextStart | None
    """None where the contract ends, or nobody knows the units."""


def periods_set(found: LineWork, month: date) -> list[Period]:
    """The line's periods that end in the month and are set at their end; ``month`` is its first
    day."""
    return [period for period in _set_then(found, month) if period.last >= found.first]


def is_past(found: LineWork, month: date) -> bool:
    """Was the line set at the end of that month, in periods that no plan looks at any more?"""
    since = found.known.timeline.known_from
    return any(
        period.last < found.first and since is not None and since <= period.last
        for period in _set_then(found, month)
    )


def _set_then(found: LineWork, month: date) -> Iterator[Period]:
    for period in periods_ending(found.bound.contract.schedule, month):
        if settings_on(found.bound.line, period.last).adjust == "month-end":
            yield period


def true_up(
    found: LineWork,
    periods: Sequence[Period],
    frame: Frame,
    blocked: Sequence[str],
) -> Trued:
    """What these periods, at least one, come to; ``blocked`` are codes that hold the line."""
    first, end = periods[0].first, periods[-1].end
    ends = found.bound.line.last_day
    days = tuple(_days(frame.as_of, end - DAY if ends is None else min(end - DAY, ends)))
    ordinary = list(changes_of(found, frame, blocked))
    if not days:
        changes = _of_days(ordinary, first, end)
    else:
        forecast = forecast_on(end, found, frame)
        known = {change.id: change for change in ordinary if change.standing != "scheduled"}
        changes = [
            known.get(change.id) or _provisional(change, days)
            for change in changes_of(forecast, replace(frame, as_of=end), blocked)
            if change.kind != "price" and first <= change.day and not _ends_later(change, end)
        ]
        if _has_earlier(ordinary, first):
            changes = [replace(one, because=(*one.because, "POL006")) for one in changes]
    return Trued(tuple(changes), end, days, _next_start(found, end, frame))


def periods_ending(schedule: Schedule, month: date) -> Iterator[Period]:
    """The periods whose last day lies in the month."""
    following = (month.replace(day=28) + 4 * DAY).replace(day=1)
    day = max(month, schedule.start)
    if day >= following or (schedule.end is not None and day > schedule.end):
        return
    period: Period | None = schedule.containing(day)
    while period is not None and period.last < following:
        yield period
        period = schedule.following(period)


def next_invoice_run(run: InvoiceRun, day: date) -> datetime:
    """The first one, in local time, that is not before the day begins."""
    this_month = day.replace(day=run.day)
    following = (day.replace(day=28) + 4 * DAY).replace(day=run.day)
    return datetime.combine(this_month if this_month >= day else following, run.time)


def summary(state: DesiredState, month: date, found: Sequence[Trued], now: datetime) -> TrueUp:
    """Of all lines: the days forecast, by when to merge, and what the next periods start with;
    ``now``: the local time."""
    runs = [next_invoice_run(state.invoice_run, line.end) for line in found]
    merge_by = min(runs, default=None)
    starts = [line.start for line in found if line.start is not None]
    return TrueUp(
        month=f"{month:%Y-%m}",
        merge_by=merge_by,
        time_zone=state.time_zone,
        is_over=merge_by is not None and merge_by <= now,
        needs_merge=state.true_up.by == "pull-request",
        provisional=tuple(sorted({day for line in found for day in line.provisional})),
        starts=tuple(sorted(starts, key=_by_name)),
    )


def empty_finding(month: date, past: int) -> Finding:
    """TRU003, where the plan has no line to set in that month."""
    message = f"no line of this plan is set at the end of {month:%Y-%m}"
    if past:
        lines = f"{past} line{'' if past == 1 else 's'}"
        message += f": {lines} would have been, in a period that no plan looks at any more"
    return finding("TRU003", message)


def provisional_finding(made: TrueUp, found: Sequence[Trued]) -> Iterator[Finding]:
    """TRU001, once, with the days."""
    if made.provisional:
        lines = sum(1 for line in found if line.provisional)
        message = (
            f"{span(made.provisional)} {'is' if len(made.provisional) == 1 else 'are'} not closed"
            f" yet and {'counts' if len(made.provisional) == 1 else 'count'} as the newest reading"
            f" says, on {lines} line{'' if lines == 1 else 's'}"
        )
        yield finding("TRU001", message)


def span(days: Sequence[date]) -> str:
    """``2026-11-23 to 2026-11-30``; one day alone."""
    return str(days[0]) if len(days) == 1 else f"{days[0]} to {days[-1]}"


def carried(inputs: Iterable[Input], as_of: date, last: date) -> list[Input]:
    """Each input's newest reading again on every day from ``as_of`` to ``last``; days missing
    before ``as_of`` stay missing."""
    return [
        entry
        if entry.series is None
        else replace(entry, series=_carried(entry.series, as_of, last))
        for entry in inputs
    ]


def _carried(series: Series, as_of: date, last: date) -> Series:
    closed = tuple((start, min(end, as_of - DAY)) for start, end in series.covered if start < as_of)
    if not closed:
        return series
    newest = closed[-1][1]
    spans = {
        name: tuple(_longer([s for s in found if s[0] < as_of], newest, as_of, last))
        for name, found in series.spans.items()
    }
    return Series(_joined(closed, as_of, last), spans)


def _joined(
    covered: tuple[tuple[date, date], ...], as_of: date, last: date
) -> tuple[tuple[date, date], ...]:
    start, end = covered[-1]
    if end == as_of - DAY:
        return (*covered[:-1], (start, last))
    return (*covered, (as_of, last))


def _longer(found: Sequence[Span], newest: date, as_of: date, last: date) -> Iterator[Span]:
    for start, end, quantity in found:
        if end < newest:
            yield start, end, quantity
        elif newest == as_of - DAY:
            yield start, last, quantity
        else:
            yield start, newest, quantity
            yield as_of, last, quantity


def forecast_on(day: date, found: LineWork, frame: Frame) -> LineWork:
    """The line as a plan of that day would find it, were every day until then like the newest."""
    # What changed today has its day in the line's rules; on that later day nothing changes.
    bound = replace(found.bound, edited=False)
    inputs = carried(found.inputs, frame.as_of, day - DAY)
    opens = opens_on(bound.contract, day)
    return work(bound, found.known, inputs, opens, day, frame.assume)


def _next_start(found: LineWork, end: date, frame: Frame) -> NextStart | None:
    """After the first usage day of the next period, since other rules may begin with it."""
    schedule = found.bound.contract.schedule
    if schedule.end is not None and end > schedule.end:
        return None
    after = found if frame.as_of > end else forecast_on(end + DAY, found, frame)
    units = after.desired.timeline.at(end)
    return None if units is UNKNOWN else NextStart(found.bound.ref, end, units)


def _of_days(changes: Sequence[Change], first: date, end: date) -> list[Change]:
    """Those of the periods, and the price that comes between them; held where the line has an
    earlier change."""
    units = [
        change
        for change in changes
        if change.kind != "price"
        and first <= change.day
        and (change.day <= end or change.standing == "scheduled")
        and not _ends_later(change, end)
    ]
    found = [change for change in changes if change in units or _belongs(change, units)]
    if _has_earlier(changes, first):
        # Computed as if that were written, which this plan does not do.
        return [_behind(change) if change in units else change for change in found]
    return found


def _ends_later(change: Change, end: date) -> bool:
    """Is it the line's end, in a period after these? It says nothing of what they come to."""
    return change.cause == "end" and change.day > end


def _belongs(change: Change, units: Sequence[Change]) -> bool:
    """Is it the line's price, or one that goes with any of these steps?"""
    left = follows(change) and any(step.price != change.price for step in units)
    return bool(units) and (is_own_price(change) or left)


def _has_earlier(changes: Iterable[Change], first: date) -> bool:
    """Has the line a change before its periods, which they are computed on?"""
    return any(c.kind != "price" and c.day < first and is_built_on(c) for c in changes)


def _behind(change: Change) -> Change:
    if change.standing not in WRITES:
        return change
    return replace(change, standing="held", because=("POL006",))


def _provisional(change: Change, days: Sequence[date]) -> Change:
    step = Step("provisional", f"{span(days)} carried from the newest reading")
    because = tuple(dict.fromkeys(("TRU001", *(c for c in change.because if c != "POL002"))))
    if change.standing in NEVER_WRITTEN:
        return replace(change, steps=(step, *change.steps), because=because)
    return replace(change, standing="scheduled", steps=(step, *change.steps), because=because)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def _by_name(start: NextStart) -> tuple[object, ...]:
    ref = start.line
    return (ref.account, ref.contract, ref.service, ref.contract_id, ref.service_id)
