"""The days that a plan looks at: from which one on a line may be changed, and counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from reconciler.engine.bound import BoundContract, BoundLine
from reconciler.engine.ended import newest_look
from reconciler.engine.known import KnownLine
from reconciler.engine.periods import DAY, Period, Schedule


def first_writable(bound: BoundLine, known: KnownLine, opens: date, as_of: date) -> date:
    """The first day on which a change of the line may be dated; ``opens``: of its contract."""
    if known.exists:
        since = known.timeline.known_from
    elif bound.since is None:
        since = current_period(bound.contract, as_of).first
    else:
        # The ledger, or this plan, keeps from when on it counts: that does not move with the days.
        since = None
    first = opens
    for day in (since, bound.line.start, bound.since):
        if day is not None and day > first:
            first = day
    return first


def counts_from(bound: BoundLine) -> date:
    """What was used before billing starts, or the line does, is not billed from then on either."""
    first = date.min
    for day in (bound.contract.billing_starts, bound.line.start, bound.since):
        if day is not None and day > first:
            first = day
    return first


def opens_on(contract: BoundContract, as_of: date) -> date:
    """The first day on which a change on a contract may be dated.

    The period before the current one is always looked at again, so that a run that comes late
    finds what it missed; what is dated in a closed period is held later, unless the policy says.
    Where no run looked at that one before the current one began, so are those since one did.
    """
    opens = writable_from(contract.schedule, contract.closed_through, as_of, contract.looks)
    starts = contract.billing_starts
    return opens if starts is None else max(opens, starts)


def current_period(contract: BoundContract, as_of: date) -> Period:
    """The period that holds the last closed usage day; the last one of a contract that is over."""
    return _current(contract.schedule, as_of)


def writable_from(
    schedule: Schedule, closed: date | None, as_of: date, looks: Sequence[date] = ()
) -> date:
    """The first day of a contract that runs of that day look at.

    ``closed``: the last one that an invoice covers; ``looks``: the days of runs, in order.
    """
    if closed is None:
        return schedule.start
    current = _current(schedule, as_of)
    before = current.first
    # Past a contract's last period, that one is the period before.
    if before > schedule.start and as_of - DAY < current.whole_end:
        before = schedule.containing(before - DAY).first
    looked_on = newest_look(looks, current.first)
    # The readings of the last day before it may have come after it.
    if looked_on is not None and looked_on - DAY < before:
        before = _current(schedule, looked_on).first
    return max(schedule.start, min(before, closed + DAY))


def _current(schedule: Schedule, as_of: date) -> Period:
    day = as_of - DAY if schedule.end is None else min(as_of - DAY, schedule.end)
    return schedule.containing(max(day, schedule.start))
