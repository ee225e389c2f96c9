from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from reconciler.engine.expected import Account, Convention, periods_billed, periods_of_month
from reconciler.engine.movements import Movement, Prices
from reconciler.engine.periods import Schedule
from reconciler.model.desired import Billing
from reconciler.model.verification import Part

D = date
NOVEMBER = D(2026, 11, 1)
CALENDAR = Schedule(D(2026, 1, 1), "monthly", calendar=True, end=D(2027, 12, 31))
ANCHORED = Schedule(D(2026, 1, 17), "monthly", end=D(2027, 1, 16))
PLAIN = Convention("actual", change_day_billed=True, currency="USD")


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def moved(index: int, day: date, units: int, made: date) -> Movement:
    return Movement(index, day, units, 1, noon(made))


def account(*movements: Movement, schedule: Schedule = CALENDAR) -> Account:
    return Account(movements, Prices({1: Decimal("9.99")}, Decimal(0)), schedule, PLAIN)


def said(parts: Sequence[Part]) -> list[tuple[str, int, int, int, str]]:
    return [(p.kind, p.units, p.days, p.of, str(p.per_line)) for p in parts]


@pytest.mark.parametrize(
    ("first", "last", "on", "begins"),
    [
        (D(2026, 11, 1), D(2026, 11, 30), "start", [D(2026, 11, 1)]),
        (D(2026, 11, 1), D(2026, 11, 1), "start", [D(2026, 11, 1)]),
        (D(2026, 11, 2), D(2026, 11, 30), "start", []),
        (D(2026, 11, 1), D(2027, 1, 31), "start", [D(2026, 11, 1), D(2026, 12, 1), D(2027, 1, 1)]),
        (D(2026, 11, 30), D(2026, 12, 1), "end", [D(2026, 11, 1)]),
        (D(2026, 11, 1), D(2026, 11, 29), "end", []),
        (D(2025, 1, 1), D(2026, 1, 31), "start", [D(2026, 1, 1)]),
        (D(2028, 1, 1), D(2028, 1, 31), "start", []),
    ],
)
def test_an_invoice_bills_the_periods_whose_edge_it_reaches(
    first: date, last: date, on: str, begins: list[date]
) -> None:
    billing = Billing("calendar", "start" if on == "start" else "end")
    assert [p.first for p in periods_billed(first, last, CALENDAR, billing)] == begins


def test_a_period_belongs_to_the_month_it_begins_in() -> None:
    (found,) = periods_of_month(NOVEMBER, ANCHORED)
    assert (found.first, found.last) == (D(2026, 11, 17), D(2026, 12, 16))
    assert [*periods_of_month(D(2027, 2, 1), ANCHORED)] == []


def test_weekly_periods_of_a_month_are_several() -> None:
    weekly = Schedule(D(2026, 11, 2), "weekly")
    found = [p.first.day for p in periods_of_month(NOVEMBER, weekly)]
    assert found == [2, 9, 16, 23, 30]


def test_a_period_has_a_full_part_and_one_for_each_change_inside() -> None:
    periods = [*periods_of_month(NOVEMBER, CALENDAR)]
    lines = account(
        moved(0, D(2026, 1, 1), 10, D(2026, 1, 1)),
        moved(1, D(2026, 11, 16), 2, D(2026, 11, 16)),
        moved(2, D(2026, 11, 21), -3, D(2026, 11, 22)),
    )
    due, early = lines.parts(periods, [], noon(D(2026, 12, 3)))
    assert early == []
    assert said(due) == [
        ("full", 10, 30, 30, "99.90"),
        ("prorated", 2, 15, 30, "9.99"),
        ("prorated", -3, 10, 30, "-9.99"),
    ]


def test_what_was_made_after_the_invoice_is_late_on_the_next_one_and_only_there() -> None:
    first, second, third = (
        [*periods_of_month(D(2026, month, 1), CALENDAR)] for month in (10, 11, 12)
    )
    lines = account(
        moved(0, D(2026, 1, 1), 10, D(2026, 1, 1)), moved(1, D(2026, 10, 17), 1, D(2026, 11, 10))
    )
    for periods, old, made in ((first, [], D(2026, 10, 1)), (second, first, D(2026, 11, 1))):
        due, _ = lines.parts(periods, old, noon(made))
        assert said(due) == [("full", 10, due[0].days, due[0].of, "99.90")]
        lines.carry(due)
    due, _ = lines.parts(third, [*first, *second], noon(D(2026, 12, 1)))
    assert said(due)[1:] == [("late", 1, 15, 31, "4.83"), ("late", 1, 30, 30, "9.99")]
    lines.carry(due)
    again, _ = lines.parts([], [*first, *second, *third], noon(D(2027, 1, 1)))
    assert again == []


def test_a_first_period_that_is_cut_short_is_billed_in_part() -> None:
    late_start = Schedule(D(2026, 11, 17), "monthly", calendar=True)
    lines = account(moved(0, D(2026, 11, 17), 10, D(2026, 11, 17)), schedule=late_start)
    due, _ = lines.parts([*periods_of_month(NOVEMBER, late_start)], [], noon(D(2026, 11, 17)))
    assert said(due) == [("full", 10, 14, 30, "46.62")]


def test_rounding_per_unit_rounds_the_price_of_the_part_first() -> None:
    lines = account(moved(0, D(2026, 11, 16), 3, D(2026, 11, 16)))
    due, _ = lines.parts([*periods_of_month(NOVEMBER, CALENDAR)], [], noon(D(2026, 12, 3)))
    assert [(str(p.per_line), str(p.per_unit)) for p in due] == [("14.99", "15.00")]
