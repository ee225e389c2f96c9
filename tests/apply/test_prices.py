"""A price of the configuration reaches every row of its line, before the units of its days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from reconciler.apply.order import in_writing_order
from reconciler.model.plan import Change
from reconciler.model.timeline import Timeline
from reconciler.sandbox import Behaviour
from tests.apply.story import Killed, check, disturbed, told
from tests.engine.test_guards import change
from tests.runs.conftest import MakeWorld
from tests.runs.truth import posts
from tests.runs.world import TODAY, World

D = date


def rows(world: World, service: str) -> list[tuple[int, str]]:
    found = world.sandbox.tables().rows()
    return [(r.units, str(r.price)) for r in found if r.service == service]


def jobs(world: World) -> int:
    requests = world.sandbox.tables().requests()
    return sum(1 for request in requests if request.path.endswith("/bulkupdate"))


def test_every_row_gets_the_price_before_the_units_move(make_world: MakeWorld) -> None:
    world = make_world()
    world.service("alpha", "10.00")
    world.row("alpha", 3)
    world.row("alpha", 2)
    world.configure(alpha="price: 12.50")
    world.steady("alpha", 7)
    world.baseline()
    plan = world.plan()
    price, units = plan.changes
    assert (price.kind, price.price_before, price.price) == ("price", Decimal(10), Decimal("12.5"))
    assert price.money.monthly == Decimal("12.50")
    assert units.money.monthly == Decimal("25.00")
    assert plan.totals.monthly == Decimal("37.50")
    told: list[str] = []
    done = world.apply(watch=lambda moment, change: told.append(f"{change.kind} {moment}"))
    assert [entry.result for entry in done.applied] == ["done", "done"]
    assert told.index("price settled") < told.index("units intended")
    assert rows(world, "alpha") == [(3, "12.50"), (2, "12.50"), (2, "12.50")]
    assert jobs(world) == 1
    assert world.plan().verdict == "in-step"
    assert world.sandbox.tables().total(world.contract) == Decimal("87.50")


def risen(make_world: MakeWorld, **options: Any) -> World:
    """Five units at 10.00, 12.50 from today on; two more since yesterday."""
    world = make_world(**options)
    world.service("alpha", "10.00")
    world.row("alpha", 5)
    world.configure(alpha=f"price: 10.00, changes: [{{from: {TODAY}, price: 12.50}}]")
    world.steady("alpha", 5)
    world.read("alpha", {TODAY - timedelta(days=1): 7})
    world.baseline()
    return world


@pytest.mark.parametrize("update", ["append", "upsert"])
def test_units_of_a_day_before_the_price_are_written_and_read_back_before_it(
    make_world: MakeWorld, update: Any
) -> None:
    world = risen(make_world, behaviour=Behaviour(line_update=update))
    told: list[str] = []
    done = world.apply(watch=lambda moment, change: told.append(f"{change.kind} {moment}"))
    assert [entry.result for entry in done.applied] == ["done", "done"]
    assert told.index("units read-back") < told.index("price intended")
    (posted,) = [e for e in world.sandbox.tables().posts() if e.action in ("add", "post")]
    assert posted.price == Decimal("10.00")
    assert {price for _, price in rows(world, "alpha")} == {"12.50"}
    assert world.sandbox.tables().total(world.contract) == Decimal("87.50")
    assert world.plan().verdict == "in-step"


def test_a_price_does_not_wait_for_units_before_it_that_bms_refuses(make_world: MakeWorld) -> None:
    world = risen(make_world)
    world.read("alpha", {TODAY - timedelta(days=2): 6})
    world.sandbox.faults.arm("refuse", path="*/services", message="not now")
    done = world.apply()
    assert [(e.change.kind, e.result) for e in done.applied] == [
        ("units", "refused"),
        ("price", "done"),
        ("units", "not-reached"),
    ]
    assert rows(world, "alpha") == [(5, "12.50")]
    world.sandbox.faults.clear()
    assert {entry.result for entry in world.apply().applied} == {"done"}
    assert rows(world, "alpha") == [(5, "12.50"), (1, "12.50"), (1, "12.50")]
    assert world.plan().verdict == "in-step"


def test_fewer_units_of_a_day_before_the_price_are_written_before_it_after_all_that_rises() -> None:
    def step(day: int, posts: int, price: int, kind: Any = "units") -> Change:
        return change(
            f"{day}{posts}", 0, 0, day=D(2026, 11, day), posts=posts, price=Decimal(price),
            kind=kind,
        )  # fmt: skip

    fall, price, rise = step(10, -90, 20), step(20, 0, 30, "price"), step(20, 90, 30)
    known = Timeline.of([(D(2026, 11, 1), 100), (D(2026, 11, 20), 10)])
    assert in_writing_order([fall, price, rise], known) == [rise, fall, price]
    plenty = Timeline.of([(D(2026, 11, 1), 100)])
    assert in_writing_order([fall, price, rise], plenty) == [fall, price, rise]
    first = [step(5, 0, 30, "price"), step(10, -90, 30), rise]
    assert in_writing_order(first, known) == [first[0], rise, first[1]]


def test_a_price_alone_moves_no_units(make_world: MakeWorld) -> None:
    world = make_world(behaviour=Behaviour(line_update="upsert"))
    world.service("alpha", "10.00")
    world.row("alpha", 3)
    world.configure(alpha="price: 8.00")
    world.steady("alpha", 3)
    world.baseline()
    done = world.apply()
    assert [entry.result for entry in done.applied] == ["done"]
    assert posts(world) == 0
    assert rows(world, "alpha") == [(3, "8.00")]
    assert world.plan().verdict == "in-step"


def test_a_new_line_starts_at_the_price_of_the_configuration(make_world: MakeWorld) -> None:
    world = make_world()
    world.service("alpha", "10.00")
    world.configure(alpha="price: 8.00")
    world.steady("alpha", 3)
    world.apply()
    assert rows(world, "alpha") == [(3, "8.00")]
    assert jobs(world) == 0
    assert world.plan().verdict == "in-step"


def test_a_row_excluded_from_bulk_updates_waits_for_a_person(make_world: MakeWorld) -> None:
    world = make_world()
    world.service("alpha", "10.00")
    row = world.row("alpha", 3)
    world.configure(alpha="price: 12.50")
    world.steady("alpha", 3)
    world.baseline()
    world.sandbox.ui.exclude_from_bulk(row)
    plan = world.plan()
    assert [(c.standing, c.because) for c in plan.changes] == [("by-hand", ("KNW007",))]
    assert plan.verdict == "person-needed"
    world.apply()
    assert jobs(world) == 0
    world.sandbox.ui.exclude_from_bulk(row, excluded=False)
    world.apply()
    assert rows(world, "alpha") == [(3, "12.50")]


def test_a_row_excluded_while_the_job_runs_leaves_the_price_in_doubt(
    make_world: MakeWorld,
) -> None:
    world = make_world()
    world.service("alpha", "10.00")
    first = world.row("alpha", 3)
    world.row("alpha", 2)
    world.configure(alpha="price: 12.50")
    world.steady("alpha", 6)
    world.baseline()

    def watch(moment: str, change: Change) -> None:
        if moment == "intended":
            world.sandbox.ui.exclude_from_bulk(first)

    done = world.apply(watch=watch)
    assert [entry.result for entry in done.applied] == ["in-doubt", "not-reached"]
    assert "without setting every row" in done.applied[0].detail
    assert posts(world) == 0
    assert world.units("alpha") == 5


@pytest.mark.parametrize("moment", ["intended", "posted", "settled", "agreed"])
def test_killed_around_the_job_the_price_arrives_once(moment: str) -> None:
    def watch(now: str, change: Change) -> None:
        if now == moment and change.kind == "price":
            raise Killed

    with told("upsert", price="8.40") as world:
        disturbed(world, watch)
        check(world)
        assert {price for _, price in rows(world, "alpha")} == {"8.40"}
        assert jobs(world) == 1
