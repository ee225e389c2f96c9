"""One apply per ledger; a reviewed plan is written exactly or not at all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from reconciler.cli.commands.apply import exit_of
from reconciler.cli.exits import Exit
from reconciler.model.errors import LeaseLost, LedgerLocked, PlanForeign, PlanStale
from reconciler.model.plan import Change, Plan
from reconciler.report import plan_json
from reconciler.runs.leased import LEASE
from reconciler.sandbox.transport import SandboxTransport
from tests.apply.story import STORIES, Killed, disturbed, told
from tests.runs.beginnings import repository
from tests.runs.conftest import MakeWorld
from tests.runs.desk import Desk
from tests.runs.truth import doubled, posts, wrong
from tests.runs.world import TODAY, World

FIRST = date(2026, 11, 1)


def saved(world: World) -> Plan:
    """A plan that went through a file."""
    return plan_json.loads(plan_json.dumps(world.plan()))


def right(world: World) -> None:
    assert world.plan().verdict == "in-step"
    for name, story in STORIES.items():
        assert not wrong(world, name, story)
    assert not doubled(world)


def at(moment: str, act: Any) -> Any:
    """Do something once when a moment comes."""
    left = [act]

    def watch(now: str, change: Change) -> None:
        if now == moment and left:
            left.pop()()

    return watch


def test_a_second_apply_finds_the_ledger_locked() -> None:
    with told() as world:
        seen: list[type[BaseException]] = []

        def second() -> None:
            with pytest.raises(LedgerLocked) as caught:
                world.apply()
            seen.append(caught.type)

        world.apply(watch=at("intended", second))
        assert seen == [LedgerLocked]
        right(world)


@pytest.mark.parametrize("moment", ["starting", "settled", "read-back"])
def test_a_lease_that_ends_midway_is_revived_where_nobody_took_the_ledger(moment: str) -> None:
    with told() as world:

        def expire() -> None:
            world.sandbox.advance(LEASE + timedelta(minutes=1))

        done = world.apply(watch=at(moment, expire))
        assert {entry.result for entry in done.applied} == {"done"}
        right(world)


def test_a_write_that_slept_after_its_intent_is_left_to_the_next_run() -> None:
    with told() as world:
        late = at("intended", lambda: world.sandbox.advance(LEASE + timedelta(minutes=1)))
        done = world.apply(watch=late)
        assert {entry.result for entry in done.applied} == {"not-reached"}
        assert (done.stopped or "").startswith("a write was not sent within 2 minutes")
        assert not world.ledger.remember().open_intents
        world.apply()
        right(world)


def test_a_run_longer_than_its_lease_by_slow_calls_alone_ends_well() -> None:
    class Slow(httpx.BaseTransport):
        """Every call takes as long as BMS may take."""

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            world.sandbox.advance(timedelta(minutes=2))
            return SandboxTransport(world.sandbox.app).handle_request(request)

    with told() as world:
        world.transport = Slow()
        assert {entry.result for entry in world.apply().applied} == {"done"}
        right(world)


@pytest.mark.parametrize(
    ("moment", "results", "code", "sent"),
    [
        ("starting", ["not-reached"] * 4, Exit.PERSON, 0),
        ("posted", ["unproved", *["not-reached"] * 3], Exit.PARTIAL, 1),
        ("settled", ["unproved", *["not-reached"] * 3], Exit.PARTIAL, 1),
        ("read-back", ["unproved", *["not-reached"] * 3], Exit.PARTIAL, 1),
    ],
)
def test_another_run_that_took_the_ledger_stops_the_first_and_keeps_its_results(
    moment: str, results: list[str], code: Exit, sent: int
) -> None:
    with told() as world:

        def overtaken() -> None:
            world.sandbox.advance(LEASE + timedelta(minutes=1))
            with world.ledger.lease("another", LEASE, world.sandbox.now):
                pass

        done = world.apply(watch=at(moment, overtaken))
        assert [entry.result for entry in done.applied] == results
        assert "another took another" in (done.stopped or "")
        assert exit_of(done) is code
        assert posts(world) == sent
        assert [run.kind for run in world.ledger.history()] == ["apply"]
        assert not world.ledger.remember().misfits
        world.apply()
        right(world)


def test_another_run_that_came_while_a_person_confirmed_leaves_nothing_to_write() -> None:
    with told() as world:

        def overtaken(*_: object) -> bool:
            world.sandbox.advance(LEASE + timedelta(minutes=1))
            world.apply()
            return True

        with pytest.raises(LeaseLost):
            world.apply(confirm=overtaken)
        right(world)


def test_waiting_for_a_read_longer_than_the_lease_keeps_it() -> None:
    with told() as world:
        arm = world.sandbox.faults.arm
        path = "*/relatedservices/search"
        world.apply(
            watch=at("posted", lambda: arm("http-429", path=path, times=2, retry_after=3000))
        )
        right(world)


def test_a_write_that_would_wait_long_after_its_intent_is_given_up_unsent() -> None:
    with told() as world:
        arm = world.sandbox.faults.arm
        path = "/v2/finance/contracts/recurringservices/*/services"
        done = world.apply(
            watch=at("starting", lambda: arm("http-429", path=path, times=2, retry_after=3000))
        )
        assert done.stopped == "BMS asks for a pause of 50 minutes before a write"
        assert {entry.result for entry in done.applied} == {"not-reached"}
        assert not world.ledger.remember().open_intents
        world.sandbox.faults.clear()
        world.apply()
        right(world)


def test_the_limit_of_calls_stops_a_run_and_later_runs_go_on() -> None:
    with told(hourly_limit=9) as world:
        world.apply()
        world.sandbox.advance(timedelta(minutes=61))
        world.apply()
        world.sandbox.advance(timedelta(minutes=61))
        right(world)


def test_a_reviewed_plan_is_written_as_it_was_reviewed() -> None:
    with told() as world:
        plan = saved(world)
        done = world.apply(reviewed=plan)
        assert [entry.change.id for entry in done.applied] == [c.id for c in plan.changes]
        assert world.ledger.load_plan(plan.digest) == plan_json.dumps(plan)
        right(world)


def test_a_reviewed_plan_applied_again_finds_everything_done() -> None:
    with told() as world:
        plan = saved(world)
        world.apply(reviewed=plan)
        count = posts(world)
        again = world.apply(reviewed=plan)
        assert (len(again.already), again.applied) == (len(plan.changes), ())
        assert posts(world) == count


@pytest.mark.parametrize("moment", ["intended", "posted", "settled", "proved"])
def test_an_interrupted_plan_is_resumed_with_the_same_file(moment: str) -> None:
    def kill() -> None:
        raise Killed

    with told() as world:
        plan = saved(world)
        with pytest.raises(Killed):
            world.apply(reviewed=plan, watch=at(moment, kill))
        world.sandbox.advance(timedelta(minutes=61))
        done = world.apply(reviewed=plan)
        assert len(done.already) + len(done.applied) == len(plan.changes)
        assert {entry.result for entry in done.applied} == {"done"}
        right(world)


def test_usage_that_moved_makes_a_reviewed_plan_stale() -> None:
    with told() as world:
        plan = saved(world)
        world.read("alpha", {TODAY - timedelta(days=1): 9})
        world.read("gamma", {date(2026, 11, 12): 7})
        with pytest.raises(PlanStale) as caught:
            world.apply(reviewed=plan)
        assert "gamma" in (caught.value.where or "")
        assert caught.value.exit_code == 3
        assert posts(world) == 0


def test_a_hand_edit_makes_a_reviewed_plan_stale() -> None:
    with told() as world:
        plan = saved(world)
        row = world.sandbox.tables().rows()[0]
        world.sandbox.ui.edit_units(row.row_id, 50)
        with pytest.raises(PlanStale):
            world.apply(reviewed=plan)
        assert posts(world) == 0


@pytest.mark.parametrize("setting", ["minimum: 8", "price: 99.00"])
def test_a_changed_configuration_makes_a_reviewed_plan_stale(setting: str) -> None:
    with told() as world:
        plan = saved(world)
        world.configure(alpha=setting)
        with pytest.raises(PlanStale):
            world.apply(reviewed=plan)
        assert posts(world) == 0


def test_a_plan_made_yesterday_is_written_with_its_own_dates() -> None:
    with told() as world:
        plan = saved(world)
        world.sandbox.advance(timedelta(days=1))
        world.read("beta", {TODAY: 4})
        world.apply(reviewed=plan)
        assert world.units("beta") == 1
        days = {p.date for p in world.sandbox.tables().posts()}
        assert days == {change.day for change in plan.changes}


def test_a_plan_of_another_ledger_is_foreign(make_world: MakeWorld) -> None:
    with told() as world, told("upsert") as other:
        with pytest.raises(PlanForeign):
            world.apply(reviewed=saved(other))
        assert posts(world) == 0


def test_what_happened_is_in_the_history() -> None:
    with told() as world:
        world.apply()
        (run,) = [run for run in world.ledger.history() if run.kind == "apply"]
        assert run.outcome == "4 of 4 changes written"
        disturbed(world)
        assert len([run for run in world.ledger.history() if run.kind == "apply"]) == 1


@pytest.mark.parametrize("while_confirming", [False, True])
def test_an_offline_plan_after_an_apply_shows_the_contract_that_has_drifted(
    *, while_confirming: bool
) -> None:
    with told() as world:
        (row,) = [r for r in world.sandbox.tables().rows() if r.service == "gamma"]

        def confirm(*_: object) -> bool:
            world.sandbox.ui.edit_units(row.row_id, 50)
            return True

        if while_confirming:
            world.apply(confirm=confirm)
        else:
            confirm()
            world.apply()
        # Offline first: it starts from what the apply left behind.
        for plan in (world.plan(offline=True), world.plan()):
            assert plan.verdict == "person-needed"
            # Offline, the rest of the contract's rows cannot be read to tell what was changed.
            found = {f.subject.contract for f in plan.findings if f.code in ("KNW002", "KNW011")}
            assert found == {"Backup"}


def test_an_apply_leaves_the_totals_it_proved_in_the_ledger() -> None:
    with told() as world:
        world.apply()
        agreed = {a.contract_id: a.total for a in world.ledger.remember().agreements}
        assert agreed == {id_: world.sandbox.tables().total(id_) for id_ in agreed}
        assert len(agreed) == 2


def test_a_merge_tells_how_many_edited_lines_it_could_not_plan(make_world: MakeWorld) -> None:
    world = make_world()
    for name in ("edr", "av"):  # a single line's units would follow from the contract's total
        world.service(name)
        world.row(name, 10)
        world.steady(name, 10)
    world.configure()
    repository(world)
    desk = Desk(world)
    desk.merge(edr="included: 1")
    assert (desk.done.unplanned, desk.done.applied) == (1, ())
    world.baseline()
    desk.merge(edr="included: 2")
    assert desk.done.unplanned == 0
