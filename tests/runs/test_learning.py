"""Units learned from notes without a ledger, and units learned wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.ledger import open_ledger
from reconciler.runs.accepting import accept
from reconciler.runs.learning import remember
from reconciler.sandbox import Behaviour
from tests.runs.world import World


@pytest.fixture(params=["append", "upsert"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    world = World(tmp_path, Behaviour(line_update=request.param))
    world.service("edr")
    world.service("mail", "7.50")
    world.row("edr", 5)
    world.row("mail", 3)
    world.configure()
    world.steady("edr", 5)
    world.steady("mail", 3)
    return world


def forget(world: World) -> None:
    """The ledger is lost; a new one starts from nothing."""
    world.ledger.close()
    world.ledger = open_ledger(world.folder / "another.db", tenant="Example MSP")


def codes(world: World) -> set[str]:
    return {finding.code for finding in world.plan().findings}


def written_twice(world: World) -> None:
    """Our writes on lines of others, and on one that we added; then the ledger is lost."""
    world.baseline()
    world.service("soc", "2.50")
    world.configure()
    yesterday = world.sandbox.today() - timedelta(days=1)
    for edr, mail, soc in ((8, 3, 2), (9, 4, 6)):
        for name, units in (("edr", edr), ("mail", mail), ("soc", soc)):
            world.read(name, {yesterday: units})
        world.apply()
        world.sandbox.advance(timedelta(days=1))
        yesterday += timedelta(days=1)
    forget(world)
    world.steady("edr", 9)
    world.steady("mail", 4)
    world.steady("soc", 6)


def test_without_a_ledger_units_are_read_from_our_notes(world: World) -> None:
    """Under append, a row that a person made before us has none: its units are unknown, and with
    them what the total leaves for the row that has a note."""
    written_twice(world)
    plan = world.plan()
    learned = {fact.line.service_id for fact in world.ledger.remember().facts}
    if world.behaviour.line_update == "append":
        assert {finding.code for finding in plan.findings} >= {"KNW001", "KNW014"}
        assert learned == set()
        world.baseline()
        assert not {code for code in codes(world) if code.startswith("KNW")}
    else:
        assert learned == set(world.services.values())
        assert plan.verdict == "in-step"


@pytest.fixture
def edited(world: World) -> World:
    """Two lines that we wrote, beside one of others; a person edits one, and the ledger is lost."""
    other = world.sandbox.add_service("Firewall", "12.00")
    world.sandbox.add_line(world.contract, other, 3, world.start)
    for row in world.sandbox.tables().rows():
        if row.service_id != other:
            world.sandbox.ui.delete_line(row.row_id)
    world.plan()
    world.apply()
    assert world.plan().verdict == "in-step"
    row = next(r for r in world.sandbox.tables().rows() if r.service == "edr")
    world.sandbox.ui.edit_units(row.row_id, 50)
    forget(world)
    world.steady("edr", 5)
    world.steady("mail", 3)
    return world


def test_notes_that_the_total_cannot_prove_wait_for_a_person(edited: World) -> None:
    for _ in range(2):
        plan = edited.plan()
        (found,) = [finding for finding in plan.findings if finding.code == "KNW014"]
        assert "5 of edr, 3 of mail" in found.message
        assert "--units edr=5 --units mail=3" in (found.remedy or "")
        assert plan.verdict == "person-needed"
        assert edited.apply().applied == ()
    accept(edited.around, edited.ledger, str(edited.contract), {"edr": 50, "mail": 3}, "looked")
    edited.apply()
    assert (edited.units("edr"), edited.units("mail")) == (5, 3)
    assert edited.plan().verdict == "in-step"


def test_a_baseline_says_it_as_well(edited: World) -> None:
    edited.plan()
    edited.baseline()
    edited.apply()
    assert (edited.units("edr"), edited.units("mail")) == (5, 3)
    assert edited.plan().verdict == "in-step"


def test_the_note_of_a_line_without_a_price_needs_no_other_proof(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.service("soc", "0.00")
    other = world.sandbox.add_service("Firewall", "12.00")
    world.sandbox.add_line(world.contract, other, 3, world.start)
    world.configure()
    world.steady("soc", 5)
    world.apply()
    forget(world)
    world.steady("soc", 5)
    assert world.plan().verdict == "in-step"


def test_a_slip_in_the_baseline_is_found_by_the_total(world: World) -> None:
    world.plan()
    world.baseline()
    facts = world.ledger.remember().facts
    forget(world)
    world.steady("edr", 5)
    world.steady("mail", 3)
    wrong = [
        replace(f, units=50) if f.line.service_id == world.services["edr"] else f for f in facts
    ]
    world.ledger.append_facts(wrong)
    plan = world.plan()
    assert "KNW009" in {finding.code for finding in plan.findings}
    assert all(change.standing == "held" for change in plan.changes)
    assert "edr from 50 to 5" in next(f.message for f in plan.findings if f.code == "KNW009")
    accept(world.around, world.ledger, str(world.contract), {"edr": 5}, "a slip in the baseline")
    assert world.plan().verdict == "in-step"


def test_a_row_of_an_inactive_service_accounts_for_its_part_of_the_total(world: World) -> None:
    hidden = world.sandbox.add_service("Discontinued", "12.00", active=False)
    world.sandbox.add_line(world.contract, hidden, 2, world.start)
    world.baseline()
    assert "KNW009" not in codes(world)


def test_what_two_plans_find_out_at_the_same_time_is_learned_once(world: World) -> None:
    world.baseline()
    world.plan()
    yesterday = world.sandbox.today() - timedelta(days=1)
    world.read("edr", {yesterday: 9})
    row = next(r for r in world.sandbox.tables().rows() if r.service == "edr")
    world.sandbox.ui.edit_units(row.row_id, 9)
    run = world.run_plan()
    assert {fact.source for fact in run.planned.examined.learned.facts} == {"hand"}
    facts = world.ledger.remember().facts
    remember(world.ledger, run.planned.examined.learned, run.remembered)
    assert world.ledger.remember().facts == facts
    assert world.plan().verdict == "in-step"
