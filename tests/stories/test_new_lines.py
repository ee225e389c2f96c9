"""A line that BMS did not have: its first period is billed, whenever the run comes."""

from __future__ import annotations

from datetime import date

import pytest

from tests.runs.conftest import MakeWorld
from tests.stories.book import DAY, DECEMBER, NOVEMBER, days, right, steps
from tests.stories.conftest import MakeBook

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


@pytest.mark.parametrize("row", [2, None], ids=["a-persons-row", "none-yet"])
def test_what_a_true_up_wrote_from_a_lines_first_day_stands(
    make_book: MakeBook, row: int | None
) -> None:
    """A commitment of 20 up to the 16th and 10 in use, on a contract that begins with November."""
    book = make_book(start=NOVEMBER, at_first=0, at_start=False, policy=PEAK)
    book.service("backup", book.price)
    if row is not None:
        book.row("backup", row)
        book.baseline()
    book.configure(backup=f"{PEAK}, commitment: {{floor: 20, until: 2026-11-16, reason: agreed}}")
    used = dict.fromkeys(days(NOVEMBER, D(2026, 11, 30)), 10)
    book.read("backup", used)
    unused = dict.fromkeys(used, 0)
    book.live(unused, DECEMBER, runs=[NOVEMBER, DECEMBER])
    assert book.invoiced() == right(steps({NOVEMBER: 20, D(2026, 11, 17): 10}, max(used)))
    assert book.plan().verdict == "in-step"
