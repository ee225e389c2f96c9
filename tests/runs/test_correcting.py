"""Writes of ours taken back at their own day, whatever the policy says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from reconciler.ledger import Approval
from reconciler.model.errors import PlanError, WrongUsage
from reconciler.report import plan_json
from reconciler.runs.applying import ApplyOptions, ApplyRun, apply
from reconciler.sandbox import Behaviour
from tests.runs.conftest import MakeWorld
from tests.runs.truth import billed, posts
from tests.runs.world import TODAY, World

FIFTH, NINTH = date(2026, 11, 5), date(2026, 11, 9)
NEVER = "increase: change-date, decrease: never"


def written(make_world: MakeWorld, policy: str = NEVER, **options: Any) -> tuple[World, str]:
    """Ten endpoints, raised to 14 on the 9th by a wrong reading; and the write's ref."""
    return written_on(make_world(policy=policy, **options))


def written_on(world: World) -> tuple[World, str]:
    world.service("endpoint")
    world.row("endpoint", 10)
    world.configure()
    world.baseline()
    readings = {date(2026, 11, day): 14 if day >= NINTH.day else 10 for day in range(1, 23)}
    world.read("endpoint", readings)
    (done,) = world.apply().applied
    assert done.result == "done"
    return world, done.ref or ""


def mended(world: World) -> None:
    """The source's readings are put right."""
    world.read("endpoint", {date(2026, 11, day): 10 for day in range(1, 23)})


@pytest.mark.parametrize("policy", [NEVER, "decrease: next-period", "credits: hold"])
def test_a_correction_takes_a_write_back_at_its_own_day(make_world: MakeWorld, policy: str) -> None:
    world, ref = written(make_world, policy)
    (change,) = world.plan(correct=(ref,)).changes
    assert (change.day, change.units_before, change.units_after) == (NINTH, 14, 10)
    assert (change.cause, change.posts, change.standing) == ("correction", -4, "ready")
    assert ref in change.steps[0].what
    (done,) = _corrected(world, ref)
    assert done.result == "done"
    assert {billed(world, "endpoint", day) for day in (FIFTH, NINTH, TODAY)} == {10}


def test_the_next_plan_leaves_a_correction_alone(make_world: MakeWorld) -> None:
    world, ref = written(make_world)
    _corrected(world, ref)
    mended(world)
    assert world.plan().verdict == "in-step"


def test_it_goes_on_as_an_update_where_bms_updates(make_world: MakeWorld) -> None:
    world, ref = written(make_world, behaviour=Behaviour().changed({"line_update": "upsert"}))
    (change,) = world.plan(correct=(ref,)).changes
    assert (change.day, change.posts) == (NINTH, 10)
    _corrected(world, ref)
    assert billed(world, "endpoint", TODAY) == 10


def test_a_write_is_taken_back_once(make_world: MakeWorld) -> None:
    world, ref = written(make_world)
    _corrected(world, ref)
    calls = posts(world)
    with pytest.raises(PlanError, match="reversed it on"):
        world.plan(correct=(ref,))
    assert posts(world) == calls


def test_the_day_of_a_write_is_the_tenants(make_world: MakeWorld) -> None:
    """Late in the evening it is the next day in UTC."""
    world = make_world(policy=NEVER)
    evening = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
    world.sandbox.set_clock(evening)
    world, ref = written_on(world)
    (change,) = world.plan(correct=(ref,)).changes
    assert change.steps[0].what == f"reverses {ref} of {TODAY}"
    _corrected(world, ref)
    with pytest.raises(PlanError, match=f"reversed it on {TODAY}"):
        world.plan(correct=(ref,))


def test_a_reverted_merge_takes_back_all_that_its_plan_wrote(make_world: MakeWorld) -> None:
    world, _ = written(make_world)
    (first,) = {intent.plan for intent, _ in world.ledger.writes(10)}
    world.service("server", "7.00")
    world.row("server", 1)
    world.configure()
    world.baseline()
    world.steady("server", 3)
    world.apply()
    (second,) = {intent.plan for intent, _ in world.ledger.writes(10)} - {first}
    changes = {c.line.bms_service: c.units_after for c in world.plan(correct=(first[:12],)).changes}
    assert changes == {"endpoint": 10}
    assert {done.result for done in _corrected(world, second.upper())} == {"done"}
    assert billed(world, "server", TODAY) == 1
    with pytest.raises(PlanError, match="nothing that this plan wrote is left"):
        world.plan(correct=(second,))


def test_it_is_refused_where_something_else_moved_the_line(make_world: MakeWorld) -> None:
    world, ref = written(make_world)
    row = world.sandbox.ui.read_units()[0].row_id
    world.sandbox.ui.edit_units(row, 11)
    (held,) = world.plan(correct=(ref,)).changes
    assert (held.standing, held.because) == ("held", ("KNW002",))
    world.sandbox.ui.edit_units(row, 10)
    world.sandbox.ui.add_line(world.contract, world.services["endpoint"], 1, TODAY)
    world.baseline()
    with pytest.raises(PlanError, match="moved since by something else"):
        world.plan(correct=(ref,))


def test_guards_hold_a_correction_like_any_change(make_world: MakeWorld) -> None:
    world, ref = written(make_world)
    world.guards = "{line: 20}"
    world.configure()
    (change,) = world.plan(correct=(ref,)).changes
    assert (change.standing, change.because) == ("held", ("GRD002",))


def test_a_correction_that_was_reviewed_is_what_is_written(make_world: MakeWorld) -> None:
    world, ref = written(make_world, mode="apply")
    reviewed = plan_json.loads(plan_json.dumps(world.plan(correct=(ref,))))
    assert reviewed.corrects == (ref,)
    assert [a.result for a in world.apply(reviewed=reviewed).applied] == ["done"]
    assert billed(world, "endpoint", TODAY) == 10


def test_nothing_else_is_planned_and_no_rule_comes_into_force(make_world: MakeWorld) -> None:
    world, ref = written(make_world)
    world.read("endpoint", {date(2026, 11, 22): 20})
    world.configure(endpoint="decrease: change-date")
    rules = len(world.ledger.remember().rules)
    assert [c.cause for c in world.plan(correct=(ref,)).changes] == ["correction"]
    _corrected(world, ref)
    assert len(world.ledger.remember().rules) == rules


def steady(make_world: MakeWorld, mode: str = "apply", **options: Any) -> World:
    """Ten endpoints, in step."""
    world = make_world(mode=mode, **options)
    world.service("endpoint")
    world.row("endpoint", 10)
    world.configure()
    world.baseline()
    world.steady("endpoint", 10)
    world.apply()
    return world


def edited(make_world: MakeWorld, mode: str = "apply", **options: Any) -> tuple[World, str]:
    """Raised to 14 today by an edit that is undone again; and the write's ref."""
    world = steady(make_world, mode, **options)
    world.configure(endpoint="minimum: 14")
    (done,) = world.apply().applied
    world.configure()
    return world, done.ref or ""


def pass_nights(world: World, nights: int) -> None:
    for _ in range(nights):
        world.sandbox.advance(timedelta(days=1))
        world.steady("endpoint", 10)
        world.apply(how="schedule")


@pytest.mark.parametrize("mode", ["apply", "propose"])
@pytest.mark.parametrize("nights", [0, 1, 3])
def test_no_later_run_brings_back_an_edit_whose_writes_were_taken_back(
    make_world: MakeWorld, nights: int, mode: str
) -> None:
    """Whether or not runs saw since that it was undone, and wrote it."""
    world, ref = edited(make_world, mode)
    pass_nights(world, nights)
    _corrected(world, ref)
    assert billed(world, "endpoint", TODAY) == 10
    world.mode = "apply"
    world.configure()
    pass_nights(world, 2)
    assert billed(world, "endpoint", TODAY) == 10
    assert world.plan().verdict == "in-step"


def test_an_edit_that_still_stands_counts_from_the_next_run_on(make_world: MakeWorld) -> None:
    world, ref = edited(make_world)
    world.configure(endpoint="minimum: 14")
    _corrected(world, ref)
    pass_nights(world, 1)
    day = world.sandbox.today()
    assert [billed(world, "endpoint", one) for one in (TODAY, day)] == [10, 14]


@pytest.mark.parametrize(
    "edit",
    [
        "changes: [{from: 2026-11-20, minimum: 14}]",
        "changes: [{from: 2026-11-23, minimum: 14}]",
        "changes: [{from: 2026-11-25, minimum: 14}]",
        "units: {fixed: 14, reason: agreed}",
    ],
)
def test_an_edit_with_a_day_of_its_own_is_taken_back_too(make_world: MakeWorld, edit: str) -> None:
    """The ledger keeps it by the day on which it came."""
    world = steady(make_world)
    world.configure(endpoint=edit)
    done = [*world.apply().applied]
    for _ in range(3):
        world.sandbox.advance(timedelta(days=1))
        world.steady("endpoint", 10)
        done.extend(world.apply().applied)
    world.configure()
    _corrected(world, done[0].ref or "")
    pass_nights(world, 2)
    assert world.plan().verdict == "in-step"
    assert billed(world, "endpoint", done[0].change.day) == 10


def test_an_edit_before_it_stands_though_it_is_of_the_writes_day(make_world: MakeWorld) -> None:
    """The slip came two days later, and was dated back to that day."""
    world = steady(make_world)
    world.configure(endpoint="included: 1")
    world.apply()
    pass_nights(world, 2)
    world.configure(endpoint=f"included: 1, changes: [{{from: {TODAY}, minimum: 14}}]")
    (slip,) = world.apply().applied
    world.configure(endpoint="included: 1")
    _corrected(world, slip.ref or "")
    pass_nights(world, 2)
    assert world.plan().verdict == "in-step"
    assert billed(world, "endpoint", TODAY) == 9


@pytest.mark.parametrize("mode", ["apply", "propose"])
def test_only_the_edit_of_the_write_is_taken_back(make_world: MakeWorld, mode: str) -> None:
    """Proposed, the write of the one comes with that of the other, a day later."""
    world = steady(make_world, mode)
    first = world.sandbox.today()
    world.configure(endpoint="minimum: 20")
    done = list(world.apply(how="schedule").applied)
    pass_nights(world, 1)
    second = world.sandbox.today()
    world.configure(endpoint="minimum: 15")
    done.extend(world.apply().applied)
    (slip,) = (one for one in done if one.change.units_after == 20)
    _corrected(world, slip.ref or "")
    world.mode = "apply"
    world.configure(endpoint="minimum: 15")
    pass_nights(world, 3)
    assert [billed(world, "endpoint", day) for day in (first, second)] == [10, 15]
    assert world.plan().verdict == "in-step"


def test_writes_of_two_edits_are_taken_back_one_after_the_other(make_world: MakeWorld) -> None:
    """The first correction leaves a rule of the second edit's day."""
    world = steady(make_world)
    refs = []
    for edit in ("minimum: 14", "minimum: 14, multiply: 2"):
        world.configure(endpoint=edit)
        (done,) = world.apply().applied
        refs.append(done.ref or "")
        pass_nights(world, 1)
    world.configure()
    for ref in refs:
        _corrected(world, ref)
    pass_nights(world, 2)
    days = [TODAY + timedelta(days=n) for n in range(4)]
    assert [billed(world, "endpoint", day) for day in days] == [10] * 4


@pytest.mark.parametrize("other", ["maximum: 90", "price: 11.00"])
def test_an_edit_that_waited_for_its_period_is_taken_back(
    make_world: MakeWorld, other: str
) -> None:
    """Whatever else was edited before the period began."""
    policy = "increase: next-period"
    world = steady(make_world, policy=policy)
    world.configure(endpoint=f"{policy}, minimum: 14")
    pass_nights(world, 2)
    world.configure(endpoint=f"{policy}, minimum: 14, {other}")
    written = [*world.apply().applied]
    for _ in range(8):
        world.sandbox.advance(timedelta(days=1))
        world.steady("endpoint", 10)
        written.extend(world.apply().applied)
    (done,) = (one for one in written if one.change.kind == "units")
    world.configure(endpoint=f"{policy}, {other}")
    _corrected(world, done.ref or "")
    pass_nights(world, 2)
    assert billed(world, "endpoint", done.change.day) == 10
    assert world.plan().verdict == "in-step"


def test_an_edit_counts_on_while_guards_hold_what_takes_its_writes_back(
    make_world: MakeWorld,
) -> None:
    world, ref = edited(make_world)
    world.guards = "{line: 1}"
    world.configure(endpoint="minimum: 14")
    assert asked(world, ref).applied == ()
    assert world.plan().verdict == "in-step"


@pytest.mark.parametrize("ref", ["ABCDEF0123", ""])
def test_an_unknown_ref_is_refused(make_world: MakeWorld, ref: str) -> None:
    world, _ = written(make_world)
    with pytest.raises(WrongUsage, match="no write has that ref"):
        world.plan(correct=(ref,))


@pytest.mark.parametrize("starts", [date(2026, 11, 10), date(2027, 1, 1)])
def test_what_is_dated_before_billing_starts_is_not_taken_back(
    make_world: MakeWorld, starts: date
) -> None:
    world, ref = written(make_world)
    world.billing_starts = starts
    world.configure()
    calls = posts(world)
    for ask in (lambda: world.plan(correct=(ref,)), lambda: _corrected(world, ref)):
        with pytest.raises(PlanError, match=f"2026-11-09, and billing starts on {starts}"):
            ask()
    assert posts(world) == calls
    assert billed(world, "endpoint", TODAY) == 14


def test_a_write_of_the_day_that_billing_starts_on_is_taken_back(make_world: MakeWorld) -> None:
    world, ref = written(make_world)
    world.billing_starts = NINTH
    world.configure()
    assert [done.result for done in _corrected(world, ref)] == ["done"]


def test_nothing_is_taken_back_where_no_day_is_set(make_world: MakeWorld) -> None:
    world, ref = written(make_world)
    world.billing_starts = None
    world.configure()
    calls = posts(world)
    made = world.plan(correct=(ref,))
    assert [(c.standing, c.because) for c in made.changes] == [("held", ("MOD002",))]
    assert "MOD002" in {found.code for found in made.findings}
    assert asked(world, ref).applied == ()
    assert posts(world) == calls


def asked(world: World, ref: str) -> ApplyRun:
    done = apply(world.around, world.ledger, ApplyOptions("a test", "terminal", correct=(ref,)))
    assert done is not None
    return done


def _corrected(world: World, ref: str) -> Any:
    done = asked(world, ref)
    (approval,) = world.ledger.approvals(done.plan.digest)
    assert isinstance(approval, Approval)
    return done.applied
