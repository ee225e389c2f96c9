"""What is said of a count that days are missing from, on the day that its rules change."""

from __future__ import annotations

from datetime import timedelta

from tests.runs.conftest import MakeWorld

DAY = timedelta(days=1)


def test_the_day_of_an_edit_is_not_closed_and_so_not_missing(make_world: MakeWorld) -> None:
    world = make_world()
    world.service("edr")
    world.row("edr", 10)
    world.configure(edr="over: peak")
    world.baseline()
    today = world.sandbox.today()
    first, hole = today.replace(day=1), today.replace(day=5)
    readings = {first + n * DAY: 10 for n in range((today - first).days)}
    readings.pop(hole)
    world.read("edr", readings)
    world.apply("terminal")
    world.configure(edr="over: peak, included: 2")
    (found,) = [one for one in world.plan().findings if one.code == "USG015"]
    assert f"no reading of {hole} of edr: " in found.message
    assert str(today) not in found.message
