"""An approval that fits no change of today: only of what can come true is it told that it will."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.caused import Caused, caused
from reconciler.model.approval import Approval
from reconciler.model.desired import Reference
from tests.engine import builders as make
from tests.engine.play import World
from tests.engine.test_foreseen import COUNTED, TODAY, in_advance, of, shop


def given(*approvals: Approval, world: World | None = None, day: date = TODAY) -> Caused:
    world = world or shop(of(), *COUNTED)
    return caused(world.entry(day, approved=approvals), world.entry(day))


def test_what_the_running_period_comes_to_by_forecast_is_approved_in_advance() -> None:
    approval = in_advance(of(), *COUNTED)
    found = given(approval)
    assert (found.planned.plan.changes, found.ahead, found.unfit) == ((), (approval,), ())


@pytest.mark.parametrize(
    "wrong",
    [
        {"change": "0123456789abcdef"},
        {"account": "Bras"},
        {"service": "workstatoin"},
        {"to_units": 15},
        {"monthly": Decimal(1)},
    ],
)
def test_what_differs_in_anything_lets_nothing_be_written(wrong: dict[str, Any]) -> None:
    approval = replace(in_advance(of(), *COUNTED), **wrong)
    found = given(approval)
    assert (found.ahead, found.unfit) == ((), (approval,))


def test_the_last_week_of_the_month_is_looked_at_beside_the_running_one() -> None:
    """Its true-up has them all."""
    world = shop(of(), *[10] * 17, 14, 12)
    world.contracts = [make.a_contract(billing_cycle="Weekly")]
    weeks = world.plan(TODAY, true_up=date(2026, 1, 1)).plan.changes
    assert [(change.day.day, change.units_after) for change in weeks] == [(18, 14), (1, 12)]
    found = given(*(make.approval(change) for change in weeks), world=world)
    assert (len(found.ahead), found.unfit) == (2, ())


def test_a_change_of_today_is_neither() -> None:
    world = shop(make.desired_account(make.line()), *COUNTED)
    (change,) = world.plan(TODAY).plan.changes
    found = given(make.approval(change), world=world)
    assert (found.ahead, found.unfit) == ((), ())


def test_a_line_that_bms_has_not_has_nothing_ahead() -> None:
    approval = in_advance(of(), *COUNTED)
    world = shop(replace(of(), account=Reference(name="nobody")), *COUNTED)
    assert given(approval, world=world).unfit == (approval,)
