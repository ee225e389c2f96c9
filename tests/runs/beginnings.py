"""Where many stories begin: lines of ten units each that a person made before us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tests.ledger.branch.copies import git
from tests.runs.world import HOME, World


def tens(world: World, homes: Mapping[str, str] | None = None, price: str = "10.00") -> World:
    """A line of ten for each service, configured and told to the ledger; ``homes``: the contract of
    each, and without them alpha and beta on one."""
    for name, contract in (homes or dict.fromkeys(("alpha", "beta"), HOME)).items():
        world.service(name, price, contract)
        world.row(name, 10)
    world.configure()
    world.baseline()
    return world


def steady(world: World, units: int) -> None:
    """Every service was read with so many units on each day."""
    for name in world.services:
        world.steady(name, units)


def rising(world: World, homes: Mapping[str, str]) -> World:
    """Lines that were in step with ten units, and of which twelve are wanted now."""
    tens(world, homes)
    steady(world, 10)
    world.plan()
    steady(world, 12)
    return world


def nightly(world: World) -> World:
    """Two lines that are written every night; usage moves alpha since the last one."""
    tens(world)
    steady(world, 10)
    world.apply(how="schedule")
    world.read("alpha", {date(2026, 11, day): 12 for day in range(10, 23)})
    return world


def repository(world: World, message: str = "a configuration") -> None:
    """The configuration as the first commit on `main`."""
    git(world.folder, "init", "--quiet", "--initial-branch=main")
    commit(world, message)


def commit(world: World, message: str) -> str:
    """The configuration as it is now; the commit's name."""
    git(world.folder, "add", "billing-config")
    git(world.folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(world.folder, "rev-parse", "HEAD")
