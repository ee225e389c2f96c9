"""When nothing may be written nothing is, and a wrong assumption costs one write at most."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from reconciler.cli.commands.apply import exit_of
from reconciler.cli.exits import Exit
from reconciler.runs.applying import ApplyOptions, ApplyRun, apply
from reconciler.sandbox import Behaviour
from tests.runs.conftest import MakeWorld
from tests.runs.truth import posts
from tests.runs.world import TODAY, World

FIRST = date(2026, 11, 1)


def stand(world: World) -> World:
    """Three lines on two contracts; the usage of each has moved twice."""
    for name, price, home in (
        ("alpha", "7.15", "Managed Services"),
        ("beta", "4.25", "Managed Services"),
        ("gamma", "11.00", "Backup"),
    ):
        world.service(name, price, home)
        world.row(name, 10)
    world.configure()
    for name in world.services:
        days = [FIRST + timedelta(n) for n in range((TODAY - FIRST).days)]
        world.read(name, {d: 10 + (d.day > 10) + (d.day > 15) for d in days})
    return world


def codes(world: World) -> set[str]:
    return {found.code for found in world.plan().findings}


def writes(world: World) -> int:
    """Every call that could have changed something, faults and refusals included."""
    paths = ("/services", "/bulkupdate")
    requests = world.sandbox.tables().requests()
    return sum(1 for r in requests if r.method == "POST" and r.path.endswith(paths))


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"mode": "observe"}, None),
        ({"billing_starts": None}, "MOD002"),
        ({"billing_starts": date(2027, 1, 1)}, "MOD005"),
        ({"assume": {"line_update": None}}, "MOD003"),
        ({"assume": {"negative_units": None}}, "MOD003"),
        ({"assume": {"line_update": None, "negative_units": None}}, "MOD003"),
    ],
)
def test_what_may_not_be_written_is_not(
    make_world: MakeWorld, options: dict[str, Any], code: str | None
) -> None:
    world = stand(make_world(**options))
    world.baseline()
    done = world.apply()
    assert writes(world) == 0
    assert not done.applied
    assert code is None or code in codes(world)


def test_unknown_units_are_not_written_over(make_world: MakeWorld) -> None:
    world = stand(make_world())
    world.apply()
    assert "KNW001" in codes(world)
    assert {name: world.units(name) for name in ("alpha", "beta")} == {"alpha": 10, "beta": 10}
    assert {p.contract_id for p in world.sandbox.tables().posts()} <= {world.contracts["Backup"]}


def test_the_one_unknown_line_of_a_contract_is_solved_from_its_total(make_world: MakeWorld) -> None:
    world = stand(make_world())
    world.apply()
    assert world.units("gamma") == 12


@pytest.mark.parametrize(
    ("real", "assumed"),
    [
        ({"line_update": "upsert"}, {"line_update": "append"}),
        ({"line_update": "append"}, {"line_update": "upsert"}),
        ({"date_zone": "local"}, {"date_zone": "utc"}),
    ],
    ids=["really-upsert", "really-append", "really-local"],
)
def test_a_canary_that_does_not_fit_stops_the_run_after_one_write(
    make_world: MakeWorld, real: dict[str, Any], assumed: dict[str, Any]
) -> None:
    world = stand(make_world(behaviour=Behaviour(**real), assume=assumed))
    baseline_as(world, assumed.get("line_update", "append"))
    done = world.apply()
    stopped(world, done)
    before = [world.units(name) for name in world.services]
    for _ in range(2):
        again = world.apply()
        assert again.applied == ()
        assert exit_of(again) is Exit.PERSON
    assert [world.units(name) for name in world.services] == before
    assert writes(world) == 1


@pytest.mark.parametrize("real", ["all", "effective"])
def test_a_wrong_reading_of_totals_shows_where_a_row_lies_ahead(
    make_world: MakeWorld, real: Any
) -> None:
    assumed = {"all": "effective", "effective": "all"}[real]
    world = make_world(behaviour=Behaviour(total_price=real), assume={"total_price": assumed})
    world.service("alpha")
    world.row("alpha", 10)
    world.row("alpha", 3, TODAY + timedelta(days=2))
    world.configure()
    world.steady("alpha", 12)
    world.baseline()
    assert "KNW009" in codes(world)
    world.apply()
    assert writes(world) == 0


def test_a_zero_price_shows_a_wrong_assumption_too(make_world: MakeWorld) -> None:
    world = make_world(behaviour=Behaviour(line_update="upsert"), assume={"line_update": "append"})
    world.service("alpha", "0.00")
    world.row("alpha", 10)
    world.configure()
    world.steady("alpha", 12)
    baseline_as(world, "append")
    stopped(world, world.apply())


def baseline_as(world: World, line_update: str) -> None:
    real, world.behaviour = world.behaviour, Behaviour(line_update=line_update)  # type: ignore[arg-type]
    world.baseline()
    world.behaviour = real


def stopped(world: World, done: ApplyRun) -> None:
    assert writes(world) == 1
    assert done.stopped is not None
    assert "a write did not fit" in done.stopped
    assert [entry.result for entry in done.applied].count("does-not-fit") == 1
    assert {entry.result for entry in done.applied} <= {"does-not-fit", "not-reached"}
    assert exit_of(done) is Exit.PARTIAL


def test_what_waits_for_approval_is_written_only_when_a_person_asks(make_world: MakeWorld) -> None:
    world = stand(make_world(mode="propose"))
    world.baseline()
    assert {change.standing for change in world.plan().changes} == {"proposed"}
    done = world.apply(how="schedule")
    assert not done.applied
    assert writes(world) == 0
    world.apply(how="terminal")
    assert posts(world) == 6
    assert world.plan().verdict == "in-step"


def test_a_refused_confirmation_writes_nothing(make_world: MakeWorld) -> None:
    world = stand(make_world())
    world.baseline()
    options = ApplyOptions("a test", "terminal")
    assert apply(world.around, world.ledger, options, confirm=lambda *_: False) is None
    assert writes(world) == 0
    assert apply(world.around, world.ledger, options, confirm=lambda *_: True) is not None
    assert writes(world) == 6
