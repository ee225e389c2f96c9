"""A person works in BMS: it is found, taken as done, or taken over; never written over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reconciler.engine.evidence import SETTLE
from reconciler.model.errors import LedgerLocked, WrongUsage
from reconciler.model.plan import Plan
from reconciler.runs.accepted import AcceptError
from reconciler.runs.accepting import accept, accept_prices
from reconciler.sandbox import Behaviour
from tests.runs.conftest import MakeWorld
from tests.runs.truth import billed, doubled, posts
from tests.runs.world import TODAY, World

FIRST, CHANGE = date(2026, 11, 1), date(2026, 11, 15)


@pytest.fixture(params=["append", "upsert"])
def world(request: pytest.FixtureRequest, make_world: MakeWorld) -> World:
    """Two lines on one contract and one on another, all in step."""
    world = make_world(behaviour=Behaviour(line_update=request.param))
    for name, price, home in (
        ("alpha", "7.15", "Managed Services"),
        ("beta", "4.25", "Managed Services"),
        ("gamma", "11.00", "Backup"),
    ):
        world.service(name, price, home)
        world.row(name, 10)
    world.configure()
    for name in world.services:
        world.steady(name, 10)
    world.baseline()
    assert world.plan().verdict == "in-step"
    return world


def row_of(world: World, service: str) -> int:
    found = [r for r in world.sandbox.tables().rows() if r.service_id == world.services[service]]
    return found[-1].row_id


def move(world: World, service: str, units: int, since: date = CHANGE) -> None:
    """Usage moves to ``units`` on a day."""
    last = TODAY - timedelta(days=1)
    days = (since + timedelta(n) for n in range((last - since).days + 1))
    world.read(service, dict.fromkeys(days, units))


def codes(plan: Plan) -> list[str]:
    return sorted(found.code for found in plan.findings)


def test_an_edit_is_found_and_explained_and_holds_only_its_contract(world: World) -> None:
    world.sandbox.ui.edit_units(row_of(world, "alpha"), 13)
    for name in world.services:
        move(world, name, 11)
    plan = world.plan()
    (drift,) = [f for f in plan.findings if f.code == "KNW002"]
    assert "alpha from 10 to 13 would explain it" in drift.message
    assert plan.verdict == "person-needed"
    before = posts(world)
    world.apply()
    assert posts(world) == before + 1
    assert (world.units("alpha"), world.units("beta"), world.units("gamma")) == (13, 10, 11)


def test_an_edit_of_two_lines_is_found_though_no_single_line_explains_it(world: World) -> None:
    world.sandbox.ui.edit_units(row_of(world, "alpha"), 13)
    world.sandbox.ui.edit_units(row_of(world, "beta"), 12)
    assert "KNW002" in codes(world.plan())


def test_the_planned_change_made_in_place_is_taken_as_done(world: World) -> None:
    move(world, "alpha", 12)
    world.sandbox.ui.edit_units(row_of(world, "alpha"), 12)
    plan = world.plan()
    assert codes(plan) == ["KNW004"]
    assert not plan.changes
    world.apply()
    assert posts(world) == 0
    assert world.plan().verdict == "in-step"


def test_the_planned_change_made_as_a_row_is_taken_as_done(make_world: MakeWorld) -> None:
    world = make_world()
    world.service("alpha", "7.15")
    world.row("alpha", 10)
    world.configure()
    world.steady("alpha", 10)
    world.baseline()
    world.plan()
    move(world, "alpha", 12)
    world.sandbox.ui.add_line(world.contract, world.services["alpha"], 2, CHANGE)
    assert codes(world.plan()) == ["KNW004"]
    world.apply()
    assert posts(world) == 0
    assert billed(world, "alpha", CHANGE) == 12


def test_the_planned_change_made_with_its_date_is_taken_as_done(make_world: MakeWorld) -> None:
    world = make_world(behaviour=Behaviour(line_update="upsert"))
    world.service("alpha", "7.15")
    world.row("alpha", 10)
    world.configure()
    world.steady("alpha", 10)
    world.baseline()
    world.plan()
    move(world, "alpha", 12)
    world.sandbox.ui.edit_units(row_of(world, "alpha"), 12, date=CHANGE)
    assert codes(world.plan()) == ["KNW004"]
    world.apply()
    assert posts(world) == 0


def test_the_new_line_added_by_hand_is_taken_as_done(world: World) -> None:
    world.service("delta", "3.10")
    world.configure()
    world.steady("delta", 4)
    world.sandbox.ui.add_line(world.contract, world.services["delta"], 4, FIRST)
    plan = world.plan()
    assert not [c for c in plan.changes if c.line.service == "delta"]
    world.apply()
    assert posts(world) == 0
    assert world.plan().verdict == "in-step"


def test_an_edit_of_a_line_we_do_not_manage_is_taken_over(world: World) -> None:
    foreign = world.sandbox.add_service("Firewall", "30.00")
    row = world.sandbox.ui.add_line(world.contract, foreign, 1, FIRST)
    first = world.plan()
    assert "KNW003" in codes(first)
    assert world.plan().verdict == "in-step"
    move(world, "alpha", 11)
    world.sandbox.ui.move_date(row, FIRST + timedelta(days=3))
    world.sandbox.ui.edit_units(row, 2)
    world.apply()
    assert world.units("alpha") == 11
    assert world.plan().verdict == "in-step"


def test_a_deleted_row_is_drift_until_it_is_accepted(world: World) -> None:
    world.sandbox.ui.delete_line(row_of(world, "beta"))
    plan = world.plan()
    assert codes(plan) == ["KNW002"]
    move(world, "alpha", 12)
    world.apply()
    assert posts(world) == 0
    accept(world.around, world.ledger, "Managed Services", {"beta": 0}, "deleted by mistake")
    world.apply()
    assert world.units("alpha") == 12
    assert world.units("beta") == 10
    assert world.plan().verdict == "in-step"


def test_a_price_changed_by_hand_stays_where_the_configuration_has_none(world: World) -> None:
    world.sandbox.ui.reprice(row_of(world, "alpha"), "9.99")
    move(world, "alpha", 12)
    assert world.apply().applied == ()
    assert codes(world.plan()) == ["KNW013"]
    assert accept_prices(world.around, world.ledger, "raised in November") != ()
    world.apply()
    assert world.plan().verdict == "in-step"
    prices = {str(r.price) for r in world.sandbox.tables().rows() if r.service == "alpha"}
    assert prices == {"9.99"}


def test_a_price_changed_by_hand_goes_back_to_the_configuration(world: World) -> None:
    world.configure(alpha="price: 7.15")
    world.sandbox.ui.reprice(row_of(world, "alpha"), "9.99")
    (change,) = world.plan().changes
    assert (change.kind, str(change.price_before), str(change.price)) == ("price", "9.99", "7.15")
    world.apply()
    assert world.plan().verdict == "in-step"


def test_a_changed_price_is_taken_over_with_its_contract_or_with_all_of_them(
    world: World,
) -> None:
    world.sandbox.ui.reprice(row_of(world, "alpha"), "9.99")
    accept(world.around, world.ledger, str(world.home("alpha")), {}, "raised in November")
    assert world.plan().verdict == "in-step"
    assert accept_prices(world.around, world.ledger, "nothing is left") == ()


def test_prices_are_not_taken_over_where_units_were_changed_too(world: World) -> None:
    world.sandbox.ui.edit_units(row_of(world, "alpha"), 13)
    world.sandbox.ui.reprice(row_of(world, "alpha"), "9.99")
    assert accept_prices(world.around, world.ledger, "raised in November") == ()


def test_units_and_price_edited_together_are_found(world: World) -> None:
    world.sandbox.ui.edit_units(row_of(world, "alpha"), 13)
    world.sandbox.ui.reprice(row_of(world, "alpha"), "9.99")
    assert codes(world.plan()) == ["KNW002", "KNW013"]


def test_accepting_the_right_units_calms_the_next_plan(world: World) -> None:
    world.sandbox.ui.edit_units(row_of(world, "alpha"), 13)
    assert "KNW002" in codes(world.plan())
    taken = accept(world.around, world.ledger, "Managed Services", {"alpha": 13}, "agreed")
    (fact,) = taken.facts
    assert (fact.units, fact.source) == (13, "accepted")
    plan = world.plan()
    assert not [c for c in codes(plan) if c.startswith("KNW")]
    world.apply()
    assert {billed(world, "alpha", d) for d in (FIRST, TODAY)} == {10}
    assert world.plan().verdict == "in-step"


def test_accepting_wrong_units_is_refused_and_changes_nothing(world: World) -> None:
    world.sandbox.ui.edit_units(row_of(world, "alpha"), 13)
    with pytest.raises(AcceptError, match="would be"):
        accept(world.around, world.ledger, "Managed Services", {"alpha": 12}, "a guess")
    with pytest.raises(WrongUsage, match="no service"):
        accept(world.around, world.ledger, "Managed Services", {"omega": 12}, "a guess")
    with pytest.raises(WrongUsage, match="no contract"):
        accept(world.around, world.ledger, "Elsewhere", {"alpha": 13}, "a guess")
    assert codes(world.plan()) == ["KNW002"]


def test_accepting_again_after_our_own_writes_is_calm(world: World) -> None:
    move(world, "alpha", 12)
    world.apply()
    world.sandbox.ui.edit_units(row_of(world, "alpha"), 14)
    assert "KNW002" in codes(world.plan())
    accept(world.around, world.ledger, "Managed Services", {"alpha": world.units("alpha")}, "x")
    world.apply()
    assert world.plan().verdict == "in-step"
    assert billed(world, "alpha", TODAY) == 12


def test_a_doubtful_write_ends_when_a_person_says_what_is_there(world: World) -> None:
    move(world, "alpha", 12)
    world.sandbox.faults.arm("lose-answer-before-write", path="*/services", method="POST")
    world.apply()
    world.sandbox.ui.edit_units(row_of(world, "beta"), 11)
    move(world, "beta", 11)
    world.sandbox.advance(SETTLE)
    assert codes(world.plan()) == ["KNW005"]
    units = {"alpha": 10, "beta": 11}
    accept(world.around, world.ledger, "Managed Services", units, "looked in BMS")
    world.apply()
    assert billed(world, "alpha", TODAY) == 12
    assert world.plan().verdict == "in-step"


def test_nothing_is_accepted_while_a_write_may_still_land(world: World) -> None:
    move(world, "alpha", 12)
    world.sandbox.faults.arm("land-late", path="*/services", method="POST", minutes=30)
    world.apply()
    world.sandbox.advance(timedelta(minutes=5))
    with pytest.raises(AcceptError, match="may still land"):
        accept(world.around, world.ledger, "Managed Services", {"alpha": 10}, "looked too early")
    world.sandbox.advance(SETTLE)
    world.apply()
    assert billed(world, "alpha", TODAY) == 12
    assert not doubled(world)
    assert world.plan().verdict == "in-step"


def test_a_write_in_doubt_on_another_contract_hinders_nothing(world: World) -> None:
    move(world, "gamma", 12)
    world.sandbox.faults.arm("lose-answer-before-write", path="*/services", method="POST")
    world.apply()
    world.sandbox.ui.edit_units(row_of(world, "alpha"), 13)
    accept(world.around, world.ledger, "Managed Services", {"alpha": 13}, "agreed")
    assert codes(world.plan()) == ["KNW005"]


def test_nothing_is_accepted_while_an_apply_is_at_work(world: World) -> None:
    world.sandbox.ui.edit_units(row_of(world, "alpha"), 13)
    with (
        world.ledger.lease("an apply", timedelta(minutes=5), world.sandbox.now),
        pytest.raises(LedgerLocked),
    ):
        accept(world.around, world.ledger, "Managed Services", {"alpha": 13}, "agreed")


def test_rows_that_got_different_prices_are_told(world: World) -> None:
    if world.behaviour.line_update == "upsert":
        return  # a line has one row there
    move(world, "alpha", 12)
    world.apply()
    assert codes(world.plan()) == []
    world.sandbox.ui.reprice(row_of(world, "alpha"), "9.99")
    accept_prices(world.around, world.ledger, "raised in November")
    assert codes(world.plan()) == ["KNW016"]
    world.configure(alpha="price: 9.99")
    world.apply()
    assert codes(world.plan()) == []
