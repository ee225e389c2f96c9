"""On the day of a step BMS may count it or not; neither side hides an edit, nor looks like one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reconciler.sandbox import Behaviour
from tests.runs.world import World, small_world

NIGHT = datetime(2026, 12, 1, 0, 30, tzinfo=ZoneInfo("America/New_York"))
"""Half an hour after our midnight; on the west coast it is November still."""


@pytest.fixture(params=["America/New_York", "America/Los_Angeles"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Ten units fall to eight on the first of December, beside a line that is not ours."""
    with small_world(
        policy="increase: change-date, decrease: next-period",
        behaviour=Behaviour(time_zone=request.param),
    ) as world:
        world.service("alpha", "20.00")
        world.row("alpha", 10)
        other = world.sandbox.add_service("Firewall", "40.00")
        world.sandbox.add_line(world.contract, other, 1, world.start)
        world.configure()
        world.baseline()
        world.steady("alpha", 10)
        world.plan()
        world.sandbox.set_clock(NIGHT)
        world.read("alpha", {date(2026, 11, n): 10 if n < 21 else 8 for n in range(1, 31)})
        world.apply(how="schedule")
        yield world


def two_days_later(world: World) -> None:
    world.sandbox.set_clock(NIGHT + timedelta(hours=30))
    world.read("alpha", {date(2026, 12, 1): 8})


def test_a_step_of_today_is_in_step_whatever_day_bms_has(world: World) -> None:
    assert world.plan().verdict == "in-step"
    two_days_later(world)
    assert world.plan().verdict == "in-step"
    assert world.units("alpha") == 8


def test_an_edit_that_undoes_the_step_the_same_day_is_found(world: World) -> None:
    first = next(r for r in world.sandbox.tables().rows() if r.service == "alpha")
    world.sandbox.ui.edit_units(first.row_id, 12)
    world.plan()
    two_days_later(world)
    plan = world.plan()
    (drift,) = [found for found in plan.findings if found.code == "KNW002"]
    assert "+40.00" in drift.message
    assert "one of these would explain it: alpha from 8 to 10, +1 of Firewall" in drift.message
