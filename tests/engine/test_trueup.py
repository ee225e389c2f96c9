"""The true-up of a month, before and after its days are closed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.periods import Schedule
from reconciler.engine.trueup import carried, next_invoice_run, periods_ending
from reconciler.model.bms import Invoice
from reconciler.model.desired import InvoiceRun
from reconciler.model.plan import Plan
from tests.engine import builders as make
from tests.engine.play import World, brass, changes, codes

D = date
JANUARY, FEBRUARY = D(2026, 1, 1), D(2026, 2, 1)
MONTH_END: dict[str, Any] = {
    "adjust": "month-end",
    "over": "peak",
    "increase": "period-start",
    "decrease": "next-period",
    "late": "prorated-transaction",
}


def shop(*values: int | None, **settings: Any) -> World:
    """Ten workstations, set at the end of each month."""
    line = make.line(make.settings(**{**MONTH_END, **settings}))
    return brass(*values, accounts=[make.desired_account(line)])


def true_up(world: World, as_of: date, month: date = JANUARY) -> Plan:
    return world.plan(as_of, true_up=month).plan


def test_a_month_that_runs_is_forecast_with_its_newest_reading() -> None:
    planned = shop(*[10] * 9, 14).plan(D(2026, 1, 11), true_up=JANUARY)
    assert changes(planned) == [("2026-01-01", 10, 14, "scheduled")]
    (change,) = planned.plan.changes
    assert change.because == ("TRU001",)
    assert change.steps[0].what == "provisional"
    assert change.steps[0].value.startswith("2026-01-11 to 2026-01-31")
    made = planned.plan.true_up
    assert made is not None
    assert (made.provisional[0], made.provisional[-1]) == (D(2026, 1, 11), D(2026, 1, 31))
    assert made.merge_by == datetime.combine(FEBRUARY, time(6))
    assert not made.needs_merge
    (told,) = (f for f in planned.plan.findings if f.code == "TRU001")
    assert "2026-01-11 to 2026-01-31" in told.message


@pytest.mark.parametrize(
    ("as_of", "hour", "over"),
    [(FEBRUARY, 5, False), (FEBRUARY, 6, True), (FEBRUARY, None, False), (D(2026, 2, 2), 0, True)],
)
def test_it_says_from_the_hour_on_that_its_invoice_run_has_passed(
    as_of: date, hour: int | None, over: bool
) -> None:
    local = None if hour is None else datetime.combine(as_of, time(hour))
    made = shop(*[10] * 32).plan(as_of, true_up=JANUARY, local=local).plan.true_up
    assert made is not None
    assert made.is_over is over


def test_a_closed_month_has_its_true_changes_and_nothing_provisional() -> None:
    world = shop(*[10] * 9, 14, *[10] * 21)
    planned = world.plan(FEBRUARY, true_up=JANUARY)
    assert changes(planned) == [("2026-01-01", 10, 14, "ready")]
    assert planned.plan.true_up is not None
    assert planned.plan.true_up.provisional == ()
    assert "TRU001" not in codes(planned)
    assert planned.plan.verdict == "changes"


def test_a_month_that_is_long_over_says_so() -> None:
    world = shop(*[10] * 9, 14, *[10] * 90)
    world.invoices = [Invoice(1, 10, D(2025, 12, 1), D(2026, 3, 31))]
    planned = world.plan(D(2026, 3, 3), true_up=JANUARY)
    (found,) = (one for one in planned.plan.findings if one.severity == "error")
    assert (found.code, found.message) == (
        "TRU003",
        "no line of this plan is set at the end of 2026-01: 1 line would have been, in a period"
        " that no plan looks at any more",
    )


def test_a_month_without_a_line_to_set_says_so() -> None:
    planned = shop(*[10] * 31, adjust="daily").plan(FEBRUARY, true_up=JANUARY)
    (found,) = (one for one in planned.plan.findings if one.severity == "error")
    assert (found.code, found.message) == (
        "TRU003",
        "no line of this plan is set at the end of 2026-01",
    )
    assert planned.plan.verdict == "nothing-checked"


def test_the_forecast_is_written_by_nobody_and_the_ordinary_plan_stays_as_it_is() -> None:
    world = shop(*[10] * 9, 14)
    assert world.apply(world.plan(D(2026, 1, 11), true_up=JANUARY)) == 0
    assert changes(world.plan(D(2026, 1, 11))) == []


@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=30),
    st.sampled_from([{}, {"over": "last"}, {"carry": "last"}, {"decrease": "change-date"}]),
    st.booleans(),
)
def test_a_forecast_that_comes_true_is_what_the_closed_month_gives(
    known: list[int], settings: dict[str, Any], invoiced: bool
) -> None:
    day = JANUARY + timedelta(len(known))
    rest = [known[-1]] * (31 - len(known))
    before, after = shop(*known, **settings), shop(*known, *rest, **settings)
    if invoiced:
        for world in (before, after):
            world.invoices.append(Invoice(1, 10, JANUARY, D(2026, 1, 31)))
    forecast, closed = true_up(before, day), true_up(after, FEBRUARY)
    assert [c.id for c in forecast.changes] == [c.id for c in closed.changes]
    assert [c.money for c in forecast.changes] == [c.money for c in closed.changes]
    assert forecast.true_up is not None
    assert closed.true_up is not None
    assert forecast.true_up.starts == closed.true_up.starts


@pytest.mark.parametrize(("carry", "starts_with"), [("level", 14), ("last", 12)])
def test_it_says_what_the_next_month_starts_with(carry: str, starts_with: int) -> None:
    made = true_up(shop(10, 14, *[12] * 8, carry=carry), D(2026, 1, 11)).true_up
    assert made is not None
    assert [(s.day, s.units) for s in made.starts] == [(FEBRUARY, starts_with)]


def test_a_decrease_of_the_month_is_dated_on_the_first_day_of_the_next() -> None:
    world = shop(*[8] * 31)
    assert changes(world.plan(D(2026, 1, 20), true_up=JANUARY)) == [
        ("2026-02-01", 10, 8, "scheduled")
    ]
    assert changes(world.plan(FEBRUARY, true_up=JANUARY)) == [("2026-02-01", 10, 8, "ready")]


def test_a_month_waits_for_one_before_it_that_is_not_written() -> None:
    world = shop(*[12] * 31, *[15] * 28)
    found = world.plan(D(2026, 3, 2), true_up=FEBRUARY)
    assert changes(found) == [("2026-02-01", 12, 15, "held")]
    assert found.plan.changes[0].because == ("POL006",)
    world.apply(world.plan(D(2026, 2, 2)))
    after = world.plan(D(2026, 3, 2), true_up=FEBRUARY)
    assert changes(after) == [("2026-02-01", 12, 15, "ready")]


def test_a_line_that_moves_daily_has_no_true_up() -> None:
    planned = brass(*[12] * 10).plan(D(2026, 1, 11), true_up=JANUARY)
    assert planned.plan.changes == ()
    assert planned.plan.verdict == "nothing-checked"


def ending(*values: int, last_day: date, **settings: Any) -> World:
    line = make.line(make.settings(**{**MONTH_END, **settings}), last_day=last_day)
    return brass(*values, accounts=[make.desired_account(line)])


@pytest.mark.parametrize("as_of", [D(2026, 1, 25), D(2026, 2, 1), D(2026, 2, 5)])
@pytest.mark.parametrize("last_day", [D(2026, 2, 1), D(2026, 2, 28), D(2026, 6, 30)])
def test_the_end_of_a_line_in_a_later_month_is_no_part_of_this_one(
    as_of: date, last_day: date
) -> None:
    planned = ending(*[12] * 40, last_day=last_day).plan(as_of, true_up=JANUARY)
    assert [(c.day, c.units_after) for c in planned.plan.changes] == [(JANUARY, 12)]


@pytest.mark.parametrize("as_of", [D(2026, 1, 25), D(2026, 2, 5)])
@pytest.mark.parametrize("last_day", [D(2026, 1, 15), D(2026, 1, 28), D(2026, 1, 31)])
def test_the_end_of_a_line_in_the_month_is(as_of: date, last_day: date) -> None:
    planned = ending(*[12] * 40, last_day=last_day).plan(as_of, true_up=JANUARY)
    after = last_day + timedelta(1)
    assert [(c.day, c.units_after) for c in planned.plan.changes] == [(JANUARY, 12), (after, 0)]


@pytest.mark.parametrize(
    ("last_day", "days"),
    [
        (19, ()),
        (20, (20,)),
        (28, tuple(range(20, 29))),
        (31, tuple(range(20, 32))),
    ],
)
def test_the_days_after_a_line_has_ended_are_not_forecast(
    last_day: int, days: tuple[int, ...]
) -> None:
    world = ending(*[12] * 19, last_day=D(2026, 1, last_day))
    planned = world.plan(D(2026, 1, 20), true_up=JANUARY)
    made = planned.plan.true_up
    assert made is not None
    assert made.provisional == tuple(D(2026, 1, day) for day in days)
    assert ("TRU001" in codes(planned)) is bool(days)
    if not days:
        assert changes(planned) == [
            ("2026-01-01", 10, 12, "ready"),
            ("2026-01-20", 12, 0, "ready"),
        ]


@pytest.mark.parametrize("settings", [{}, {"over": "last"}, {"carry": "last"}, {"late": "hold"}])
def test_a_line_that_has_ended_in_the_month_is_forecast_as_the_closed_month_has_it(
    settings: dict[str, Any],
) -> None:
    def trued(as_of: date) -> list[tuple[Any, ...]]:
        made = true_up(ending(*[14] * 5, *[12] * 35, last_day=D(2026, 1, 15), **settings), as_of)
        return [(c.day, c.units_before, c.units_after, c.standing) for c in made.changes]

    assert trued(D(2026, 1, 20)) == trued(D(2026, 2, 3)) != []


def test_a_day_missing_in_the_past_is_not_forecast() -> None:
    planned = shop(*[8] * 5, None, *[8] * 4).plan(D(2026, 1, 11), true_up=JANUARY)
    # A month with a hole may raise a line and never lower it.
    assert planned.plan.changes == ()


def test_what_will_hold_a_change_is_told_before_the_month_ends() -> None:
    world = shop(*[14] * 10, late="hold")
    world.invoices.append(Invoice(1, 10, JANUARY, D(2026, 1, 31)))
    found = true_up(world, D(2026, 1, 11)).changes
    assert [(str(c.day), c.standing, c.because) for c in found] == [
        ("2026-01-01", "scheduled", ("TRU001", "POL001")),
        ("2026-02-01", "scheduled", ("TRU001",)),
    ]


def test_the_reviewed_month_is_part_of_the_digest() -> None:
    world = shop(*[10] * 31)
    assert true_up(world, FEBRUARY).digest != world.plan(FEBRUARY).plan.digest


@pytest.mark.parametrize(
    ("day", "run"),
    [
        (D(2026, 12, 1), "2026-12-01 06:00"),
        (D(2026, 12, 2), "2027-01-01 06:00"),
        (D(2027, 2, 15), "2027-03-01 06:00"),
    ],
)
def test_the_next_invoice_run_is_the_first_that_can_bill_the_period(day: date, run: str) -> None:
    assert f"{next_invoice_run(InvoiceRun(), day):%Y-%m-%d %H:%M}" == run


def test_an_invoice_run_in_the_middle_of_the_month() -> None:
    assert next_invoice_run(InvoiceRun(15, time(3)), D(2026, 12, 1)) == datetime.combine(
        D(2026, 12, 15), time(3)
    )


def test_periods_that_end_in_a_month() -> None:
    quarterly = Schedule(JANUARY, "quarterly", calendar=True)
    assert list(periods_ending(quarterly, FEBRUARY)) == []
    assert [p.last for p in periods_ending(quarterly, D(2026, 3, 1))] == [D(2026, 3, 31)]
    anchored = Schedule(D(2026, 1, 15), "monthly")
    assert [p.last for p in periods_ending(anchored, FEBRUARY)] == [D(2026, 2, 14)]
    weekly = Schedule(D(2026, 1, 4), "weekly", calendar=True)
    assert [p.last.day for p in periods_ending(weekly, FEBRUARY)] == [7, 14, 21, 28]
    ended = Schedule(JANUARY, "monthly", calendar=True, end=D(2026, 2, 10))
    assert [p.last for p in periods_ending(ended, FEBRUARY)] == [D(2026, 2, 10)]
    assert list(periods_ending(ended, D(2026, 3, 1))) == []


def test_every_dimension_is_carried_from_the_newest_day_alone() -> None:
    found = make.dimensioned({"Server": [1, 2], "Laptop": [5, 0]})
    (entry,) = carried([make.an_input(found)], D(2026, 1, 3), D(2026, 1, 5))
    assert entry.series is not None
    assert entry.series.covered == ((JANUARY, D(2026, 1, 5)),)
    assert entry.series.spans["Server"][-1] == (D(2026, 1, 2), D(2026, 1, 5), Decimal(2))
    assert entry.series.spans["Laptop"][-1] == (D(2026, 1, 2), D(2026, 1, 5), Decimal(0))


def test_nothing_is_carried_over_a_hole() -> None:
    (entry,) = carried([make.an_input(make.series(4))], D(2026, 1, 3), D(2026, 1, 4))
    assert entry.series is not None
    assert entry.series.covered == ((JANUARY, JANUARY), (D(2026, 1, 3), D(2026, 1, 4)))
