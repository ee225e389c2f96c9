"""A line that BMS did not have: its first period is billed, whenever the run comes."""

from __future__ import annotations

from datetime import date

import pytest

from tests.runs.conftest import MakeWorld
from tests.stories.book import DAY, DECEMBER, days

D = date
PEAK = (
    "adjust: month-end, over: peak, increase: period-start, decrease: next-period,"
    " late: prorated-transaction"
)


@pytest.mark.parametrize("night", [DECEMBER, D(2026, 12, 2), D(2026, 12, 9)])
@pytest.mark.parametrize("policy", [PEAK, ""])
def test_a_missed_first_of_the_month_loses_no_new_line_its_first_period(
    make_world: MakeWorld, night: date, policy: str
) -> None:
    world = make_world(policy=policy)
    world.service("edr")
    world.row("edr", 5)
    world.configure()
    world.steady("edr", 5)
    world.baseline()
    world.apply("schedule")
    # In the configuration since the 23rd, and nobody runs again before the month is over.
    world.service("backup")
    world.configure()
    world.apply("schedule")
    for day in days(D(2026, 11, 23), night - DAY):
        world.read("edr", {day: 5})
        world.read("backup", {day: 12})
    world.sandbox.set_clock(night)
    new = [(c.line.service, c.day, c.units_after) for c in world.plan().changes]
    assert new == [("backup", D(2026, 11, 23), 12)]
    world.apply("schedule")
    assert world.units("backup") == 12
    assert world.plan().verdict == "in-step"
