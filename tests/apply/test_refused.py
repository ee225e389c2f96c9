"""What BMS refuses changes nothing: the rest goes on, and the next run proposes it again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.cli.commands.apply import exit_of
from reconciler.cli.exits import Exit
from reconciler.findings import CODES
from tests.apply.story import MODES, STORIES, told, waiting
from tests.runs.truth import doubled, posts, wrong
from tests.runs.world import World

POST = "/v2/finance/contracts/recurringservices/*/services"
PRICE = "*/relatedservices/bulkupdate"


def right(world: World) -> None:
    assert world.plan().verdict == "in-step"
    for name, story in STORIES.items():
        assert not wrong(world, name, story)
    assert not doubled(world)


@pytest.mark.parametrize(("line_update", "note"), MODES)
def test_refused_first_writes_hold_their_lines_alone(line_update: str, *, note: bool) -> None:
    with told(line_update, note=note) as world:
        world.sandbox.faults.arm("refuse", path=POST, times=2, message="Service is not active")
        done = world.apply()
        assert [(e.change.line.service, e.result) for e in done.applied] == [
            ("gamma", "refused"),
            ("alpha", "refused"),
            ("beta", "done"),
            ("alpha", "not-reached"),
        ]
        assert "Service is not active" in done.applied[0].detail
        assert done.applied[-1].detail == "BMS refused an earlier change of the line"
        assert done.stopped is None
        assert exit_of(done) is Exit.PARTIAL


@pytest.mark.parametrize(("line_update", "note"), MODES)
def test_what_was_refused_is_proposed_again_and_nothing_else(
    line_update: str, *, note: bool
) -> None:
    with told(line_update, note=note) as world:
        world.sandbox.faults.arm("refuse", path=POST)
        first = world.apply()
        plan = world.plan()
        left = [entry.change for entry in first.applied if entry.result != "done"]
        assert [c.id for c in waiting(plan)] == [c.id for c in left]
        assert not [found for found in plan.findings if found.blocks]
        assert {entry.result for entry in world.apply().applied} == {"done"}
        right(world)


def test_a_bms_that_refuses_everything_is_asked_once_for_each_line_and_changes_nothing() -> None:
    with told() as world:
        world.sandbox.faults.arm("refuse", path=POST, times=99)
        before = world.sandbox.tables().rows()
        for _ in range(2):
            done = world.apply()
            assert {entry.result for entry in done.applied} == {"refused", "not-reached"}
            assert [e.result for e in done.applied].count("refused") == len(STORIES)
            assert (done.stopped, done.answered, exit_of(done)) == (None, 0, Exit.PERSON)
        assert posts(world) == 2 * len(STORIES)
        assert world.sandbox.tables().rows() == before
        assert not world.ledger.remember().misfits
        world.sandbox.faults.clear()
        world.apply()
        right(world)


def test_a_refused_price_holds_its_contract_until_it_is_set() -> None:
    with told(price="8.40") as world:
        world.sandbox.faults.arm("refuse", path=PRICE)
        done = world.apply()
        home = world.homes["alpha"]
        assert {e.result for e in done.applied if e.change.line.contract != home} == {"done"}
        mine = [e for e in done.applied if e.change.line.contract == home]
        assert [e.result for e in mine] == ["refused", *["not-reached"] * (len(mine) - 1)]
        assert all("BMS refused the price before it" in e.detail for e in mine[1:])
        assert {entry.result for entry in world.apply().applied} == {"done"}
        rows = [r for r in world.sandbox.tables().rows() if r.service_id == world.services["alpha"]]
        assert {row.price for row in rows} == {Decimal("8.40")}


def test_its_page_says_what_waits_and_what_to_do() -> None:
    page = CODES["APP001"]
    assert "Nothing was changed" in page.meaning
    assert "The next run tries it again" in page.meaning
    assert "run again" in page.remedy
    assert not page.blocks
