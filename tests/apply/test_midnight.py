"""A write dated today: BMS may not have come to that day yet. What its total shows is learned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reconciler.model.plan import Change
from reconciler.runs.applying import ApplyRun
from reconciler.sandbox import Behaviour
from tests.apply.story import readings
from tests.apply.test_faults import POST
from tests.runs.world import TODAY, World, small_world

OURS, LATER = "America/New_York", "America/Los_Angeles"
NIGHT = datetime(2026, 11, 24, 0, 30, tzinfo=ZoneInfo(OURS))
"""Half an hour after our midnight; on the west coast it is the day before still."""
TWO_MORE = dict.fromkeys(("alpha", "beta"), "units: {fixed: 12, reason: agreed}")
"""An edit without a date: it counts from the day it is applied."""


@contextmanager
def stand(zone: str = OURS, beta: str = "Backup", **behaviour: Any) -> Iterator[World]:
    """Two lines of 10 at 10.00 in step, that the configuration sets to 12 on the 24th."""
    with small_world(behaviour=Behaviour(time_zone=zone, **behaviour)) as world:
        world.service("alpha")
        world.service("beta", contract=beta)
        for name in world.services:
            world.row(name, 10)
            world.read(name, readings((1, 10)))
        world.configure()
        world.baseline()
        world.apply()
        world.sandbox.set_clock(NIGHT)
        for name in world.services:
            world.read(name, {TODAY: 10})
        world.configure(**TWO_MORE)
        yield world


def results(done: ApplyRun) -> list[str]:
    return [entry.result for entry in done.applied]


def codes(world: World) -> set[str]:
    return {found.code for found in world.plan().findings}


def keeping_nothing(world: World, which: int) -> Any:
    """BMS answers as it should and keeps no unit of one write, counted from 1."""
    seen: list[str] = []

    def watch(moment: str, change: Change) -> None:
        if moment == "posted":
            seen.append(change.id)
            if len(seen) == which:
                world.sandbox.ui.edit_units(world.sandbox.tables().rows()[-1].row_id, 0)

    return watch


def the_day_after(world: World) -> World:
    world.sandbox.set_clock(NIGHT + timedelta(hours=24))
    for name in world.services:
        world.read(name, {NIGHT.date(): 10})
    return world


def test_a_write_of_today_is_done_where_the_total_shows_it() -> None:
    with stand() as world:
        assert results(world.apply()) == ["done", "done"]
        assert world.plan().verdict == "in-step"


def test_a_write_of_today_is_not_proved_before_bms_has_come_to_the_day() -> None:
    with stand(LATER) as world:
        done = world.apply()
        assert results(done) == ["unproved", "unproved"]
        assert all("come to 2026-11-24" in entry.detail for entry in done.applied)
        assert done.stopped is None
        assert world.plan().verdict == "in-step"
        world.sandbox.set_clock(NIGHT + timedelta(hours=4))
        assert world.plan().verdict == "in-step"
        assert the_day_after(world).plan().verdict == "in-step"
        assert (world.units("alpha"), world.units("beta")) == (12, 12)


@pytest.mark.parametrize("zone", [OURS, LATER])
def test_a_row_of_no_units_is_done_whichever_day_bms_has_come_to(zone: str) -> None:
    """The line is worth as much the day before, so no total can tell the days apart."""
    nothing = dict.fromkeys(("alpha", "beta"), "units: {fixed: 0, reason: agreed}")
    with stand(zone, line_update="upsert", zero_units="accepted") as world:
        world.configure(**nothing)
        assert results(world.apply()) == ["done", "done"]
        assert world.plan().verdict == "in-step"


def test_where_every_row_counts_a_write_of_today_is_done_at_once() -> None:
    with stand(LATER, total_price="all") as world:
        assert results(world.apply()) == ["done", "done"]


def test_units_that_bms_did_not_keep_are_not_called_done() -> None:
    with stand() as world:
        done = world.apply(watch=keeping_nothing(world, 1))
        assert results(done) == ["unproved", "done"]
        assert codes(the_day_after(world)) >= {"KNW002"}


def test_a_write_that_no_total_shows_leaves_the_next_one_a_canary() -> None:
    with stand(LATER) as world:
        world.sandbox.faults.arm("lose-answer-after-write", path=POST, after=1)
        done = world.apply()
        assert results(done) == ["unproved", "in-doubt"]
        assert "no write was proved yet" in (done.stopped or "")


@pytest.mark.parametrize("contract", ["Managed Services", "Backup"])
def test_once_a_total_showed_that_the_day_has_come_the_next_write_must_show(contract: str) -> None:
    with stand(beta=contract) as world:
        done = world.apply(watch=keeping_nothing(world, 2))
        assert results(done) == ["done", "does-not-fit"]
        assert done.stopped is not None


def test_an_edit_of_the_worth_of_a_write_is_found_the_same_evening() -> None:
    """Nothing more is written to the contract meanwhile."""
    with stand(beta="Managed Services") as world:
        assert results(world.apply()) == ["done", "done"]
        first = next(r for r in world.sandbox.tables().rows() if r.service == "beta")
        world.sandbox.ui.edit_units(first.row_id, 8)
        assert "KNW002" in codes(world)
        world.configure(alpha="units: {fixed: 15, reason: agreed}", beta=TWO_MORE["beta"])
        assert world.apply().applied == ()


def test_what_an_earlier_run_showed_counts_behind_a_contract_that_shows_less() -> None:
    with stand() as world:
        world.configure(alpha=TWO_MORE["alpha"])
        assert results(world.apply()) == ["done"]
        world.read("beta", {TODAY: 12})
        world.configure(alpha="units: {fixed: 15, reason: agreed}")

        def edit(moment: str, change: Change) -> None:
            if (moment, change.line.service) == ("proved", "beta"):
                first = next(r for r in world.sandbox.tables().rows() if r.service == "alpha")
                world.sandbox.ui.edit_units(first.row_id, 8)

        done = world.apply(watch=edit)
        assert results(done) == ["done", "not-reached"]
        assert "changed in BMS since it was planned" in done.applied[1].detail


def test_a_line_without_a_price_is_done_by_its_row_alone() -> None:
    with small_world(behaviour=Behaviour(time_zone=LATER)) as world:
        world.service("alpha", "0.00")
        world.row("alpha", 10)
        world.read("alpha", readings((1, 10)))
        world.configure()
        world.baseline()
        world.apply()
        world.sandbox.set_clock(NIGHT)
        world.read("alpha", {TODAY: 10})
        world.configure(alpha=TWO_MORE["alpha"])
        assert results(world.apply()) == ["done"]
