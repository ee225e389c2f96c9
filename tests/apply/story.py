"""One story to disturb: two contracts, four changes, and runs until nothing moves any more."""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reconciler.model.errors import ReconcilerError
from reconciler.model.plan import Change, Plan
from reconciler.sandbox import Behaviour
from tests.runs.truth import Rules, Story, doubled, wrong
from tests.runs.world import TODAY, World

FIRST = date(2026, 11, 1)
MODES = [("append", True), ("append", False), ("upsert", True), ("upsert", False)]


def readings(*steps: tuple[int, int]) -> dict[date, int]:
    """Readings up to yesterday, moving on days of November."""
    found: dict[date, int] = {}
    for n in range((TODAY - FIRST).days):
        day = FIRST + timedelta(n)
        units = [units for on, units in steps if on <= day.day]
        if units:
            found[day] = units[-1]
    return found


STORIES = {
    "alpha": Story([(date(2026, 1, 1), 3)], readings((1, 3), (10, 5), (15, 4)), Rules()),
    "beta": Story([], readings((20, 1)), Rules()),
    "gamma": Story([(date(2026, 2, 1), 2)], readings((1, 2), (12, 6)), Rules()),
}


@contextmanager
def told(
    line_update: Any = "append", *, note: bool = True, price: str = "", **behaviour: Any
) -> Iterator[World]:
    """A world with the story in it; ``price``: a new one for alpha."""
    pattern = _pattern(Behaviour(line_update=line_update, **behaviour), price, note=note)
    with TemporaryDirectory() as folder:
        world = pattern.copied(Path(folder))
        try:
            yield world
        finally:
            world.close()


@cache
def _pattern(behaviour: Behaviour, price: str, *, note: bool) -> World:
    """What many tests begin with, made once."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    world = World(Path(folder.name), behaviour=behaviour, note=note, on_disk=True)
    for name, cost, contract in (
        ("alpha", "7.15", "Managed Services"),
        ("beta", "4.25", "Managed Services"),
        ("gamma", "11.00", "Backup"),
    ):
        world.service(name, cost, contract)
        for day, units in STORIES[name].rows:
            world.row(name, units, day)
    world.configure(**({"alpha": f"price: {price}"} if price else {}))
    for name, story in STORIES.items():
        world.read(name, story.readings)
    world.baseline()
    world.plan()
    world.close()
    return world


class Killed(BaseException):
    """The process ends here."""


def disturbed(world: World, watch: Any = None) -> None:
    """One apply; what it raises as an expected failure, or by being killed, ends only it."""
    try:
        world.apply(**({"watch": watch} if watch else {}))
    except (ReconcilerError, Killed):
        return


def settled(world: World, runs: int = 5) -> Plan:
    """Run again at once and after an hour each, until nothing is left to write."""
    disturbed(world)
    for _ in range(runs):
        world.sandbox.advance(timedelta(minutes=61))
        disturbed(world)
        with suppress(ReconcilerError):
            plan = world.plan()
            if plan.verdict == "in-step":
                return plan
    return world.plan()


def waiting(plan: Plan) -> list[Change]:
    return [change for change in plan.changes if change.standing in ("ready", "proposed")]


def check(world: World, *, stories: dict[str, Story] | None = None, doubts: bool = False) -> None:
    """Every line is right, or its contract is reported in doubt; nothing came twice."""
    plan = settled(world)
    found = {f.subject.contract for f in plan.findings if f.code == "KNW005"}
    assert doubts or not found, [f.message for f in plan.findings]
    assert {f.code for f in plan.findings if f.blocks} <= {"KNW005"}, plan.findings
    assert plan.verdict == ("person-needed" if found else "in-step")
    assert not waiting(plan)
    for name, story in (stories or STORIES).items():
        if world.homes[name] not in found:
            assert not wrong(world, name, story)
    assert not doubled(world)
