"""Whatever BMS answers or shows instead of what was posted stops the run before its next write."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest

from reconciler.model.errors import PlanForeign
from reconciler.model.plan import Change
from reconciler.report import plan_json
from reconciler.sandbox import Behaviour
from reconciler.sandbox.transport import SandboxTransport
from tests.runs.beginnings import tens
from tests.runs.conftest import MakeWorld
from tests.runs.truth import posts
from tests.runs.world import World

LATER = date(2026, 11, 20)


class Altered(httpx.BaseTransport):
    """Answers to posted rows come with another value in one field."""

    def __init__(self, inner: httpx.BaseTransport, field: str, value: object) -> None:
        self.inner, self.field, self.value = inner, field, value

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        if request.method != "POST" or not request.url.path.endswith("/services"):
            return response
        body = json.loads(response.read())
        name = next(key for key in body["result"] if key.lower() == self.field)
        body["result"][name] = self.value
        return httpx.Response(response.status_code, json=body)


def two_lines(make_world: MakeWorld, price: str = "10.00", **options: Any) -> World:
    world = tens(make_world(**options), price=price)
    for name in world.services:
        world.read(name, {date(2026, 11, day): 10 if day < 10 else 12 for day in range(1, 23)})
    return world


def once(moment: str, act: Callable[[], object]) -> Callable[[str, Change], None]:
    left = [act]

    def watch(now: str, _change: Change) -> None:
        if now == moment and left:
            left.pop()()

    return watch


@pytest.mark.parametrize("price", ["10.00", "0.00"])
@pytest.mark.parametrize(
    ("field", "value"),
    [("units", 3), ("unitprice", 9.5), ("effectivedate", "2026-11-12T00:00:00")],
)
def test_an_answer_that_is_not_what_was_posted_stops_the_run(
    make_world: MakeWorld, price: str, field: str, value: object
) -> None:
    world = two_lines(make_world, price)
    world.transport = Altered(SandboxTransport(world.sandbox.app), field, value)
    done = world.apply()
    assert [entry.result for entry in done.applied] == ["does-not-fit", "not-reached"]
    assert "BMS answered" in (done.stopped or "")
    assert posts(world) == 1


@pytest.mark.parametrize("what", ["date", "price"])
def test_a_row_that_reads_back_otherwise_stops_the_run(make_world: MakeWorld, what: str) -> None:
    world = two_lines(make_world, "0.00")

    def move() -> None:
        row = world.sandbox.tables().rows()[-1].row_id
        if what == "date":
            world.sandbox.ui.move_date(row, LATER)
        else:
            world.sandbox.ui.reprice(row, "1.00")

    done = world.apply(watch=once("settled", move))
    assert [entry.result for entry in done.applied] == ["does-not-fit", "not-reached"]
    assert "shows" in done.applied[0].detail


def test_under_upsert_a_row_too_many_stops_the_run(make_world: MakeWorld) -> None:
    world = two_lines(make_world, "0.00", behaviour=Behaviour(line_update="upsert"))

    def add() -> None:
        world.sandbox.ui.add_line(world.contract, world.services["alpha"], 1, LATER)

    done = world.apply(watch=once("settled", add))
    assert [entry.result for entry in done.applied] == ["does-not-fit", "not-reached"]
    assert "posting added a row" in done.applied[0].detail


def test_a_new_line_is_no_proof_so_a_lost_answer_after_it_stops_every_contract(
    make_world: MakeWorld,
) -> None:
    world = make_world()
    for name, contract in (("alpha", "A"), ("beta", "B"), ("gamma", "C")):
        world.service(name, "10.00", contract)
        if name != "alpha":
            world.row(name, 10)
    world.configure()
    world.baseline()
    world.steady("alpha", 4)  # one step: a second one would be told from an update
    for name in ("beta", "gamma"):
        world.read(name, {date(2026, 11, day): 10 if day < 10 else 12 for day in range(1, 23)})

    def lose(moment: str, change: Change) -> None:
        if moment == "starting" and change.line.service == "beta":
            world.sandbox.faults.arm("lose-answer-after-write", path="/v2/finance/contracts/*")

    done = world.apply(watch=lose)
    results = {entry.change.line.service: entry.result for entry in done.applied}
    assert (results["beta"], results["gamma"]) == ("in-doubt", "not-reached")
    assert done.stopped is not None


def test_a_login_that_cannot_be_read_before_a_write_ends_its_intent_as_not_sent(
    make_world: MakeWorld,
) -> None:
    world = two_lines(make_world)

    def expire() -> None:
        world.sandbox.faults.arm("expire-tokens")
        world.sandbox.faults.arm("malformed-json", path="/v2/security/*", times=10)

    done = world.apply(watch=once("intended", expire))
    assert {entry.result for entry in done.applied} == {"not-reached"}
    assert world.ledger.open_intents() == ()
    assert (world.units("alpha"), world.units("beta")) == (10, 10)


def test_a_plan_of_another_tenant_is_refused_whatever_ledger_it_names(
    make_world: MakeWorld,
) -> None:
    world = two_lines(make_world)
    plan = plan_json.loads(plan_json.dumps(world.plan()))
    with pytest.raises(PlanForeign):
        world.apply(reviewed=replace(plan, tenant="Somebody else"))
    assert posts(world) == 0


def test_a_line_is_read_back_under_the_lease(make_world: MakeWorld) -> None:
    """Between the answer and the reading another run may have come."""
    from datetime import timedelta

    from reconciler.runs.leased import LEASE

    world = two_lines(make_world)

    def overtaken() -> None:
        world.sandbox.advance(LEASE + timedelta(minutes=1))
        with world.ledger.lease("another", LEASE, world.sandbox.now):
            pass

    done = world.apply(watch=once("settled", overtaken))
    assert "another took another" in (done.stopped or "")
    assert not world.ledger.remember().misfits
