"""A pull request that moves no line today, and what it does all the same, as it is read."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.github.statuses import LONGEST
from tests.runs.beginnings import nightly
from tests.runs.conftest import MakeWorld
from tests.runs.test_pull_requests import Shop

WIDE = "{percent: 3000, line: 900000, account: 900000, run: 900000, zero: allow}"


@pytest.fixture
def shop(make_world: MakeWorld) -> Shop:
    guards = "{percent: 30, percent_floor_units: 3, line: 500, account: 2000, run: 5000}"
    world = make_world(mode="propose", guards=guards)
    return Shop(nightly(world))


def looser(shop: Shop) -> None:
    """Every guard raised, and nobody has to merge anything."""
    shop.world.mode, shop.world.guards = "apply", WIDE
    shop.world.configure()


def told(shop: Shop) -> str:
    return shop.said.partition("### Checked")[0]


def status(shop: Shop, head: str) -> str:
    return str(shop.api.statuses[head]["description"])


def test_guards_that_are_switched_off_are_shown_though_no_line_moves(
    shop: Shop, snapshot: SnapshotAssertion
) -> None:
    head = shop.propose(lambda: looser(shop))
    assert told(shop) == snapshot
    assert "Nothing to do" not in shop.said
    assert status(shop, head) == (
        "Merging this writes nothing to BMS; loosens 2 modes and 5 guards"
    )


def test_beside_a_change_they_are_still_first(shop: Shop, snapshot: SnapshotAssertion) -> None:
    def edit() -> None:
        looser(shop)
        shop.world.configure(beta="minimum: 15")

    head = shop.propose(edit)
    assert told(shop) == snapshot
    assert "loosens 2 modes and 5 guards" in status(shop, head)
    assert len(status(shop, head)) <= LONGEST


def test_guards_that_are_lowered_are_no_danger(shop: Shop) -> None:
    def edit() -> None:
        shop.world.guards = "{percent: 10, line: 500, account: 2000, run: 5000}"
        shop.world.configure()

    shop.propose(edit)
    first, _, rest = shop.said.partition("\n")
    assert first == "## 📝 Merging this changes 1 guard. It writes nothing to BMS."
    assert "- guard percent: 30 % → 10 %" in rest
    assert "CAUTION" not in rest
