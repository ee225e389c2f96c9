"""An account that leaves the configuration goes on being billed by BMS, and that is said."""

from __future__ import annotations

from datetime import date

from tests.runs.conftest import MakeWorld
from tests.runs.world import World


def billed(make_world: MakeWorld) -> World:
    world = make_world()
    world.service("alpha")
    world.row("alpha", 10)
    world.configure()
    world.baseline()
    world.steady("alpha", 10)
    assert [found.code for found in world.plan().findings] == []
    return world


def told(world: World) -> list[str]:
    return [found.message for found in world.plan().findings if found.code == "KNW015"]


def test_a_removed_account_is_told_with_what_bms_goes_on_billing(make_world: MakeWorld) -> None:
    world = billed(make_world)
    (world.config / "accounts" / "brass.yaml").unlink()
    (message,) = told(world)
    assert message.startswith("Managed Services of Brass Building Supplies: ")
    assert "billing 100.00 USD" in message


def test_what_bms_goes_on_billing_reads_as_money(make_world: MakeWorld) -> None:
    world = billed(make_world)
    (world.config / "accounts" / "brass.yaml").unlink()
    row = next(row.row_id for row in world.sandbox.tables().rows())
    world.sandbox.ui.reprice(row, "202.97")
    assert "billing 2,029.70 USD for it" in told(world)[0]


def test_a_contract_that_ended_is_nobodys_concern(make_world: MakeWorld) -> None:
    world = billed(make_world)
    (world.config / "accounts" / "brass.yaml").unlink()
    world.sandbox.ui.end_contract(world.contract, date(2026, 11, 20))
    assert told(world) == []


def test_a_plan_of_one_account_says_nothing_of_others(make_world: MakeWorld) -> None:
    world = billed(make_world)
    plan = world.plan(accounts=("Brass Building Supplies",))
    assert "KNW015" not in {found.code for found in plan.findings}


def test_a_slip_in_a_contracts_name_is_no_account_that_left(make_world: MakeWorld) -> None:
    world = billed(make_world)
    path = world.config / "accounts" / "brass.yaml"
    path.write_text(path.read_text().replace("Managed Services", "Managed Servces"))
    codes = {found.code for found in world.plan().findings}
    assert "BMS003" in codes
    assert "KNW015" not in codes
