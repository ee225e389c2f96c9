from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.billed import (
    Part,
    always,
    billed_parts,
    frozen,
    minus,
    newest_by_day,
    parts_money,
    period_money,
    price_on,
)
from reconciler.engine.calculator import Case, Change, bill
from reconciler.engine.known import known_line
from reconciler.engine.periods import Cycle, Schedule
from reconciler.model.assumptions import Assumptions
from reconciler.model.ledgered import KnownFact
from reconciler.model.timeline import Timeline
from tests.engine.builders import a_row, fact

D, PRICE = date, Decimal("7.00")
ONE = timedelta(days=1)
NOVEMBER = Schedule(D(2026, 1, 1), "monthly", calendar=True).containing(D(2026, 11, 5))
ASSUMED = Assumptions()

DayCount = Literal["actual", "fixed-30", "30-360"]
DAY_COUNTS: list[DayCount] = ["actual", "fixed-30", "30-360"]
CYCLES: list[Cycle] = ["weekly", "monthly", "quarterly", "yearly"]
steps = st.dictionaries(
    st.integers(1, 29).map(lambda n: D(2026, 11, 1) + n * ONE), st.integers(0, 50), max_size=6
)


def timeline(first: int, later: dict[date, int]) -> Timeline:
    return Timeline.of([(date.min, first), *later.items()])


@given(
    st.sampled_from(CYCLES), st.sampled_from(DAY_COUNTS), st.integers(0, 500), st.integers(0, 700)
)
def test_a_constant_quantity_bills_exactly_its_price(
    cycle: Cycle, day_count: DayCount, units: int, day: int
) -> None:
    period = Schedule(D(2026, 1, 15), cycle).containing(D(2026, 1, 15) + day * ONE)
    money = period_money(
        timeline(units, {}), PRICE, period, cycle, Assumptions(day_count=day_count)
    )
    assert money == units * Fraction(PRICE)


@given(st.integers(0, 50), steps)
def test_actual_days_bill_each_day_once(first: int, later: dict[date, int]) -> None:
    units = timeline(first, later)
    days = [D(2026, 11, 1) + n * ONE for n in range(30)]
    daily = sum(Fraction(units.at(day) or 0) * Fraction(PRICE) / 30 for day in days)
    assert period_money(units, PRICE, NOVEMBER, "monthly", ASSUMED) == daily


@given(st.integers(0, 50), steps, st.sampled_from(DAY_COUNTS))
def test_the_calculator_comes_to_the_same_up_to_its_roundings(
    first: int, later: dict[date, int], day_count: DayCount
) -> None:
    case = Case(
        NOVEMBER,
        PRICE,
        Decimal(first),
        [Change(d, Decimal(u)) for d, u in later.items()],
        day_count,
    )
    assume = Assumptions(day_count=day_count)
    exact = period_money(timeline(first, later), PRICE, NOVEMBER, "monthly", assume)
    assert abs(exact - Fraction(bill(case).total)) <= Fraction(len(later) + 1, 200)


@given(st.integers(0, 50), steps, st.integers(0, 50), steps)
def test_units_in_two_parts_bill_what_they_bill_together(
    first: int, later: dict[date, int], other: int, more: dict[date, int]
) -> None:
    one, two = timeline(first, later), timeline(other, more)
    days = {date.min, *later, *more}
    both = Timeline.of([(day, (one.at(day) or 0) + (two.at(day) or 0)) for day in days])
    parts = (Part(one, always(PRICE)), Part(two, always(PRICE)))
    assert parts_money(parts, NOVEMBER, "monthly", ASSUMED) == period_money(
        both, PRICE, NOVEMBER, "monthly", ASSUMED
    )


def test_a_day_of_change_may_be_free() -> None:
    units, free = timeline(0, {D(2026, 11, 16): 3}), Assumptions(change_day="free")
    assert period_money(units, PRICE, NOVEMBER, "monthly", ASSUMED) == Fraction(3 * 7 * 15, 30)
    assert period_money(units, PRICE, NOVEMBER, "monthly", free) == Fraction(3 * 7 * 14, 30)


@pytest.mark.parametrize("day_count", DAY_COUNTS)
@given(st.integers(1, 29), st.integers(0, 40), st.integers(0, 50))
def test_a_period_that_is_cut_short_is_billed_by_its_days_or_in_full(
    day_count: DayCount, start: int, length: int, units: int
) -> None:
    first = D(2026, 1, 1) + start * ONE
    assume = Assumptions(day_count=day_count)
    in_full = Schedule(first, "monthly", True, first + length * ONE, part_period="full")
    period = in_full.containing(first)
    assert period_money(timeline(units, {}), PRICE, period, "monthly", assume) == units * 7
    by_days = replace(in_full, part_period="prorated").containing(first)
    money = period_money(timeline(units, {}), PRICE, by_days, "monthly", assume)
    days = (by_days.end - by_days.first).days
    of = {"actual": 31, "fixed-30": 30}.get(day_count)
    if of is not None:
        assert money == units * 7 * Fraction(min(days, of), of)
    assert money <= units * 7


def test_a_change_in_a_short_period_is_for_the_days_that_its_price_is_for() -> None:
    units = timeline(2, {D(2026, 11, 16): 5})
    by_days = Schedule(D(2026, 1, 1), "monthly", calendar=True, end=D(2026, 11, 20))
    in_full = replace(by_days, part_period="full")
    found = [
        period_money(units, PRICE, one.containing(D(2026, 11, 5)), "monthly", ASSUMED)
        for one in (by_days, in_full)
    ]
    assert found == [Fraction(2 * 7 * 20 + 3 * 7 * 5, 30), 2 * 7 + Fraction(3 * 7 * 5, 20)]


def test_steps_outside_the_period_bill_nothing_in_it() -> None:
    units = timeline(2, {D(2026, 10, 31): 5, D(2026, 12, 1): 9})
    assert period_money(units, PRICE, NOVEMBER, "monthly", ASSUMED) == 35


def test_unknown_units_have_no_price() -> None:
    with pytest.raises(ValueError, match="2026-11-01"):
        period_money(Timeline(((D(2026, 11, 3), 1),)), PRICE, NOVEMBER, "monthly", ASSUMED)


PRICES = ((date.min, Decimal(3)), (D(2026, 11, 10), Decimal(6)))


def test_a_price_changed_in_a_period_counts_for_what_comes_since_and_from_the_next() -> None:
    assert price_on(PRICES, D(2026, 11, 9)) == 3
    december = Schedule(D(2026, 1, 1), "monthly").containing(D(2026, 12, 1))
    for later, november, then in (
        ({}, 3, 6),
        ({D(2026, 11, 16): 2}, 3 + 3, 12),
        # Of the two that came at the new price one leaves at it; then the others at the old one.
        ({D(2026, 11, 11): 3, D(2026, 11, 21): 2}, 3 + 8 - 2, 12),
        ({D(2026, 11, 11): 3, D(2026, 11, 21): 0}, 3 + 8 - 4 - 1, 0),
    ):
        part = (Part(timeline(1, later), PRICES),)
        assert parts_money(part, NOVEMBER, "monthly", ASSUMED) == november
        assert parts_money(part, december, "monthly", ASSUMED) == then


def test_what_is_invoiced_at_a_periods_end_has_the_price_of_the_moment() -> None:
    part = (Part(timeline(1, {D(2026, 11, 16): 2}), PRICES),)
    for invoiced, money in ((D(2026, 12, 1), 6 + 3), (D(2026, 11, 9), 3 + Decimal("1.5"))):
        assert parts_money(part, NOVEMBER, "monthly", ASSUMED, invoiced=invoiced) == money


def test_a_lines_newest_row_has_its_price_from_the_rows_day_on() -> None:
    first, second = D(2026, 11, 5), D(2026, 11, 20)
    rows = [(first, PRICES), (second, always(Decimal(9)))]
    assert newest_by_day(rows) == (*PRICES, (second, Decimal(9)))
    assert newest_by_day(rows[1:]) == always(Decimal(9))
    assert newest_by_day([]) == ()


facts = st.lists(
    st.builds(
        lambda units, day, row, effect: fact(
            units, D(2026, 1, 1) + day * ONE, row_id=row, effect=effect
        ),
        st.integers(0, 20),
        st.integers(0, 40),
        st.sampled_from([1, 2, None]),
        st.sampled_from(["add", "set"]),
    ),
    min_size=1,
    max_size=6,
)


@given(facts)
def test_rows_add_up_to_the_line_wherever_it_is_known(told: list[KnownFact]) -> None:
    rows = [a_row(id=1, price=Decimal(3)), a_row(id=2, price=Decimal(4))]
    line = known_line(rows, told, agreed=True)
    prices = {row.id: always(row.price) for row in rows}
    parts = billed_parts(line, prices, always(Decimal(9)))
    for day in (D(2026, 1, 1) + n * ONE for n in range(45)):
        known = line.timeline.at(day)
        if known is not None:
            assert sum(part.units.at(day) or 0 for part in parts) == known


def test_each_row_keeps_its_own_price() -> None:
    rows = [a_row(id=1, price=Decimal(3)), a_row(id=2, price=Decimal(4))]
    told = [fact(10, row_id=1), fact(2, row_id=2)]
    prices = {row.id: always(row.price) for row in rows}
    parts = billed_parts(known_line(rows, told, agreed=True), prices, always(Decimal(9)))
    assert parts_money(parts, NOVEMBER, "monthly", ASSUMED) == 38


def test_freezing_and_subtracting() -> None:
    units = timeline(2, {D(2026, 11, 5): 7})
    (part,) = frozen((Part(units, always(PRICE)),), D(2026, 11, 4))
    assert part.units.at(D(2026, 12, 1)) == 2
    assert minus(units, 2).steps == ((date.min, 0), (D(2026, 11, 5), 5))
