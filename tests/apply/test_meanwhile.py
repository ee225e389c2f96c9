"""An edit made in BMS between the plan's reading and the write is not written over."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from reconciler.bms.pace import Pace
from reconciler.model.outcome import Applied
from reconciler.model.plan import Change
from reconciler.sandbox import Behaviour
from tests.apply.story import readings
from tests.runs.truth import posts
from tests.runs.world import World, small_world


def stand(world: World) -> None:
    """Two contracts with a line of 10 that rises to 12."""
    for name, contract in (("alpha", "A"), ("beta", "B")):
        world.service(name, "3.00", contract)
        world.row(name, 10)
        world.read(name, readings((1, 10), (11, 12)))
    world.configure()
    world.baseline()
    world.plan()


def edit(world: World, service: str, units: int) -> None:
    rows = [r for r in world.sandbox.tables().rows() if r.service_id == world.services[service]]
    world.sandbox.ui.edit_units(rows[-1].row_id, units)


def editing(world: World, when: tuple[str, str], service: str, units: int) -> Any:
    """A person edits a line when a moment of another comes."""

    def watch(moment: str, change: Change) -> None:
        if (moment, change.line.service) == when:
            edit(world, service, units)

    return watch


@pytest.fixture(params=["append", "upsert"])
def behaviour(request: pytest.FixtureRequest) -> Behaviour:
    return Behaviour(line_update=request.param)


def untouched(entry: Applied) -> None:
    assert entry.result == "not-reached"
    assert "changed in BMS since it was planned" in entry.detail


def test_a_contract_edited_while_another_is_written_is_left_alone(behaviour: Behaviour) -> None:
    with small_world(behaviour=behaviour) as world:
        stand(world)
        done = world.apply(watch=editing(world, ("agreed", "alpha"), "beta", 20))
        alpha, beta = done.applied
        assert alpha.result == "done"
        untouched(beta)
        assert done.stopped is None
        assert (world.units("alpha"), world.units("beta"), posts(world)) == (12, 20, 1)
        assert not world.ledger.remember().open_intents
        assert {f.code for f in world.plan().findings} >= {"KNW002"}


def test_a_contract_edited_while_a_person_confirms_is_left_alone(behaviour: Behaviour) -> None:
    with small_world(behaviour=behaviour) as world:
        stand(world)

        def confirm(*_: object) -> bool:
            edit(world, "alpha", 17)
            return True

        done = world.apply(confirm=confirm)
        alpha, beta = sorted(done.applied, key=lambda entry: entry.change.line.service)
        untouched(alpha)
        assert beta.result == "done"
        assert (world.units("alpha"), world.units("beta"), posts(world)) == (17, 12, 1)


def test_the_look_comes_after_the_waiting_that_the_write_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else an edit made while the run waits for BMS's limit would be written over."""
    monkeypatch.setattr("reconciler.bms.client.Pace", partial(Pace, 4))
    with small_world() as world:
        stand(world)
        world.read("alpha", readings((1, 10), (5, 11), (8, 12), (11, 13), (14, 14)))
        started = world.sandbox.now()
        done = world.apply()
        assert {entry.result for entry in done.applied} == {"done"}
        requests = world.sandbox.tables().requests()
        last = max(n for n, request in enumerate(requests) if request.path.endswith("/services"))
        post, look = requests[last], requests[last - 1]
        assert post.at - started > timedelta(minutes=59)
        assert look.path == "/v2/finance/contracts/summary"
        assert post.at - look.at < timedelta(minutes=1)
