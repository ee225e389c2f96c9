from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reconciler.engine.bound import BoundContract, BoundLine
from reconciler.engine.day_runs import Input
from reconciler.engine.known import KnownLine, known_line
from reconciler.engine.lines import LineWork, work
from reconciler.engine.looked_at import current_period, first_writable, opens_on
from reconciler.engine.periods import Schedule
from reconciler.model.assumptions import Assumptions
from reconciler.model.bms import LineKey
from reconciler.model.desired import Billing
from tests.engine import builders as make

D = date
AS_OF = D(2026, 3, 10)
APPEND = Assumptions(line_update="append", negative_units="accepted")


def bound(
    start: date = make.START,
    closed: date | None = None,
    starts: date | None = None,
    **values: Any,
) -> BoundLine:
    contract = make.a_contract(start=start)
    schedule = Schedule(start, "monthly", calendar=True, end=contract.end)
    found = BoundContract(
        contract,
        make.ACCOUNT,
        make.desired_account(),
        Billing(),
        schedule,
        closed,
        billing_starts=starts,
    )
    key = LineKey(1, 10, 100)
    return BoundLine(key, make.line(**values), found, make.WORKSTATION, (make.a_row(),))


OLD = known_line([make.a_row(date=D(2025, 6, 1))], [make.fact(10, D(2025, 6, 1))], agreed=True)
NONE = known_line([], [], agreed=False)


@pytest.mark.parametrize(
    ("line", "known", "first"),
    [
        (bound(), OLD, make.START),
        (bound(D(2026, 2, 17)), OLD, D(2026, 2, 17)),
        (bound(starts=D(2026, 2, 20)), OLD, D(2026, 2, 20)),
        (
            bound(start=make.START),
            known_line([], [make.fact(3, D(2026, 3, 4))], agreed=True),
            D(2026, 3, 4),
        ),
        (bound(closed=D(2026, 1, 31)), OLD, D(2026, 2, 1)),
        (bound(closed=D(2026, 3, 31)), OLD, D(2026, 2, 1)),
        (bound(closed=D(2025, 12, 31)), OLD, D(2026, 1, 1)),
        (bound(), NONE, D(2026, 3, 1)),
        (bound(starts=D(2026, 3, 5)), NONE, D(2026, 3, 5)),
    ],
)
def test_the_first_writable_day_is_the_latest_of_all_that_bound_it(
    line: BoundLine, known: KnownLine, first: date
) -> None:
    opens = opens_on(line.contract, AS_OF)
    assert first_writable(line, known, opens, AS_OF) == first


def test_the_lines_own_start_bounds_it_too() -> None:
    late = make.line(start=D(2026, 3, 8))
    line = bound()
    line = BoundLine(line.key, late, line.contract, line.service, line.rows)
    opens = opens_on(line.contract, AS_OF)
    assert first_writable(line, OLD, opens, AS_OF) == D(2026, 3, 8)


@pytest.mark.parametrize(
    ("looks", "first"),
    [
        ([], D(2026, 2, 1)),
        ([D(2026, 3, 1)], D(2026, 2, 1)),
        ([D(2026, 2, 2)], D(2026, 2, 1)),
        ([D(2026, 2, 1)], D(2026, 1, 1)),
        ([D(2025, 11, 2)], D(2025, 11, 1)),
        ([D(2025, 11, 2), D(2026, 2, 2)], D(2026, 2, 1)),
        ([D(2025, 11, 2), D(2026, 3, 2), D(2026, 3, 9)], D(2025, 11, 1)),
        ([D(2027, 1, 1)], D(2026, 2, 1)),
        ([D(2024, 1, 1)], D(2025, 1, 1)),
    ],
)
def test_all_periods_are_looked_at_since_one_that_a_run_looked_at_before_the_current_began(
    looks: list[date], first: date
) -> None:
    contract = replace(bound(D(2025, 1, 1), D(2026, 3, 31)).contract, looks=looks)
    assert opens_on(contract, AS_OF) == first


def worked(known: KnownLine, inputs: Sequence[Input], starts: date | None = None) -> LineWork:
    line = bound(starts=starts)
    return work(line, known, inputs, opens_on(line.contract, AS_OF), AS_OF, APPEND)


def test_the_current_period_holds_the_last_closed_usage_day() -> None:
    assert current_period(bound().contract, D(2026, 3, 1)).first == D(2026, 2, 1)
    assert current_period(bound().contract, D(2026, 3, 2)).first == D(2026, 3, 1)
    assert current_period(bound(D(2026, 3, 10)).contract, AS_OF).first == AS_OF


def test_a_new_line_begins_with_its_first_complete_reading() -> None:
    inputs = [make.an_input(make.series(4, 4, 4, first=D(2026, 3, 6)))]
    found = worked(NONE, inputs)
    assert found.first == D(2026, 3, 6)
    assert [(step.day, step.after) for step in found.steps if hasattr(step, "after")] == [
        (D(2026, 3, 6), 4)
    ]


def test_a_new_line_without_any_reading_is_not_added() -> None:
    assert worked(NONE, [make.an_input(None)]).steps == ()


def test_nothing_is_worked_out_before_the_first_writable_day() -> None:
    inputs = [make.an_input(make.series(*[4] * 90))]
    found = worked(OLD, inputs, D(2026, 4, 1))
    assert found.steps == ()
    assert found.desired.timeline == OLD.timeline
