"""A type is called misspelt only where no reading of any day named it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from reconciler.model.reading import Reading
from tests.runs.conftest import MakeWorld
from tests.runs.world import METRIC, World

PRODUCT, BY_TYPE = "datto-rmm", "devices-by-type"


@pytest.fixture
def servers(make_world: MakeWorld) -> World:
    """A line that counts `Servr`, of a customer who has servers by now."""
    world = make_world()
    world.service("servers")
    world.row("servers", 0)
    world.configure()
    services = world.config / "services/datto-edr.yaml"
    text = services.read_text("utf-8").replace("datto-edr", PRODUCT)
    counts = f"count: {{metric: {BY_TYPE}, of: Servr}}"
    services.write_text(text.replace(f"count: {{metric: {METRIC}}}", counts), "utf-8")
    account = world.config / "accounts/brass.yaml"
    account.write_text(account.read_text("utf-8").replace("datto-edr", PRODUCT), "utf-8")
    world.baseline()
    read(world, date(2026, 11, 1), date(2026, 11, 21), Server=7)
    return world


def read(world: World, first: date, last: date, **quantities: int) -> None:
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    rows = [
        Reading(PRODUCT, None, "servers", BY_TYPE, name, day, Decimal(quantity), "test")
        for day in days
        for name, quantity in quantities.items()
    ]
    world.ledger.record_pull("file usage/*.csv", rows, world.sandbox.now())


def told(world: World) -> Iterator[str]:
    return (one.message for one in world.plan().findings if one.code == "USG016")


def test_a_type_that_no_reading_ever_named_is_told(servers: World) -> None:
    (message,) = told(servers)
    assert "no reading ever named the type `Servr`" in message


def test_one_that_was_swapped_out_long_ago_is_not(servers: World) -> None:
    read(servers, date(2026, 6, 1), date(2026, 6, 20), Servr=7)
    assert list(told(servers)) == []


def test_one_that_a_source_gives_with_nothing_is_not(servers: World) -> None:
    read(servers, date(2026, 11, 22), date(2026, 11, 22), Servr=0, Server=7)
    assert list(told(servers)) == []
