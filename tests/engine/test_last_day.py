"""The end of a line: its day, and what an invoice that covers it leaves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reconciler.model.bms import Invoice
from tests.engine import builders as make
from tests.engine.play import World, brass, changes
from tests.engine.test_desired import ask, ten

D = date
ENDS = D(2026, 1, 15)
WAITS: list[dict[str, Any]] = [
    {"decrease": "next-period"},
    {"late": "next-period"},
    {"credits": "hold"},
    {"decrease": "never", "late": "hold"},
    {"decrease": "period-start", "late": "hold"},
]


def ending(invoiced: int = 1, **policy: Any) -> World:
    """Ten workstations until 15 January; that many months are invoiced at their starts."""
    line = make.line(make.settings(**policy), last_day=ENDS)
    world = brass(*[10] * 90, accounts=[make.desired_account(line)])
    through = [D(2026, 1, 31), D(2026, 2, 28), D(2026, 3, 31)]
    for number, last in enumerate(through[:invoiced]):
        world.invoices.append(Invoice(number, 10, last.replace(day=1), last))
    return world


def test_a_line_ends_on_the_day_after_where_decreases_are_prorated() -> None:
    found = changes(ending(decrease="change-date").plan(D(2026, 1, 20)))
    assert found == [("2026-01-16", 10, 0, "ready")]


@pytest.mark.parametrize("policy", WAITS)
def test_it_ends_with_what_is_invoiced_where_no_decrease_may_be_dated_there(
    policy: dict[str, Any],
) -> None:
    world = ending(**policy)
    for day in (D(2026, 1, 10), D(2026, 1, 20)):
        assert changes(world.plan(day)) == [("2026-02-01", 10, 0, "scheduled")]
    assert changes(world.plan(D(2026, 2, 1))) == [("2026-02-01", 10, 0, "ready")]


@pytest.mark.parametrize("policy", WAITS)
def test_it_stays_ended_once_the_next_period_is_invoiced_too(policy: dict[str, Any]) -> None:
    world = ending(**policy)
    assert world.apply(world.plan(D(2026, 2, 1))) == 1
    world.invoices.append(Invoice(9, 10, D(2026, 2, 1), D(2026, 2, 28)))
    for day in (D(2026, 2, 1), D(2026, 2, 2), D(2026, 3, 1)):
        assert changes(world.plan(day)) == []


@pytest.mark.parametrize("policy", WAITS)
def test_what_was_missed_before_an_invoice_ends_after_it(policy: dict[str, Any]) -> None:
    world = ending(invoiced=2, **policy)
    assert changes(world.plan(D(2026, 2, 2))) == [("2026-03-01", 10, 0, "scheduled")]
    assert changes(world.plan(D(2026, 3, 1))) == [("2026-03-01", 10, 0, "ready")]


def test_what_waits_for_a_period_after_the_end_is_forgotten() -> None:
    policy = make.settings(decrease="next-period", credits="hold")
    found = ask(
        policy, values=[10] * 5 + [8] * 30, known=ten(), last_day=ENDS, closed=D(2026, 1, 31)
    )
    assert [units for _, units in found.timeline.steps] == [10, 0]
    assert found.timeline.at(D(2026, 2, 1)) == 0
