"""What lapsed is told like what waited was told, by the first plan that looks at less, and on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.bms import Invoice
from reconciler.model.finding import Finding
from tests.engine import builders as make
from tests.engine.play import World, brass
from tests.engine.test_lapses import FELL, LATE, ROSE, STRICT

D = date
EVENING, AFTER = D(2026, 3, 1), D(2026, 3, 2)
BACK = (*[10] * 19, *[20] * 6, *[10] * 60)
"""Ten more from the twentieth to the twenty-fifth of January."""
BOTH = (*[10] * 19, *[20] * 6, *[2] * 60)


def world(*values: int | None, price: str = "20.00", **settings: Any) -> World:
    """Ten workstations since December, a guard that holds, and invoices up to March."""
    line = make.line(make.settings(**{**LATE, **settings}))
    found = brass(*values, accounts=[make.desired_account(line)], state={"guards": STRICT})
    found.rows = [
        (make.a_row(date=row.date, price=Decimal(price)), units) for row, units in found.rows
    ]
    found.invoices = [Invoice(1, 10, D(2025, 12, 1), D(2026, 3, 31), made=D(2026, 1, 1))]
    return found


def told(found: World, day: date, code: str = "POL007") -> list[Finding]:
    """By the run of that night, which writes nothing."""
    return [one for one in found.night(day, ()).plan.findings if one.code == code]


def message(found: World, day: date) -> str:
    (one,) = told(found, day)
    return one.message


def test_a_rise_that_was_back_before_it_lapsed_is_told_though_nothing_is_to_change() -> None:
    found = world(*BACK)
    (before,) = told(found, EVENING, "POL009")
    assert before.message.endswith("what they come to, +38.71 USD, is never billed")
    planned = found.plan(AFTER).plan
    assert planned.changes == ()
    (after,) = told(found, AFTER)
    assert after.message.endswith(
        "no plan looks any more at days before 2026-02-01 that are invoiced, and what they come to,"
        " +38.71 USD, is never billed (20 units from 2026-01-20 to 2026-01-25, where BMS has 10)"
    )
    assert after.remedy == "bill that money in BMS by hand"


@pytest.mark.parametrize("day", [AFTER, D(2026, 3, 9)])
def test_it_is_told_by_the_first_run_after_it_lapsed_whenever_that_is(day: date) -> None:
    found = world(*BACK)
    found.night(EVENING, ())
    assert "+38.71 USD" in message(found, day)


def test_where_both_directions_are_lost_each_has_its_sum_and_both_are_to_be_done() -> None:
    found = world(*BOTH)
    lacks, too_much = told(found, EVENING, "POL009")
    assert "+38.71 USD, is never billed" in lacks.message
    assert "30.97 USD, is never credited" in too_much.message
    (after,) = told(found, AFTER)
    assert after.message.endswith(
        "what they come to, +38.71 USD, is never billed (20 units from 2026-01-20 to 2026-01-25,"
        " where BMS has 10), and what is billed too much for them, 30.97 USD, is never credited"
        " (2 units from 2026-01-26 to 2026-01-31, where BMS has 10)"
    )
    assert "bill what the message says is never billed, and credit what it" in after.remedy


def test_at_a_negative_price_a_rise_is_to_be_credited_and_a_fall_to_be_billed() -> None:
    """A discount: more of it is less money."""
    for values, way, remedy in (
        (ROSE, "what is billed too much for them, 77.42 USD, is never credited", "credit that"),
        (FELL, "what they come to, +69.68 USD, is never billed", "bill that"),
    ):
        found = world(*values, price="-20.00")
        (before,) = told(found, EVENING, "POL009")
        assert way in before.message
        (after,) = told(found, AFTER)
        assert way in after.message
        assert after.remedy.startswith(remedy)


def test_later_plans_say_the_same_though_the_readings_of_those_days_are_gone() -> None:
    found = world(*BOTH)
    found.night(EVENING, ())
    first = message(found, AFTER)
    found.series = {("Brass", "total-devices"): make.series(*[2] * 60, first=D(2026, 1, 28))}
    assert message(found, D(2026, 3, 28)) == first
    assert message(found, D(2026, 4, 1)) == first


def test_nothing_is_told_again_when_the_next_month_lapses() -> None:
    found = world(*BACK)
    for day in (EVENING, AFTER, D(2026, 4, 1)):
        found.night(day, ())
    assert told(found, D(2026, 4, 2)) == []


def test_another_from_leaves_nothing_lost() -> None:
    found = world(*ROSE)
    for day in (EVENING, AFTER):
        found.night(day, ())
    line = make.line(make.settings(**LATE), start=D(2026, 2, 1))
    found.accounts = [make.desired_account(line)]
    assert told(found, D(2026, 3, 3)) == []


def test_what_is_only_observed_is_billed_by_others() -> None:
    found = world(*ROSE)
    found.state = {**found.state, "mode": "observe"}
    found.accounts = [make.desired_account(make.line(make.settings(**LATE)), mode="observe")]
    found.night(EVENING, ())
    assert told(found, AFTER) == []


def test_a_price_of_zero_loses_nothing() -> None:
    assert told(world(*ROSE, price="0.00"), AFTER) == []


LATER = {("Brass", "total-devices"): make.series(*[20] * 60, first=D(2026, 1, 25))}
"""Readings of the first days are not at hand, and no run has told of them."""


@pytest.mark.parametrize("over", ["last", "peak"])
def test_without_some_of_the_readings_only_the_least_is_told(over: str) -> None:
    found = world(over=over)
    found.series = LATER
    assert "what they come to, at least +45.16 USD, is never billed (20 units from 2026-01-25" in (
        message(found, AFTER)
    )


def test_without_some_of_the_readings_nothing_is_told_of_an_average() -> None:
    found = world(over="average")
    found.series = LATER
    assert told(found, AFTER) == []


def test_of_days_that_go_up_and_down_the_first_are_named_and_the_last() -> None:
    found = world(*[10, 20] * 15, 10, *[10] * 60)
    found.night(EVENING, ())
    assert message(found, AFTER).endswith(
        "20 units on 2026-01-08, where BMS has 10; and 11 times more up to 2026-01-30)"
    )


@given(st.lists(st.integers(0, 20), min_size=31, max_size=31), st.integers(0, 20))
def test_what_is_lost_is_what_was_told_while_it_waited(january: Sequence[int], since: int) -> None:
    """At a price of which each day is a whole amount."""
    found = world(*january, *[since] * 60, price="31.00")
    before = {_lost(one.message) for one in told(found, EVENING, "POL009")}
    after = {part for one in told(found, AFTER) for part in one.message.split(", and what ")[1:]}
    assert {_lost(part) for part in after} == before


def _lost(said: str) -> tuple[str, str]:
    """How much, and whether it is to be billed."""
    money = said.partition(" USD")[0].rpartition(", ")[2]
    return money, "billed" if "is never billed" in said else "credited"
