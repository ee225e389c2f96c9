"""Usage without an account, on pull requests that have to do with it and on those that do not."""

from __future__ import annotations

from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.runs.beginnings import nightly
from tests.runs.conftest import MakeWorld
from tests.runs.test_pull_requests import Shop

GUARDS = "{percent: 1000, line: 45, account: 1000000, run: 1000000}"
FOLDED = (
    "<details><summary>Merged or not: 2 organizations have usage without an account, +200.00 USD"
    " per month</summary>"
)
WHOLE = "**warning USG003 Usage without an account (1)**"


@pytest.fixture
def shop(make_world: MakeWorld) -> Shop:
    """Two organizations that nobody mapped, beside the two that are."""
    world = nightly(make_world(guards=GUARDS))
    for name, units in (("gamma", 7), ("delta", 3)):
        world.read(name, {date(2026, 11, day): units for day in range(1, 23)})
    return Shop(world)


def mapped(shop: Shop) -> None:
    """One of the two is the account's."""
    shop.world.configure()
    file = shop.world.config / "accounts/brass.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("[alpha, beta]", "[alpha, beta, gamma]"), encoding="utf-8")


def left_out(shop: Shop) -> None:
    """One of the two is nobody's on purpose."""
    shop.world.configure()
    with (shop.world.config / "billing.yaml").open("a", encoding="utf-8") as file:
        file.write("exclude:\n  - {organization: gamma, reason: ours}\n")


def left_out_by_the_account(shop: Shop) -> None:
    """One of the two is the account's, and left out on purpose."""
    shop.world.configure()
    with (shop.world.config / "accounts/brass.yaml").open("a", encoding="utf-8") as file:
        file.write("exclude:\n  - {organization: gamma, reason: ours}\n")


@pytest.mark.parametrize("settings", ["minimum: 12", "minimum: 15", "price: 10.10"])
def test_another_edit_says_it_in_one_folded_line(shop: Shop, settings: str) -> None:
    """Also where the edit is held, or changes what such usage would come to."""
    shop.propose(lambda: shop.world.configure(beta=settings))
    assert "Merged or not: 2 organizations have usage without an account" in shop.said
    assert WHOLE not in shop.said
    assert "Incomplete" not in shop.said
    assert "2 without an account" in shop.said


def test_what_is_held_beside_it_is_never_folded(shop: Shop, snapshot: SnapshotAssertion) -> None:
    shop.propose(lambda: shop.world.configure(beta="minimum: 15"))
    head, _, _ = shop.said.partition("<sub>")
    assert FOLDED in head
    assert head == snapshot
    assert "| beta | 10 → 15 |" in head.partition("<details>")[0]


@pytest.mark.parametrize("edit", [mapped, left_out, left_out_by_the_account])
def test_an_edit_of_who_is_whose_says_it_whole(shop: Shop, edit: object) -> None:
    assert callable(edit)
    shop.propose(lambda: edit(shop))
    assert WHOLE in shop.said
    assert "Merged or not" not in shop.said
    assert "1 organization has usage of datto-edr and no account claims it: delta" in shop.said
    assert "> Incomplete: 1 organization without an account." in shop.said


def test_where_nothing_is_without_an_account_nothing_is_said(make_world: MakeWorld) -> None:
    shop = Shop(nightly(make_world()))
    shop.propose(lambda: shop.world.configure(beta="minimum: 15"))
    assert "usage without an account" not in shop.said
