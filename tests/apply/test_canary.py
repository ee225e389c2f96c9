"""A wrong assumption costs one line: only a write that tells append from upsert proves a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest

from reconciler.model.plan import Change
from reconciler.runs.applying import ApplyRun
from reconciler.sandbox import Behaviour
from tests.apply.story import readings
from tests.runs.truth import posts
from tests.runs.world import World, small_world

LineUpdate = Literal["append", "upsert"]
First = Literal["new line", "price"]
LATER = ("one", "two", "three")
OTHER: dict[LineUpdate, LineUpdate] = {"append": "upsert", "upsert": "append"}


def stand(world: World, first: First, assumed: LineUpdate) -> None:
    """Contracts whose line rises from 10 to 12, behind a write that looks the same either way."""
    world.service("first", "5.00", "A")
    if first == "price":
        world.row("first", 4)
    for name in LATER:
        world.service(name, "10.00", f"Contract {name}")
        world.row(name, 10)
    world.configure(**({"first": "price: 6.00"} if first == "price" else {}))
    real, world.behaviour = world.behaviour, Behaviour(line_update=assumed)
    world.baseline()
    world.behaviour = real
    world.steady("first", 4)
    for name in LATER:
        world.read(name, readings((1, 10), (11, 12)))


@pytest.fixture(params=["new line", "price"])
def first(request: pytest.FixtureRequest) -> First:
    found: First = request.param
    return found


@pytest.fixture(params=["append", "upsert"])
def wrong(request: pytest.FixtureRequest, first: First) -> Iterator[World]:
    """Posting does one thing, and is assumed to do the other."""
    real: LineUpdate = request.param
    assume = {"line_update": OTHER[real]}
    with small_world(behaviour=Behaviour(line_update=real), assume=assume) as world:
        stand(world, first, OTHER[real])
        yield world


def results(done: ApplyRun) -> list[str]:
    return [entry.result for entry in done.applied]


def test_a_write_that_looks_the_same_either_way_proves_nothing(wrong: World) -> None:
    done = wrong.apply(how="schedule")
    assert results(done) == ["done", "does-not-fit", "not-reached", "not-reached"]
    assert done.stopped is not None
    assert "a write did not fit" in done.stopped
    assert [wrong.units(name) for name in LATER].count(10) == 2


@pytest.mark.parametrize("line_update", ["append", "upsert"])
def test_a_right_assumption_writes_behind_a_new_line_and_a_price(
    first: First, line_update: LineUpdate
) -> None:
    with small_world(behaviour=Behaviour(line_update=line_update)) as world:
        stand(world, first, line_update)
        assert set(results(world.apply(how="schedule"))) == {"done"}
        assert [world.units(name) for name in LATER] == [12, 12, 12]


def test_a_total_that_contradicts_a_write_stops_a_run_that_was_proved() -> None:
    with small_world() as world:
        for name in LATER:
            world.service(name, "10.00", f"Contract {name}")
            world.row(name, 10)
        world.configure()
        world.baseline()
        for name in LATER:
            world.read(name, readings((1, 10), (11, 12)))
        written: list[Change] = []

        def edit(moment: str, change: Change) -> None:
            if moment == "read-back":
                written.append(change)
            if moment == "read-back" and len(written) == 2:
                world.sandbox.ui.add_line(
                    world.contracts[change.line.contract],
                    world.sandbox.add_service("Firewall", "40.00"),
                    1,
                    change.day,
                )

        done = world.apply(watch=edit)
        assert results(done) == ["done", "does-not-fit", "not-reached"]
        assert done.stopped is not None
        assert posts(world) == 2


def test_a_write_that_bms_refused_leaves_the_next_one_a_canary(wrong: World) -> None:
    wrong.sandbox.faults.arm("refuse", path="/v2/finance/contracts/recurringservices/*/services")
    done = wrong.apply(how="schedule")
    assert results(done).count("refused") == 1
    assert results(done).count("does-not-fit") == 1
    assert done.stopped is not None
