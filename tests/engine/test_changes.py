from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.plan import Change
from reconciler.model.reading import SourceStatus
from tests.engine import builders as make
from tests.engine.play import APPEND, UPSERT, brass, changes, codes
from tests.engine.test_plan import with_line

D = date


def of_day(found: list[Change], day: date) -> Change:
    return next(change for change in found if change.day == day)


def test_scheduled_changes_follow_each_other() -> None:
    world = brass(
        10, 8, **with_line(make.settings(decrease="next-period"), last_day=D(2026, 2, 10))
    )
    planned = world.plan(D(2026, 1, 3))
    assert changes(planned) == [
        ("2026-02-01", 10, 8, "scheduled"),
        ("2026-02-11", 8, 0, "scheduled"),
    ]
    assert [change.because for change in planned.plan.changes] == [("POL002",)] * 2
    assert planned.plan.verdict == "in-step"


def test_what_is_scheduled_carries_no_call() -> None:
    world = brass(10, 8, **with_line(make.settings(decrease="next-period")))
    (change,) = world.plan(D(2026, 1, 3)).plan.changes
    assert (change.posts, change.units_after) == (0, 8)


def test_before_the_newest_change_a_total_waits_for_a_person() -> None:
    world = brass(10, 10, 12, 12, assume=UPSERT)
    world.apply(world.plan(D(2026, 1, 5)))
    world.series["Brass", "total-devices"] = make.series(10, 11, 12, 12)
    (change,) = world.plan(D(2026, 1, 5)).plan.changes
    assert (change.standing, change.because) == ("held", ("POL003",))


def test_an_account_that_is_observed_is_never_on_a_work_list() -> None:
    world = brass(
        10, 8, assume=replace(APPEND, negative_units="refused"), **with_line(mode="observe")
    )
    (change,) = world.plan(D(2026, 1, 3)).plan.changes
    assert (change.standing, change.because) == ("observed", ("MOD001",))


def test_a_change_has_one_name_as_long_as_its_numbers_stay() -> None:
    one, same, other = (
        brass(10, units).plan(as_of).plan.changes[0].id
        for units, as_of in [(12, D(2026, 1, 3)), (12, D(2026, 1, 3)), (13, D(2026, 1, 3))]
    )
    assert one == same != other


def test_a_change_keeps_its_name_when_its_standing_moves() -> None:
    held = SourceStatus("file a.csv", ("datto-rmm",), None, "no such file", 2)
    ready = brass(10, 12).plan(D(2026, 1, 3)).plan.changes[0]
    waiting = brass(10, 12, sources=(held,)).plan(D(2026, 1, 3)).plan.changes[0]
    assert (ready.standing, waiting.standing) == ("ready", "held")
    assert ready.id == waiting.id


@pytest.mark.parametrize(
    ("currency", "prorated"), [("USD", "19.35"), ("JPY", "19"), ("KWD", "19.355")]
)
def test_money_is_rounded_once_at_the_currencys_exponent(currency: str, prorated: str) -> None:
    world = brass(*[10] * 16, 11, state={"currency": currency})
    row, units = world.rows[0]
    world.rows[0] = (replace(row, price=Decimal(40)), units)
    (change,) = world.plan(D(2026, 1, 18)).plan.changes
    assert str(change.money.prorated) == prorated


@settings(max_examples=30)
@given(st.integers(1, 27), st.integers(1, 20), st.integers(0, 60))
def test_an_increase_taken_back_on_its_day_costs_nothing(day: int, more: int, wait: int) -> None:
    as_of = make.START + make.ONE_DAY * (day + 1 + wait)
    values = [10] * day + [10 + more] * (wait + 1)
    up = brass(*values)
    rise = up.plan(as_of)
    up.apply(rise)
    up.series["Brass", "total-devices"] = make.series(*[10] * len(values))
    (fall,) = up.plan(as_of).plan.changes
    (raised,) = rise.plan.changes
    assert fall.day == raised.day
    assert fall.money.prorated == -raised.money.prorated
    assert fall.money.monthly == -raised.money.monthly


@settings(max_examples=30)
@given(st.lists(st.integers(0, 20), min_size=2, max_size=40))
def test_differences_add_up_to_what_the_last_day_says(values: list[int]) -> None:
    world = brass(*values)
    found = world.plan(make.START + make.ONE_DAY * len(values)).plan.changes
    assert 10 + sum(change.posts for change in found) == values[-1]
    for before, after in pairwise(found):
        assert before.units_after == after.units_before


def test_a_line_without_a_price_says_that_the_total_cannot_prove_it() -> None:
    world = brass(10, 12)
    row, units = world.rows[0]
    world.rows[0] = (replace(row, price=Decimal(0)), units)
    planned = world.plan(D(2026, 1, 3))
    assert codes(planned) == ["KNW008"]
    assert of_day(list(planned.plan.changes), D(2026, 1, 2)).standing == "ready"


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(-3, 12), st.sampled_from(["20", "30", "7.5"])), min_size=1, max_size=4
    ).filter(lambda rows: sum(units for units, _ in rows) >= 0)
)
def test_a_price_change_counts_each_row_from_its_own_price(rows: list[tuple[int, str]]) -> None:
    units = sum(number for number, _ in rows)
    world = brass(*[units] * 20, **with_line(make.settings(price=Decimal(30))))
    world.rows = [
        (make.a_row(id=1000 + n, price=Decimal(price)), number)
        for n, (number, price) in enumerate(rows)
    ]
    world.facts = []
    world.baseline()
    before = sum(number * Decimal(price) for number, price in rows)
    found = world.plan(D(2026, 1, 15)).plan.changes
    assert sum(change.money.monthly for change in found) == units * 30 - before


def test_nobody_knows_what_a_new_price_of_unknown_units_comes_to() -> None:
    world = brass(10, 10, **with_line(make.settings(price=Decimal(30))))
    world.rows.append((make.a_row(id=1001, price=Decimal(20)), 4))
    world.agreements.clear()
    (change,) = world.plan(D(2026, 1, 3)).plan.changes
    assert (change.kind, change.standing, change.money.monthly) == ("price", "held", Decimal(0))


def test_filled_days_are_named() -> None:
    world = brass(10, None, 12, **with_line(make.settings(gap_days=2)))
    (filled,) = [f for f in world.plan(D(2026, 1, 4)).plan.findings if f.code == "USG006"]
    assert "2026-01-02" in filled.message


def test_an_account_that_maps_nothing_a_line_counts_is_said() -> None:
    world = brass(10, 12)
    world.accounts = [make.desired_account(organizations={})]
    planned = world.plan(D(2026, 1, 3))
    assert changes(planned) == []
    assert "USG009" in codes(planned)
