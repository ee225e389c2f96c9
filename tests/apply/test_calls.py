"""What an apply costs in calls, and that every call is one the vendor documents."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from reconciler.bms.calls import ALL
from reconciler.sandbox import Behaviour
from reconciler.sandbox.transport import SandboxTransport
from tests.runs.conftest import MakeWorld
from tests.runs.truth import doubled
from tests.runs.world import World
from tests.vendor_contract import ContractCheckingTransport, available

TEMPLATES = {(call.method, re.sub(r"\{\w+\}", "*", call.path)) for call in ALL}


def calls(world: World) -> Counter[tuple[str, str]]:
    """Calls so far, ids taken out of their paths."""
    return Counter(
        (request.method, re.sub(r"/\d+", "/*", request.path))
        for request in world.sandbox.tables().requests()
    )


def stand(world: World, lines: int) -> World:
    """So many lines on two contracts, each with two changes."""
    for number in range(lines):
        name = f"line{number}"
        world.service(name, f"{number + 3}.15", "Backup" if number % 2 else "Managed Services")
        world.row(name, 3)
    world.configure()
    for name in world.services:
        world.steady(name, 3, date(2026, 11, 1))
        world.steady(name, 5, date(2026, 11, 10))
        world.steady(name, 4, date(2026, 11, 18))
    world.baseline()
    return world


@pytest.fixture(params=[1, 2, 5])
def world(request: pytest.FixtureRequest, make_world: MakeWorld) -> World:
    return stand(make_world(), request.param)


def test_an_apply_posts_once_per_step_and_reads_each_line_once_and_each_contract_twice(
    world: World,
) -> None:
    world.plan()
    before = calls(world)
    world.plan()
    plan = calls(world) - before
    before = calls(world)
    done = world.apply()
    assert {entry.result for entry in done.applied} == {"done"}
    writing = calls(world) - before - plan
    lines = len(world.services)
    homes = len(set(world.homes.values()))
    # A contract's total is read before its first write and after its last. The canary, here the
    # run's first write, is read back on its own: its line and total once more.
    assert dict(writing) == {
        ("POST", "/v2/finance/contracts/recurringservices/*/services"): 2 * lines,
        ("POST", "/v2/admin/finance/services/*/relatedservices/search"): lines + 1,
        ("GET", "/v2/finance/contracts/summary"): 2 * homes + 1,
        ("POST", "/v2/security/authenticate"): 1,
    }


def test_every_call_is_on_the_list(world: World) -> None:
    world.apply()
    assert set(calls(world)) <= TEMPLATES


@pytest.mark.skipif(not available(), reason="the vendor's document is not beside this project")
@pytest.mark.parametrize("line_update", ["append", "upsert"])
def test_a_whole_run_keeps_to_the_vendors_document(make_world: MakeWorld, line_update: str) -> None:
    behaviour = Behaviour(line_update=line_update, field_names="pascal")  # type: ignore[arg-type]
    world = stand(make_world(behaviour=behaviour), 3)
    judge = ContractCheckingTransport(SandboxTransport(world.sandbox.app))
    world.transport = judge
    world.configure(line1="price: 9.90")
    world.plan()
    world.sandbox.add_invoice(world.contract, date(2026, 10, 1), date(2026, 10, 31))
    world.apply()
    world.sandbox.advance(timedelta(hours=2))
    assert world.plan().verdict == "in-step"
    assert judge.violations == []
    assert ("POST", "/v2/finance/contracts/recurringservices/{contractId}/services") in (
        judge.succeeded
    )
    assert any(path.endswith("bulkupdate") for _, path in judge.succeeded)
    assert any(path.endswith("backgroundjob") for _, path in judge.succeeded)
    assert not doubled(world)
