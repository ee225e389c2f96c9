"""``reconciler periods``: billing periods, one JSON case per line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, get_args

import click

from reconciler.cli.json_lines import (
    BadLine,
    Document,
    answer_lines,
    choice,
    day,
    flag,
    only,
    optional_day,
    whole,
)
from reconciler.engine.periods import Cycle, Period, Schedule

KEYS: Final = frozenset({"id", "start", "cycle", "calendar", "from", "count", "anchor_day", "end"})
MOST: Final = 10_000
LAST_ANCHOR_DAY: Final = 31


@click.command("periods")
def command() -> int:
    """List billing periods.

    Reads one JSON object per line, such as {"id": "a", "start": "2026-01-31", "cycle": "monthly",
    "calendar": false, "from": "2026-01-31", "count": 4}, and writes one per line with half-open
    periods, the first of which holds `from`. Exit code 1 when a line was bad.

    "anchor_day" moves the periods to that day of the month; those of the calendar have none.
    """
    return answer_lines(answer)


def answer(case: Document) -> Document:
    """One case's periods."""
    only(case, KEYS)
    count = whole(case, "count")
    if not 0 < count <= MOST:
        raise BadLine(f"count is not between 1 and {MOST}")
    schedule = _schedule(case)
    first = schedule.containing(day(case, "from"))
    periods = [[p.first.isoformat(), p.end.isoformat()] for p in _run(schedule, first, count)]
    return {"id": case.get("id"), "periods": periods}


def _schedule(case: Document) -> Schedule:
    anchor_day = whole(case, "anchor_day") if case.get("anchor_day") is not None else None
    if anchor_day is not None and not 1 <= anchor_day <= LAST_ANCHOR_DAY:
        raise BadLine("anchor_day is not a day of a month")
    calendar = flag(case, "calendar")
    if anchor_day is not None and calendar:
        raise BadLine("anchor_day is for periods from the contract's start, not of the calendar")
    start, end = day(case, "start"), optional_day(case, "end")
    if end is not None and end < start:
        raise BadLine("end is before start")
    return Schedule(
        start=start,
        cycle=choice(case, "cycle", get_args(Cycle)),
        calendar=calendar,
        end=end,
        anchor_day=anchor_day,
    )


def _run(schedule: Schedule, first: Period, count: int) -> Iterator[Period]:
    period: Period | None = first
    for _ in range(count):
        if period is None:
            return
        yield period
        period = schedule.following(period)
