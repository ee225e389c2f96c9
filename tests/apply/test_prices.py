"""A price of the configuration reaches every row of its line, before any units."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.model.plan import Change
from reconciler.sandbox import Behaviour
from tests.apply.story import Killed, check, disturbed, told
from tests.runs.conftest import MakeWorld
from tests.runs.truth import posts
from tests.runs.world import World


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
