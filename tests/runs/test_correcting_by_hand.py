"""What a correction leaves to a person is asked for from its own day, until it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reconciler.runs.left_by_hand import left_by_hand
from reconciler.sandbox import Behaviour
from tests.runs.conftest import MakeWorld
from tests.runs.test_correcting import (
    NINTH,
    asked,
    edited,
    mended,
    pass_nights,
    written,
)
from tests.runs.truth import billed
from tests.runs.world import TODAY, World

REFUSED = Behaviour().changed({"negative_units": "refused"})


def to_do(world: World) -> list[tuple[object, ...]]:
    return [
        (one.day, one.units_before, one.units_after, one.cause, one.standing)
        for one in world.plan().changes
    ]


def taken_back(world: World) -> None:
    """A person sets the row of the write to nothing."""
    newest = max(row.row_id for row in world.sandbox.tables().rows())
    world.sandbox.ui.edit_units(newest, 0)


@pytest.mark.parametrize("nights", [0, 3])
def test_an_edit_that_is_undone_is_taken_back_from_its_own_day(
    make_world: MakeWorld, nights: int
) -> None:
    """Whether or not runs saw since that it was undone: they ask for less, from a later day."""
    world, ref = edited(make_world, behaviour=REFUSED)
    pass_nights(world, nights)
    assert asked(world, ref).applied == ()
    for _ in range(2):
        pass_nights(world, 1)
        assert to_do(world) == [(TODAY, 14, 10, "correction", "by-hand")]
    taken_back(world)
    assert world.plan().changes == ()
    assert billed(world, "endpoint", TODAY) == 10
    pass_nights(world, 1)
    assert world.plan().verdict == "in-step"


def test_so_is_what_a_wrong_reading_wrote(make_world: MakeWorld) -> None:
    """Whatever the policy says of lines that fall."""
    world, ref = written(make_world, behaviour=REFUSED)
    mended(world)
    assert asked(world, ref).applied == ()
    assert to_do(world) == [(NINTH, 14, 10, "correction", "by-hand")]
    taken_back(world)
    assert world.plan().changes == ()


def test_an_edit_that_still_stands_counts_from_the_next_run_on(make_world: MakeWorld) -> None:
    """As where BMS takes the correction."""
    world, ref = edited(make_world, behaviour=REFUSED)
    world.configure(endpoint="minimum: 14")
    asked(world, ref)
    day = TODAY + timedelta(1)
    pass_nights(world, 1)
    assert to_do(world) == [(TODAY, 14, 10, "correction", "by-hand")]
    taken_back(world)
    pass_nights(world, 1)
    assert [billed(world, "endpoint", one) for one in (TODAY, day)] == [10, 14]
    assert to_do(world) == []


def test_what_is_held_is_left_to_nobody(make_world: MakeWorld) -> None:
    world, ref = written(make_world)
    world.guards = "{line: 20}"
    world.configure()
    asked(world, ref)
    assert left_by_hand(world.ledger) == ()
