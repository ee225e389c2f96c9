"""An account leaves an organization out for a while: BMS, the plan and `explain` agree."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from reconciler.runs.explaining import ExplainOptions, explain
from reconciler.sandbox import Behaviour
from tests.runs.world import PRODUCT, TODAY, World

UNTIL = TODAY + timedelta(days=3)


@pytest.fixture(params=["append", "upsert"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """Ten of Brass and seven of its lab, which its own file leaves out until the 26th."""
    world = World(tmp_path, Behaviour(line_update=request.param))
    world.service("brass")
    world.row("brass", 10)
    world.configure()
    file = world.config / "accounts" / "brass.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace(f"{PRODUCT}: [brass]", f"{PRODUCT}: [brass, lab]")
    text = text.replace(f"{{{PRODUCT}: brass}}", f"{{{PRODUCT}: [brass, lab]}}")
    rule = f"exclude:\n  - {{organization: lab, reason: a trial, until: {UNTIL}}}\n"
    file.write_text(text + rule, encoding="utf-8")
    world.baseline()
    return world


def a_day(world: World, day: date) -> None:
    world.sandbox.set_clock(day)
    world.steady("brass", 10)
    world.steady("lab", 7)


def counted(world: World) -> list[tuple[str, str]]:
    """What `explain` counts on the last closed day."""
    (told,) = explain(world.around, world.ledger, ExplainOptions("Brass Building Supplies"))
    return [(step.what, step.value) for step in told.steps]


def test_a_lab_is_not_billed_until_its_exclusion_is_over(world: World) -> None:
    a_day(world, TODAY)
    made = world.plan()
    assert (made.verdict, made.checked.organizations_excluded) == ("in-step", 1)
    yesterday = f"on {TODAY - timedelta(days=1)}"
    assert counted(world) == [
        (f"{PRODUCT} total-devices of brass {yesterday}", "10"),
        ("units", "10"),
    ]
    world.apply()
    a_day(world, UNTIL + timedelta(days=1))
    assert world.plan().verdict == "in-step"
    a_day(world, UNTIL + timedelta(days=2))
    assert [(c.day, c.units_after) for c in world.plan().changes] == [
        (UNTIL + timedelta(days=1), 17)
    ]
    assert counted(world)[-2:] == [("in all", "17"), ("units", "17")]
    world.apply()
    assert (world.units("brass"), world.plan().verdict) == (17, "in-step")
