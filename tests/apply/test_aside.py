"""What happens beside an apply: other plans, renames, a process that slept, a ledger that fails."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from reconciler.ledger import Ledger
from reconciler.model.errors import LedgerError
from reconciler.model.ledgered import Settled
from reconciler.model.plan import Change
from reconciler.report import plan_json
from reconciler.runs.applying import ApplyOptions, apply
from reconciler.sandbox import Behaviour
from tests.apply.story import Killed, told
from tests.runs.beginnings import rising
from tests.runs.conftest import MakeWorld
from tests.runs.truth import doubled, posts
from tests.runs.world import HOME, World


def two(make_world: MakeWorld) -> World:
    """A change waits on each of two contracts."""
    return rising(make_world(), {"alpha": HOME, "beta": "Backup"})


def test_a_plan_made_between_an_answer_and_its_record_hides_no_misfit(
    make_world: MakeWorld,
) -> None:
    world = two(make_world)
    left = [1]

    def watch(moment: str, _change: Change) -> None:
        if moment == "posted" and left:
            left.pop()
            world.plan()
            world.sandbox.ui.edit_units(world.sandbox.tables().rows()[-1].row_id, 50)

    done = world.apply(watch=watch)
    assert "does-not-fit" in [applied.result for applied in done.applied]
    assert len(world.ledger.remember().misfits) == 1
    assert world.apply(how="schedule").applied == ()


def test_a_contract_that_was_renamed_meanwhile_is_read_back_by_its_id(
    make_world: MakeWorld,
) -> None:
    world = two(make_world)

    def rename(*_: Any) -> bool:
        world.sandbox.ui.rename_contract(world.home("alpha"), "Managed Services 2026")
        return True

    done = world.apply(confirm=rename)
    assert [applied.result for applied in done.applied] == ["done", "done"]


def test_a_process_that_slept_before_sending_leaves_the_write_to_the_next_run() -> None:
    with told() as world:
        slept: list[str] = []

        def watch(moment: str, _change: Change) -> None:
            if moment == "intended" and not slept:
                slept.append(moment)
                world.sandbox.advance(timedelta(minutes=75))
                apply(world.around, world.ledger, ApplyOptions("another run", "terminal"))

        done = world.apply(watch=watch)
        assert done.stopped is not None
        assert doubled(world) == []


def test_a_ledger_that_fails_under_way_still_tells_what_was_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with told() as world:
        settle, left = Ledger.settle, [2]

        def fail(self: Ledger, settled: Settled, learned: Any = ()) -> bool:
            left[0] -= 1
            if left[0] < 0:
                raise LedgerError("the disk is full")
            return settle(self, settled, learned)

        monkeypatch.setattr(Ledger, "settle", fail)
        done = world.apply()
        assert done.stopped == "the disk is full"
        assert len(done.applied) == 4
        monkeypatch.undo()
        world.sandbox.advance(timedelta(hours=2))
        world.apply()
        assert doubled(world) == []
        assert world.plan().verdict == "in-step"


@pytest.mark.parametrize("how", ["correct", "accept"])
def test_a_second_plan_of_the_day_is_written_though_it_says_the_same_as_the_first(
    make_world: MakeWorld, how: str
) -> None:
    from reconciler.runs.accepting import accept

    world = two(make_world)
    first = plan_json.loads(plan_json.dumps(world.plan()))
    world.apply(reviewed=first)
    writes = [intent for intent, _ in world.ledger.writes()]
    if how == "correct":
        refs = tuple(intent.ref for intent in writes)
        apply(world.around, world.ledger, ApplyOptions("a test", "terminal", correct=refs))
    else:
        for intent in writes:
            newest = world.sandbox.tables().rows()[-1]
            world.sandbox.ui.delete_line(newest.row_id)
            name = next(n for n, id_ in world.services.items() if id_ == newest.service_id)
            accept(world.around, world.ledger, str(newest.contract_id), {name: 10}, "a slip")
            assert intent.units_before == 10
    assert (world.units("alpha"), world.units("beta")) == (10, 10)
    again = plan_json.loads(plan_json.dumps(world.plan()))
    done = world.apply(reviewed=again)
    assert [applied.result for applied in done.applied] == ["done", "done"]
    assert (world.units("alpha"), world.units("beta")) == (12, 12)


def test_a_correction_that_was_interrupted_goes_on_with_its_plan() -> None:
    with told() as world:
        world.apply()
        refs = tuple(intent.ref for intent, _ in world.ledger.writes())
        reviewed = plan_json.loads(plan_json.dumps(world.plan(correct=refs)))

        def watch(moment: str, _change: Change) -> None:
            if moment == "agreed":
                raise Killed

        with pytest.raises(Killed):
            world.apply(reviewed=reviewed, watch=watch)
        written = posts(world)
        done = world.apply(reviewed=reviewed)
        assert len(done.already) + len(done.applied) == len(refs)
        assert posts(world) == 2 * len(refs) > written


@pytest.mark.parametrize("edited", [False, True])
def test_after_a_pause_that_bms_asks_for_a_contract_is_looked_at_again(
    make_world: MakeWorld, edited: bool
) -> None:
    """A total posted over a person's edit would undo it, and fit afterwards."""
    world = make_world(behaviour=Behaviour(line_update="upsert"))
    rising(world, dict.fromkeys(("alpha", "beta", "gamma"), HOME))
    row = {row.service: row.row_id for row in world.sandbox.tables().rows()}

    def watch(moment: str, change: Change) -> None:
        if moment == "settled" and change.line.service == "beta":
            path = "*/contracts/recurringservices/*/services"
            world.sandbox.faults.arm("http-429", path=path, retry_after=500)
            if edited:
                world.sandbox.ui.edit_units(row["gamma"], 50)

    done = world.apply(watch=watch)
    assert world.units("gamma") == (50 if edited else 12)
    gamma = next(one for one in done.applied if one.change.line.service == "gamma")
    assert gamma.result == ("not-reached" if edited else "done")
