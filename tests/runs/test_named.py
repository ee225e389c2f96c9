"""Accounts given by id and name, from the files through the ledger to BMS."""

from __future__ import annotations

from datetime import date

import pytest

from tests.runs.conftest import MakeWorld
from tests.runs.world import World

BRASS = "Brass Building Supplies"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """A line that is to rise, on an account that the file names by id and name."""
    world = make_world()
    world.service("endpoint")
    world.row("endpoint", 10)
    world.configure()
    world.baseline()
    world.steady("endpoint", 12)
    call_it(world, BRASS)
    return world


def call_it(world: World, name: str) -> None:
    path = world.config / "accounts/brass.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1] = f"account: {{id: {world.account}, name: {name}}}"
    path.write_text("\n".join(lines), encoding="utf-8")


def codes(world: World) -> set[str]:
    return {found.code for found in world.plan().findings}


def test_an_id_under_another_customers_name_bills_neither_of_them(world: World) -> None:
    world.sandbox.add_account("Bronze Bookkeeping Services")
    call_it(world, "Bronze Bookkeeping Services")
    done = world.apply("schedule")
    assert done.applied == ()
    assert "BMS013" in {found.code for found in done.plan.findings if found.blocks}
    assert world.units("endpoint") == 10


def test_a_rename_in_bms_is_followed_once_the_ledger_knew_the_name(world: World) -> None:
    assert "BMS010" not in codes(world)
    world.sandbox.ui.rename_account(world.account, "Brass & Sons")
    done = world.apply("schedule")
    assert [found.remedy for found in done.plan.findings if found.code == "BMS010"] == [
        f"write `account: {{id: {world.account}, name: Brass & Sons}}`"
    ]
    assert world.units("endpoint") == 12
    call_it(world, "Brass & Sons")
    world.sandbox.set_clock(date(2026, 11, 24))
    assert codes(world).isdisjoint({"BMS010", "BMS013"})


def test_a_rename_before_the_first_look_is_left_to_a_person(world: World) -> None:
    world.sandbox.ui.rename_account(world.account, "Brass & Sons")
    assert "BMS013" in codes(world)
