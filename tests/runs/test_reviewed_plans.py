"""What was reviewed is what is written: the file unchanged, the day come, nothing newer applied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.model.bms import LineKey
from reconciler.model.errors import PlanError, PlanStale
from reconciler.model.ledgered import KnownFact
from reconciler.model.plan import Change, Plan
from reconciler.runs import reviewed
from reconciler.sandbox import Behaviour
from tests.report.example import CHANGES, IN_STEP
from tests.runs.world import TODAY, World

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    world.service("edr")
    world.row("edr", 5)
    world.configure()
    world.steady("edr", 5)
    world.baseline()
    world.apply()
    yield world
    world.close()


def test_of_a_stale_plan_the_first_differences_are_told_and_how_many_more() -> None:
    told = reviewed.differences(CHANGES[:7], IN_STEP)
    assert told.startswith("7 changes: Managed Workstation of Brass Building Supplies")
    assert told.endswith("; and 2 more")
    assert told.count(" is not planned any more") == 5
    assert "more" not in reviewed.differences(CHANGES[:1], IN_STEP).replace("any more", "")


class Killed(BaseException):
    """The process ends here."""


def posts(world: World) -> int:
    return len(world.sandbox.tables().posts())


def altered(plan: Plan, **fields: object) -> Plan:
    return replace(plan, changes=tuple(replace(c, **fields) for c in plan.changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fields",
    [
        {"posts": 300},
        {"units_after": 305},
        {"day": date(2026, 2, 1)},
        {"price": Decimal(99)},
        {"standing": "proposed"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_plan_whose_file_was_changed_is_refused(world: World, fields: dict[str, object]) -> None:
    world.read("edr", {YESTERDAY: 7})
    plan = altered(world.plan(), **fields)
    with pytest.raises(PlanError, match="changed after it was made"):
        world.apply(reviewed=plan)
    assert posts(world) == 0


def test_a_stale_plan_names_everything_that_would_be_written_otherwise(world: World) -> None:
    world.read("edr", {YESTERDAY: 7})
    plan = world.plan()
    world.read("edr", {YESTERDAY: 8})
    with pytest.raises(PlanStale) as stale:
        world.apply(reviewed=plan)
    assert stale.value.where == (
        f"edr of Brass Building Supplies from {YESTERDAY}: posts 2 -> 3, units_after 7 -> 8"
    )
    assert posts(world) == 0


def test_a_plan_of_a_day_that_has_not_come_is_not_applied(world: World) -> None:
    world.read("edr", {YESTERDAY: 7})
    plan = world.plan(as_of=TODAY + timedelta(days=40))
    with pytest.raises(PlanError, match="has not come"):
        world.apply(reviewed=plan)
    assert posts(world) == 0


def test_a_plan_older_than_an_applied_edit_is_stale(world: World) -> None:
    world.read("edr", {YESTERDAY: 7})
    old = world.plan()
    world.sandbox.set_clock(TODAY + timedelta(days=1))
    world.steady("edr", 7)
    world.configure(edr="minimum: 8")
    world.apply()
    with pytest.raises(PlanStale, match="edits of 2026-11-24 were applied since"):
        world.apply(reviewed=old)
    assert world.units("edr") == 8


def test_a_change_written_for_another_plan_does_not_count_as_written_for_this_one(
    world: World,
) -> None:
    world.read("edr", {YESTERDAY: 7})
    plan = world.plan()
    world.sandbox.set_clock(TODAY + timedelta(days=1))
    world.read("edr", {TODAY: 7})
    world.apply()
    assert world.units("edr") == 7
    with pytest.raises(PlanStale, match="no longer what would be written"):
        world.apply(reviewed=plan)


def test_a_run_that_dies_counts_its_edits_from_the_same_day_afterwards(world: World) -> None:
    world.configure(edr="minimum: 8")

    def die(moment: str, _change: Change) -> None:
        if moment == "agreed":
            raise Killed

    with pytest.raises(Killed):
        world.apply(watch=die)
    world.sandbox.set_clock(TODAY + timedelta(days=1))
    world.steady("edr", 5)
    assert world.plan().verdict == "in-step"
    assert world.units("edr") == 8


def test_a_first_price_job_in_doubt_stops_the_run(tmp_path: Path) -> None:
    world = World(tmp_path, Behaviour(line_update="upsert"), assume={"line_update": "append"})
    for number in range(3):
        world.service(f"s{number}", contract=f"Home {number}")
        world.row(f"s{number}", 10)
    world.configure(s0="price: 12.00")
    for name in world.services:
        world.steady(name, 12)
    rows = world.sandbox.tables().rows()
    world.ledger.append_facts(
        [
            KnownFact(
                LineKey(world.account, row.contract_id, row.service_id),
                row.row_id,
                row.date,
                "add",
                row.units,
                "baseline",
            )
            for row in rows
        ]
    )

    def exclude(moment: str, change: Change) -> None:
        if moment == "starting" and change.kind == "price":
            world.sandbox.ui.exclude_from_bulk(rows[0].row_id)

    done = world.apply(watch=exclude)
    assert done.stopped is not None
    assert [world.units(name) for name in world.services] == [10, 10, 10]
    world.close()


def test_what_was_written_is_what_an_offline_plan_starts_from(world: World) -> None:
    world.read("edr", {YESTERDAY: 7})
    world.apply()
    assert world.plan(offline=True).verdict == "in-step"
