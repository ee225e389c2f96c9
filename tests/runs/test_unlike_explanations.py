"""What else a person did in BMS excuses no planned change, and hides no edit of a line of ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from reconciler.model.plan import Plan
from reconciler.runs.accepting import accept
from tests.runs.world import World, small_world

RISE = {date(2026, 11, n): 10 if n < 11 else 12 for n in range(1, 23)}


@pytest.fixture
def world() -> Iterator[World]:
    """Alpha is ten units at 20.00, and two more are due from the eleventh."""
    with small_world() as world:
        for name, price in (("alpha", "20.00"), ("beta", "10.00")):
            world.service(name, price)
            world.row(name, 10)
        world.configure()
        world.baseline()
        world.steady("beta", 10)
        world.steady("alpha", 10)
        world.plan()
        yield world


def stranger(world: World, name: str, price: str, units: int = 1, day: int = 5) -> int:
    service = world.sandbox.add_service(name, price)
    return world.sandbox.ui.add_line(world.contract, service, units, date(2026, 11, day))


def row_of(world: World, service: str) -> int:
    rows = world.sandbox.tables().rows()
    return next(r.row_id for r in rows if r.service == service)


def codes(plan: Plan) -> set[str]:
    return {found.code for found in plan.findings}


def test_a_service_sold_by_a_person_leaves_a_change_of_the_same_worth_due(world: World) -> None:
    world.read("alpha", RISE)
    stranger(world, "Firewall", "40.00")
    done = world.apply(how="schedule")
    assert "KNW003" in codes(done.plan)
    assert "KNW004" not in codes(done.plan)
    assert world.units("alpha") == 12
    assert world.plan().verdict == "in-step"


def test_an_edit_of_another_line_of_the_same_worth_holds_both(world: World) -> None:
    world.read("alpha", RISE)
    world.sandbox.ui.edit_units(row_of(world, "beta"), 14)
    plan = world.plan()
    (drift,) = [found for found in plan.findings if found.code == "KNW002"]
    assert "alpha from 10 to 12" in drift.message
    assert "beta from 10 to 14" in drift.message
    assert [change.standing for change in plan.changes] == ["held"]
    accept(world.around, world.ledger, "Managed Services", {"beta": 14}, "looked")
    world.apply()
    assert (world.units("alpha"), world.units("beta")) == (12, 10)


def test_a_cheap_row_of_others_hides_no_edit_of_ours(world: World) -> None:
    world.sandbox.ui.edit_units(row_of(world, "alpha"), 14)
    stranger(world, "Cheap", "0.01")
    plan = world.plan()
    (drift,) = [found for found in plan.findings if found.code == "KNW002"]
    assert "Cheap was added" in drift.message
    assert "alpha from 10 to 14" in drift.message
    assert "--units alpha=14 --units beta=10" in (drift.remedy or "")
    accept(world.around, world.ledger, "Managed Services", {"alpha": 14, "beta": 10}, "as advised")
    world.apply()
    assert world.units("alpha") == 10
    assert world.plan().verdict == "in-step"


def test_a_row_of_others_that_comes_into_force_is_no_drift(world: World) -> None:
    stranger(world, "Backup", "33.00", 3, day=28)
    for _ in range(8):
        world.sandbox.advance(timedelta(days=1))
        world.steady("alpha", 10)
        world.steady("beta", 10)
        assert world.plan().verdict == "in-step"
    row = row_of(world, "alpha")
    world.sandbox.ui.edit_units(row, 13)
    assert "KNW002" in codes(world.plan())
