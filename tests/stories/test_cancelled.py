"""A customer cancels a product: its readings stop before the line's last day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.runs.conftest import MakeWorld
from tests.stories.book import days

D = date
NIGHT, ENDS = D(2026, 12, 2), D(2026, 11, 30)


@pytest.mark.parametrize("gone", [True, False])
def test_a_line_ends_on_its_last_day_though_nothing_is_read_any_more(
    make_world: MakeWorld, *, gone: bool
) -> None:
    world = make_world(may_fall_to_zero=False, guards="{percent: 30, line: 1000}")
    for name in ("edr", "backup"):
        world.service(name)
        world.row(name, 5)
    world.configure()
    for name in ("edr", "backup"):
        world.steady(name, 5)
    world.baseline()
    world.configure(backup=f"last_day: {ENDS}")
    world.apply("schedule")
    for day in days(D(2026, 11, 23), NIGHT - timedelta(days=1)):
        # Its organization is gone, or is left with nothing.
        world.read("edr", {day: 5})
        if not gone:
            world.read("backup", {day: 0})
    world.sandbox.set_clock(ENDS)
    assert "ready" not in [c.standing for c in world.plan().changes]
    world.sandbox.set_clock(NIGHT)
    world.apply("schedule")
    assert (world.units("edr"), world.units("backup")) == (5, 0)
    assert world.plan().verdict == "in-step"
    ended = list(world.sandbox.tables().history())[-1]
    assert ended.date == (D(2026, 12, 1) if gone else D(2026, 11, 23))
