"""What else a person did in BMS excuses no planned change, and hides no edit of a line of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, Literal

import pytest

from reconciler.model.plan import Plan
from reconciler.runs.accepting import accept
from reconciler.sandbox import Behaviour
from tests.runs.truth import billed
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


def test_a_service_sold_by_a_person_leaves_a_change_due(world: World) -> None:
    world.read("alpha", RISE)
    stranger(world, "Firewall", "41.30")
    done = world.apply(how="schedule")
    assert "KNW003" in codes(done.plan)
    assert world.units("alpha") == 12
    assert world.plan().verdict == "in-step"


def looked(world: World, **units: int) -> None:
    """A person reads the units in BMS and takes them over; the change is written then."""
    accept(world.around, world.ledger, "Managed Services", units, "looked")
    assert {entry.result for entry in world.apply(how="schedule").applied} == {"done"}
    assert world.plan().verdict == "in-step"


def test_a_service_sold_for_the_worth_of_a_change_is_not_the_change(world: World) -> None:
    world.read("alpha", RISE)
    stranger(world, "Firewall", "40.00")
    (drift,) = [found for found in world.plan().findings if found.code == "KNW002"]
    assert "Firewall was added; 1 of Firewall would explain it, and so would" in drift.message
    assert "beside one of these edits: alpha from" in drift.message
    assert "--units alpha=N --units beta=N" in (drift.remedy or "")
    assert world.apply(how="schedule").applied == ()
    looked(world, alpha=10, beta=10)
    assert (world.units("alpha"), billed(world, "alpha", date(2026, 11, 11))) == (12, 12)


@pytest.mark.parametrize(("price", "before", "after"), [("20.00", 3, 5), ("8.00", 3, 8)])
@pytest.mark.parametrize("line_update", ["append", "upsert"])
def test_an_edit_of_a_row_of_others_leaves_a_change_of_the_same_worth_due(
    price: str, before: int, after: int, line_update: Literal["append", "upsert"]
) -> None:
    with sold("20.00", price, before, line_update=line_update) as (world, row):
        world.read("alpha", RISE)
        world.sandbox.ui.edit_units(row, after)
        plan = world.plan()
        (drift,) = [found for found in plan.findings if found.code == "KNW002"]
        assert f"alpha from 10 to 12, +{after - before} of Firewall" in drift.message
        assert [change.standing for change in plan.changes] == ["held"]
        assert world.apply(how="schedule").applied == ()
        looked(world, alpha=10)
        assert (world.units("alpha"), billed(world, "alpha", date(2026, 11, 11))) == (12, 12)


def test_a_decrease_of_others_leaves_a_decrease_of_the_same_worth_due() -> None:
    with sold("20.00", "5.00", 20) as (world, row):
        world.read("alpha", {date(2026, 11, n): 10 if n < 11 else 9 for n in range(1, 23)})
        world.sandbox.ui.edit_units(row, 16)
        assert "KNW002" in codes(world.plan())
        looked(world, alpha=10)
        assert world.units("alpha") == 9


def test_an_edit_of_a_line_that_left_leaves_a_change_of_the_same_worth_due(world: World) -> None:
    del world.services["beta"], world.homes["beta"]
    world.configure()
    world.read("alpha", RISE)
    world.sandbox.ui.edit_units(row_of(world, "beta"), 14)
    assert "KNW002" in codes(world.plan())
    assert world.apply(how="schedule").applied == ()
    looked(world, alpha=10, beta=14)
    assert world.units("alpha") == 12


def test_an_edit_of_ours_beside_a_new_row_of_others_is_not_lost_in_it() -> None:
    """Three firewalls more and one alpha less move the total as one firewall does."""
    with sold("20.00", "10.00", 0) as (world, _):
        stranger(world, "Switch", "10.00", 3)
        world.sandbox.ui.edit_units(row_of(world, "alpha"), 9)
        world.read("alpha", RISE)
        assert world.apply(how="schedule").applied == ()
        looked(world, alpha=9)
        assert world.units("alpha") == 12


@pytest.mark.parametrize("line_update", ["append", "upsert"])
def test_a_new_line_of_ours_and_an_edit_beside_it_are_not_taken_for_fewer_of_it(
    line_update: Literal["append", "upsert"],
) -> None:
    """A person adds five betas and takes two alphas off: the total moves as by three betas."""
    with sold("10.00", "70.00", 1, line_update=line_update) as (world, _):
        new = world.service("beta", "10.00")
        world.configure()
        world.steady("beta", 5)
        world.sandbox.ui.add_line(world.contract, new, 5, date(2026, 11, 1))
        world.sandbox.ui.edit_units(row_of(world, "alpha"), 8)
        assert world.apply(how="schedule").applied == ()
        looked(world, alpha=8, beta=5)
        assert (world.units("alpha"), world.units("beta")) == (10, 5)


@contextmanager
def sold(alpha: str, firewall: str, units: int, **behaviour: Any) -> Iterator[tuple[World, int]]:
    """Ten alphas, and a row that is not ours, on one contract in step."""
    with small_world(behaviour=Behaviour(**behaviour)) as world:
        world.service("alpha", alpha)
        world.row("alpha", 10)
        service = world.sandbox.add_service("Firewall", firewall)
        row = world.sandbox.add_line(world.contract, service, units, world.start)
        world.configure()
        world.baseline()
        world.steady("alpha", 10)
        assert world.plan().verdict == "in-step"
        yield world, row


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
    assert "--units alpha=N --units beta=N" in (drift.remedy or "")
    accept(world.around, world.ledger, "Managed Services", {"alpha": 14, "beta": 10}, "looked")
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


def test_where_several_lines_were_edited_the_command_names_none_of_them() -> None:
    """At 20.00 and 15.00 no edit of one line makes 5.00."""
    with small_world() as world:
        for name, price in (("alpha", "20.00"), ("beta", "15.00")):
            world.service(name, price)
            world.row(name, 10)
        world.configure()
        world.baseline()
        for name in ("alpha", "beta"):
            world.steady(name, 10)
        world.plan()
        world.sandbox.ui.edit_units(row_of(world, "alpha"), 11)
        world.sandbox.ui.edit_units(row_of(world, "beta"), 9)
        (found,) = (f for f in world.plan().findings if f.code == "KNW002")
    assert "no edit of a single line would explain it" in found.message
    assert "--units SERVICE=N --reason" in found.remedy


def remedy(world: World) -> str:
    """What the plan says to do about the drift, on one line."""
    (found,) = (found for found in world.plan().findings if found.code == "KNW002")
    return found.remedy or ""


def test_of_edits_that_explain_it_equally_the_command_fills_in_none(world: World) -> None:
    """Four betas are two alphas; a guess that closes the total would never be found."""
    world.sandbox.ui.edit_units(row_of(world, "beta"), 14)
    assert remedy(world) == (
        "read the units in BMS; undo the edit there, or take it over, with what was read there in"
        f" place of N: `reconciler drift --accept {world.contract} --units alpha=N --units beta=N"
        ' --reason "..."`'
    )
    world.sandbox.ui.edit_units(row_of(world, "beta"), 13)
    assert remedy(world).endswith(
        f'take it over: `reconciler drift --accept {world.contract} --units beta=13 --reason "..."`'
    )


def test_several_edits_of_one_line_beside_a_row_of_others_are_asked_for() -> None:
    """Five firewalls more, and some of twenty alphas more or less."""
    with sold("5.00", "1.00", 0) as (world, _):
        stranger(world, "Switch", "30.00", 5)
        world.sandbox.ui.edit_units(row_of(world, "alpha"), 15)
        assert "--units alpha=N --reason" in remedy(world)


def test_beside_a_row_of_ours_that_shows_an_edit_the_rest_is_nobodys(world: World) -> None:
    """Four betas came with a row, and three alphas left: as two betas less would look."""
    world.sandbox.ui.add_line(world.contract, world.services["beta"], 4, date(2026, 11, 5))
    world.sandbox.ui.edit_units(row_of(world, "alpha"), 7)
    assert "--units SERVICE=N --reason" in remedy(world)


def test_more_lines_than_a_person_fills_in_are_not_listed() -> None:
    names = ("alpha", "beta", "gamma", "delta")
    with small_world() as world:
        for name in names:
            world.service(name, "10.00")
            world.row(name, 10)
        world.configure()
        world.baseline()
        for name in names:
            world.steady(name, 10)
        world.plan()
        world.sandbox.ui.edit_units(row_of(world, "delta"), 14)
        assert "--units SERVICE=N --reason" in remedy(world)
