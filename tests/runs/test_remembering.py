"""Only a run that looked at every line says so to those that come later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from reconciler.report import plan_json
from reconciler.runs.applying import ApplyOptions, apply
from tests.apply.test_faults import POST
from tests.runs.conftest import MakeWorld
from tests.runs.world import TODAY, World

ACCOUNT = "Brass Building Supplies"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Ten endpoints, of which fourteen are used."""
    made = make_world()
    made.service("endpoint")
    made.row("endpoint", 10)
    made.configure()
    made.baseline()
    made.steady("endpoint", 14)
    return made


def test_a_run_says_as_of_which_day_it_looked(world: World) -> None:
    world.apply()
    assert world.ledger.remember().looks == (TODAY,)
    world.sandbox.advance(timedelta(days=1))
    world.apply("schedule")
    assert world.ledger.remember().looks == (TODAY, TODAY + timedelta(days=1))


@pytest.mark.parametrize("options", [{"accounts": (ACCOUNT,)}, {"correct": True}])
def test_a_run_of_some_lines_says_nothing_of_the_others(
    world: World, options: dict[str, Any]
) -> None:
    (done,) = world.apply().applied
    world.sandbox.advance(timedelta(days=1))
    asked = {"correct": (done.ref,)} if "correct" in options else options
    apply(world.around, world.ledger, ApplyOptions("a test", "terminal", **asked))
    assert world.ledger.remember().looks == (TODAY,)


def test_neither_does_one_of_a_plan_of_another_day(world: World) -> None:
    reviewed = plan_json.loads(plan_json.dumps(world.plan()))
    world.sandbox.advance(timedelta(days=1))
    world.apply(reviewed=reviewed)
    assert world.ledger.remember().looks == ()


def test_one_that_came_to_no_end_is_no_look(world: World) -> None:
    world.sandbox.faults.arm("http-429", path=POST, times=50)
    assert world.apply().stopped is not None
    assert world.ledger.remember().looks == ()
