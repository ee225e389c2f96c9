"""A contract whose every row is read again has its total read again as well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from reconciler.model.plan import Plan
from reconciler.runs.applying import ApplyOptions, apply
from reconciler.runs.asked import PlanOptions
from reconciler.runs.planning import plan
from reconciler.runs.surroundings import Surroundings
from tests.apply.story import readings
from tests.runs.conftest import MakeWorld
from tests.runs.truth import posts
from tests.runs.world import TODAY, World


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Ten endpoints where 12 are wanted; the contract is not adopted yet, so it is read again."""
    world = make_world()
    world.service("endpoint")
    world.row("endpoint", 10)
    world.configure()
    world.baseline()
    world.read("endpoint", readings((1, 10), (9, 12)))
    return world


def meanwhile(world: World, act: Callable[[], object]) -> Surroundings:
    """Somebody acts in BMS between the first reading and the next."""
    acts = [act]

    def progress(message: str) -> None:
        if message.startswith("Reading every line") and acts:
            acts.pop()()

    return replace(world.around, progress=progress)


def stranger(world: World) -> Callable[[], object]:
    """A person will add a line that we do not manage."""
    service = world.sandbox.add_service("Onsite Hours", "30.00")
    return lambda: world.sandbox.ui.add_line(world.contract, service, 1, TODAY)


def codes(made: Plan) -> set[str]:
    return {found.code for found in made.findings}


def test_a_line_added_meanwhile_is_in_the_rows_and_in_the_total(world: World) -> None:
    """Held against the total before it, the contract would be called drifted from then on."""
    run = plan(meanwhile(world, stranger(world)), world.ledger, PlanOptions())
    (contract,) = run.seen.contracts
    assert contract.total == 130
    assert "KNW002" not in codes(run.planned.plan) | codes(world.plan())
    assert {entry.result for entry in world.apply().applied} == {"done"}


def test_an_apply_writes_after_a_line_was_added_meanwhile(world: World) -> None:
    around = meanwhile(world, stranger(world))
    done = apply(around, world.ledger, ApplyOptions("a test", "terminal"))
    assert done is not None
    assert [entry.result for entry in done.applied] == ["done"]
    assert world.units("endpoint") == 12


def test_an_edit_made_meanwhile_is_seen_and_not_written_over(world: World) -> None:
    row = world.sandbox.ui.read_units()[0].row_id
    around = meanwhile(world, lambda: world.sandbox.ui.edit_units(row, 17))
    done = apply(around, world.ledger, ApplyOptions("a test", "terminal"))
    assert done is not None
    assert done.applied == ()
    assert (world.units("endpoint"), posts(world)) == (17, 0)
