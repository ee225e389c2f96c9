"""After a write that did not fit nothing is written anywhere until a person has looked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.model.errors import PlanStale
from reconciler.model.plan import Change
from reconciler.runs.accepted import AcceptError
from reconciler.runs.accepting import accept
from reconciler.sandbox import Behaviour
from tests.apply.story import readings
from tests.runs.truth import posts
from tests.runs.world import World, small_world

NAMES = ("one", "two", "three")
HOMES = {name: f"Contract {name}" for name in NAMES}


def stand(world: World, assumed: str) -> None:
    """Three contracts with a line of 10 that rises to 12."""
    for name in NAMES:
        world.service(name, "10.00", HOMES[name])
        world.row(name, 10)
    world.configure()
    real, world.behaviour = world.behaviour, Behaviour(line_update=assumed)  # type: ignore[arg-type]
    world.baseline()
    world.behaviour = real
    for name in NAMES:
        world.read(name, readings((1, 10), (11, 12)))
    world.plan()


@pytest.fixture(params=[("upsert", "append"), ("append", "upsert")], ids=lambda both: both[0])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """A run was stopped: posting does the one, and was assumed to do the other."""
    real, assumed = request.param
    with small_world(
        behaviour=Behaviour(line_update=real), assume={"line_update": assumed}
    ) as world:
        stand(world, assumed)
        assert world.apply(how="schedule").stopped is not None
        yield world


def codes(world: World) -> set[str]:
    return {found.code for found in world.plan().findings}


def test_the_next_runs_hold_every_contract(world: World) -> None:
    plan = world.plan()
    assert {c.standing for c in plan.changes} == {"held"}
    assert len({c.line.contract for c in plan.changes}) >= 2
    (found,) = (f for f in plan.findings if f.code == "APP005")
    assert found.subject.contract == "Contract one"
    assert found.message.endswith("it holds the changes of every account")
    world.apply(how="schedule")
    world.apply(how="terminal")
    assert posts(world) == 1


def test_an_edit_that_makes_the_total_fit_again_is_not_yet_a_look(world: World) -> None:
    for row in world.sandbox.tables().rows():
        if row.service == "one":
            world.sandbox.ui.edit_units(row.row_id, 10 if world.units("one") < 10 else 5)
    world.apply(how="schedule")
    assert "APP005" in codes(world)
    assert posts(world) == 1


def test_once_accepted_with_the_right_assumption_everything_ends_right(world: World) -> None:
    world.assume = {}
    world.configure()
    has = world.units("one")
    accept(world.around, world.ledger, HOMES["one"], {"one": has}, "posting does something else")
    assert "APP005" not in codes(world)
    done = world.apply(how="schedule")
    assert {entry.result for entry in done.applied} == {"done"}
    assert [world.units(name) for name in NAMES] == [12, 12, 12]
    assert world.plan().verdict == "in-step"


def test_accepted_under_the_same_assumption_the_next_run_stops_after_one_write(
    world: World,
) -> None:
    has = world.units("one")
    accept(world.around, world.ledger, HOMES["one"], {"one": has}, "looked")
    if world.behaviour.line_update == "append":
        # The line has two rows now, which upsert does not write to.
        assert "KNW006" in codes(world)
    assert world.apply(how="schedule").stopped is not None
    assert posts(world) == 2


def test_another_contract_accepted_is_not_enough(world: World) -> None:
    accept(world.around, world.ledger, HOMES["two"], {}, "looked at the wrong one")
    assert "APP005" in codes(world)


def test_units_that_do_not_close_the_total_are_no_look(world: World) -> None:
    with pytest.raises(AcceptError):
        accept(world.around, world.ledger, HOMES["one"], {"one": 11}, "did not look")
    assert "APP005" in codes(world)


def test_a_contract_that_left_the_configuration_can_still_be_accepted(world: World) -> None:
    file = world.config / "accounts" / "brass.yaml"
    text = file.read_text(encoding="utf-8")
    start = text.index(f"  - contract: {HOMES['one']}")
    file.write_text(text[:start] + text[text.index("  - contract:", start + 5) :], encoding="utf-8")
    assert "APP005" in codes(world)
    has = world.units("one")
    accept(world.around, world.ledger, HOMES["one"], {"one": has}, "taken out and looked at")
    assert "APP005" not in codes(world)


def test_a_reviewed_plan_does_not_count_what_did_not_fit_as_written(world: World) -> None:
    """Applying the file again must not end well while BMS is wrong."""
    with small_world(behaviour=world.behaviour, assume=world.assume) as other:
        stand(other, world.assume["line_update"])
        reviewed = other.plan()
        assert other.apply(reviewed=reviewed).stopped is not None
        with pytest.raises(PlanStale) as caught:
            other.apply(reviewed=reviewed)
        assert caught.value.exit_code == 3
        assert posts(other) == 1


def test_an_approval_is_not_used_up_by_a_write_that_did_not_fit(world: World) -> None:
    assert world.ledger.remember().done_changes == {}


def test_a_total_off_behind_a_proved_write_holds_later_runs_too() -> None:
    with small_world() as world:
        stand(world, "append")
        seen: list[str] = []

        def edit(moment: str, change: Change) -> None:
            if moment == "read-back":
                seen.append(change.id)
                if len(seen) == 2:
                    service = world.sandbox.add_service("Firewall", "41.30")
                    home = world.contracts[change.line.contract]
                    world.sandbox.ui.add_line(home, service, 1, change.day)

        world.apply(watch=edit)
        assert [m.intent.change for m in world.ledger.remember().misfits] == seen[1:]
        assert world.apply().applied == ()
        accept(world.around, world.ledger, HOMES["three"], {}, "a firewall was sold meanwhile")
        world.apply()
        assert world.plan().verdict == "in-step"
