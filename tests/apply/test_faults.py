"""Whatever goes wrong between us and BMS: run again, and nothing is lost and nothing doubled."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest

from reconciler.apply import Moment
from reconciler.cli.commands.apply import exit_of
from reconciler.cli.exits import Exit
from reconciler.model.plan import Change
from reconciler.runs.applying import ApplyRun
from reconciler.sandbox import FAULT_KINDS
from tests.apply.story import MODES, Killed, check, disturbed, readings, told
from tests.runs.truth import Story, doubled
from tests.runs.world import World, small_world

POST = "/v2/finance/contracts/recurringservices/*/services"
READS = ("*/relatedservices/search", "/v2/finance/contracts/summary")
TOKEN = "/v2/security/authenticate"
PRICES = ("*/relatedservices/bulkupdate", "*/backgroundjob")
KINDS = [kind for kind in FAULT_KINDS if kind != "slow"]
HARMLESS = ("http-429", "expire-tokens", "refuse")
"""BMS says that it did nothing; the way lines are written makes no difference."""
MOMENTS = get_args(Moment)


def struck(
    world: World, kind: str, path: str, times: int = 1, after: int = 0, *, expired: bool = False
) -> None:
    """One apply with a fault armed once it begins to write, so that it strikes the apply and not
    its plan; ``expired``: its token has run out. A fault that never struck would prove nothing."""
    begun: list[bool] = []

    def watch(moment: Moment, change: Change) -> None:
        if not begun:
            begun.append(True)
            if expired:
                world.sandbox.faults.arm("expire-tokens", path=POST)
            for _ in range(times):
                world.sandbox.faults.arm(kind, path=path, after=after, minutes=40)

    disturbed(world, watch)
    assert begun
    assert world.sandbox.faults.armed().count(kind) < times, f"no call to {path} was struck"


def killing(moment: Moment, times: int = 1) -> Any:
    """Die when a moment has come so many times."""
    left = [times]

    def watch(now: Moment, change: Change) -> None:
        if now == moment:
            left[0] -= 1
            if left[0] == 0:
                raise Killed

    return watch


@pytest.mark.parametrize(
    ("kind", "line_update", "note"),
    [(k, *m) for k in KINDS for m in (MODES[:1] if k in HARMLESS else MODES)],
)
def test_a_fault_of_a_post_loses_and_doubles_nothing(
    kind: str, line_update: str, note: bool
) -> None:
    with told(line_update, note=note) as world:
        struck(world, kind, POST, after=1)
        check(world)


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_of_the_first_post_loses_and_doubles_nothing(kind: str) -> None:
    with told() as world:
        struck(world, kind, POST)
        check(world)


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_of_a_read_back_loses_and_doubles_nothing(kind: str, path: str) -> None:
    with told() as world:
        struck(world, kind, path, times=4)
        check(world)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "expire-tokens"])
def test_a_fault_of_a_new_token_loses_and_doubles_nothing(kind: str) -> None:
    with told() as world:
        struck(world, kind, TOKEN, times=4, expired=True)
        check(world)


@pytest.mark.parametrize("path", PRICES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_of_a_price_job_loses_and_doubles_nothing(kind: str, path: str) -> None:
    with told(price="8.40") as world:
        struck(world, kind, path, times=4)
        check(world)
        assert prices(world) == {Decimal("8.40")}


def prices(world: World) -> set[Decimal]:
    rows = world.sandbox.tables().rows()
    return {row.price for row in rows if row.service_id == world.services["alpha"]}


@pytest.mark.parametrize(("line_update", "note"), MODES)
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_any_moment_the_next_runs_end_right(
    moment: Moment, line_update: str, note: bool
) -> None:
    with told(line_update, note=note) as world:
        disturbed(world, killing(moment))
        check(world)


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_again_and_again_the_next_runs_end_right(moment: Moment) -> None:
    with told("upsert", note=False) as world:
        for times in (2, 1, 1):
            disturbed(world, killing(moment, times))
        check(world)


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_around_a_price_the_next_runs_end_right(moment: Moment) -> None:
    with told(price="8.40") as world:
        disturbed(world, killing(moment))
        check(world)
        assert prices(world) == {Decimal("8.40")}


def test_a_lost_answer_is_reported_and_proved_by_the_next_run() -> None:
    with told() as world:
        world.sandbox.faults.arm("lose-answer-after-write", path=POST, after=3)
        done = world.apply()
        assert [entry.result for entry in done.applied].count("in-doubt") == 1
        assert exit_of(done) is Exit.PARTIAL
        assert world.plan().verdict == "in-step"
        assert not doubled(world)


def test_an_answer_lost_before_the_write_is_in_doubt_until_it_can_land_no_more() -> None:
    with told() as world:
        world.sandbox.faults.arm("lose-answer-before-write", path=POST)
        world.apply()
        plan = world.plan()
        doubt = [f for f in plan.findings if f.code == "KNW005"]
        assert [f.subject.contract for f in doubt] == ["Backup"]
        assert plan.verdict == "person-needed"
        assert exit_of(ApplyRun(plan, plan)) is Exit.PERSON
        held = [c for c in plan.changes if c.standing == "held"]
        assert {c.line.contract for c in held} == {"Backup"}
        check(world)


def test_a_lost_first_unit_of_a_line_at_zero_is_in_doubt_for_an_hour_only() -> None:
    story = Story([(date(2026, 1, 1), 0)], dict.fromkeys(readings((1, 2)), 2))
    with small_world(note=False) as world:
        world.service("alpha")
        world.row("alpha", 0)
        world.configure()
        world.read("alpha", story.readings)
        world.baseline()
        world.sandbox.faults.arm("lose-answer-before-write", path=POST)
        disturbed(world)
        check(world, stories={"alpha": story})


@pytest.mark.parametrize(("line_update", "note"), MODES)
def test_a_write_on_its_way_is_not_sent_again_however_often_the_run_is_repeated(
    line_update: str, note: bool
) -> None:
    with told(line_update, note=note) as world:
        world.sandbox.faults.arm("land-late", path=POST, after=1, minutes=50)
        for _ in range(5):
            disturbed(world)
            world.sandbox.advance(timedelta(minutes=9))
        check(world)
