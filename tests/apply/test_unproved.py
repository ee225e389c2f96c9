"""Nothing counts as done before its line and its contract's total were read."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.cli.commands.apply import exit_of
from reconciler.cli.exits import Exit
from reconciler.model.plan import Change
from tests.apply.story import readings
from tests.runs.truth import posts
from tests.runs.world import World, small_world

LINE, TOTAL = "*/relatedservices/search", "/v2/finance/contracts/summary"
JOB = "*/backgroundjob"


def stand(world: World, **lines: str) -> None:
    """Two lines of 10 on one contract and one on another, that rise to 12."""
    for name, contract in (("alpha", "A"), ("beta", "A"), ("gamma", "B")):
        world.service(name, "3.00", contract)
        world.row(name, 10)
        world.read(name, readings((1, 10), (11, 12)))
    world.configure(**lines)
    world.baseline()
    world.plan()


def failing(world: World, path: str, moment: str, service: str) -> Any:
    """A read fails for good once a moment of a service's change has come."""

    def watch(now: str, change: Change) -> None:
        if (now, change.line.service) == (moment, service):
            world.sandbox.faults.arm("http-500-before", path=path, times=99)

    return watch


@pytest.mark.parametrize(
    ("path", "moment", "service", "results"),
    [
        (LINE, "posted", "alpha", ["unproved", "not-reached", "not-reached"]),
        (TOTAL, "read-back", "alpha", ["unproved", "not-reached", "not-reached"]),
        (LINE, "posted", "beta", ["done", "unproved", "not-reached"]),
        (TOTAL, "read-back", "beta", ["done", "unproved", "not-reached"]),
    ],
    ids=["canary's line", "canary's total", "a line", "a contract's total"],
)
def test_what_could_not_be_read_back_is_not_done(
    path: str, moment: str, service: str, results: list[str]
) -> None:
    with small_world() as world:
        stand(world)
        done = world.apply(watch=failing(world, path, moment, service))
        assert [entry.result for entry in done.applied] == results
        assert all(entry.detail for entry in done.applied if entry.result != "done")
        assert all(entry.ref for entry in done.applied if entry.result == "unproved")
        assert exit_of(done) is Exit.PARTIAL
        # What was answered is in the ledger: the next plan proves it, and goes on.
        world.sandbox.faults.clear()
        assert {entry.result for entry in world.apply().applied} == {"done"}
        assert world.plan().verdict == "in-step"
        assert posts(world) == 3


def test_lines_before_an_answer_that_was_lost_are_not_proved_by_a_total() -> None:
    with small_world() as world:
        stand(world)
        for name, units in (("delta", 10), ("epsilon", 10)):
            world.service(name, "5.00", "A")
            world.row(name, units)
            world.read(name, readings((1, 10), (11, 12)))
        world.configure()
        world.baseline()
        path = "/v2/finance/contracts/recurringservices/*/services"
        world.sandbox.faults.arm("lose-answer-after-write", path=path, after=2)
        found = {e.change.line.service: e for e in world.apply().applied}
        assert {name: entry.result for name, entry in found.items()} == {
            "alpha": "done",
            "beta": "unproved",
            "delta": "in-doubt",
            "epsilon": "not-reached",
            "gamma": "done",
        }
        assert "in doubt" in found["beta"].detail


def test_a_price_job_that_could_not_be_followed_is_in_doubt() -> None:
    with small_world() as world:
        stand(world, alpha="price: 4.00")
        done = world.apply(watch=failing(world, JOB, "posted", "alpha"))
        first, *others = done.applied
        (left,) = world.ledger.remember().open_intents
        assert (first.result, first.ref) == ("in-doubt", left.ref)
        assert "the price job was started" in first.detail
        assert {entry.result for entry in others} == {"not-reached"}
        assert exit_of(done) is Exit.PARTIAL


def test_drift_found_while_a_reviewed_plan_is_applied_needs_a_person() -> None:
    with small_world() as world:
        stand(world)
        world.apply()
        world.read("alpha", readings((1, 10), (11, 12), (22, 14)))
        reviewed = world.plan()
        row = next(r for r in world.sandbox.tables().rows() if r.service == "gamma")
        world.sandbox.ui.edit_units(row.row_id, 30)
        done = world.apply(reviewed=reviewed)
        assert [entry.result for entry in done.applied] == ["done"]
        assert (done.plan.verdict, done.found.verdict) == ("changes", "person-needed")
        assert exit_of(done) is Exit.PERSON
