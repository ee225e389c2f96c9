"""A price of a later day that a merge named is written on that day, and not asked for again."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from reconciler.model.plan import Change
from reconciler.runs.accepting import accept_prices
from tests.ledger.making import rows
from tests.runs.beginnings import nightly, steady
from tests.runs.conftest import MakeWorld
from tests.runs.test_pull_requests import Shop

DAY_BEFORE, DECEMBER = date(2026, 11, 30), date(2026, 12, 1)
RISE = "changes: [{from: 2026-12-01, price: 12.00}]"
OTHER = "changes: [{from: 2026-12-01, price: 13.00}]"


@pytest.fixture
def shop(make_world: MakeWorld) -> Shop:
    return Shop(nightly(make_world(mode="propose")))


def merged(shop: Shop, settings: str = RISE) -> None:
    shop.propose(lambda: shop.world.configure(beta=settings))
    shop.merge()
    shop.apply()


def on(shop: Shop, day: date) -> Change | None:
    """What the night makes of beta's price, with the units that it had."""
    shop.world.sandbox.set_clock(day)
    steady(shop.world, 10)
    shop.world.apply(how="schedule")
    found = shop.world.plan().changes
    return next((c for c in found if (c.kind, c.line.service) == ("price", "beta")), None)


def check_waits(shop: Shop, day: date) -> None:
    """For a person, at the price that it had."""
    change = on(shop, day)
    assert change is not None
    assert (change.standing, price(shop)) == ("proposed", Decimal("10.00"))


def push_directly(shop: Shop) -> None:
    """The rise, without a pull request."""
    shop.world.configure(beta=RISE)
    shop.commit("pushed directly")
    shop.apply()


def by_hand(shop: Shop, to: str) -> None:
    """A person changes beta's price in BMS."""
    (row,) = [one for one in shop.world.sandbox.tables().rows() if one.service == "beta"]
    shop.world.sandbox.ui.reprice(row.row_id, to)


def price(shop: Shop) -> Decimal:
    (row,) = [one for one in shop.world.sandbox.tables().rows() if one.service == "beta"]
    return row.price


def test_it_is_written_when_its_day_has_come_and_once(shop: Shop) -> None:
    merged(shop)
    assert "Merging this approves this price" in shop.said
    assert "1 price approved, to be written on 2026-12-01." in shop.said
    assert on(shop, DAY_BEFORE) is None
    assert price(shop) == Decimal("10.00")
    assert on(shop, DECEMBER) is None
    assert price(shop) == Decimal("12.00")
    ((intent, _),) = shop.world.ledger.writes(1)
    assert intent.kind == "price"
    content = shop.world.ledger.load_plan(intent.plan)
    assert content is not None
    assert "maria with #7, merged by lena" in content
    assert shop.world.ledger.remember().named_prices == ()


def test_each_of_several_is_written_on_its_day(shop: Shop) -> None:
    merged(shop, "changes: [{from: 2026-12-01, price: 12.00}, {from: 2026-12-02, price: 13.00}]")
    on(shop, DECEMBER)
    assert price(shop) == Decimal("12.00")
    on(shop, date(2026, 12, 2))
    assert price(shop) == Decimal("13.00")


def test_what_nobody_merged_waits(shop: Shop) -> None:
    push_directly(shop)
    check_waits(shop, DECEMBER)


@pytest.mark.parametrize("settings", [OTHER, RISE.replace("12-01", "11-30")])
def test_another_price_or_day_than_was_merged_waits(shop: Shop, settings: str) -> None:
    merged(shop)
    shop.world.configure(beta=settings)
    check_waits(shop, DECEMBER)


def test_a_named_price_is_used_once(shop: Shop) -> None:
    """A person took it back in BMS, and that was taken over."""
    merged(shop)
    on(shop, DECEMBER)
    by_hand(shop, "10.00")
    accept_prices(shop.world.around, shop.world.ledger, "by phone")
    check_waits(shop, date(2026, 12, 2))


def test_a_named_price_that_a_person_set_early_and_took_back_is_used_up(shop: Shop) -> None:
    merged(shop)
    for to in ("12.00", "10.00"):
        by_hand(shop, to)
        accept_prices(shop.world.around, shop.world.ledger, "by phone")
    check_waits(shop, DECEMBER)


def test_it_is_used_up_though_nobody_took_the_hand_edit_over(shop: Shop) -> None:
    merged(shop)
    by_hand(shop, "12.00")
    shop.world.plan()
    by_hand(shop, "10.00")
    check_waits(shop, DECEMBER)


def test_what_a_write_in_doubt_set_is_not_taken_for_a_persons(shop: Shop) -> None:
    merged(shop)
    world = shop.world
    world.sandbox.faults.arm("lose-answer-after-write", path="bulkupdate")
    world.sandbox.set_clock(DECEMBER)
    steady(world, 10)
    world.apply(how="schedule")
    assert world.ledger.open_intents()
    world.sandbox.advance(timedelta(minutes=5))
    assert price(shop) == Decimal("12.00")
    world.plan()
    who = rows(world.folder / "ledger.db", "SELECT who FROM named_price")
    assert who == [("maria with #7, merged by lena",)]


def test_a_rise_set_early_leaves_what_comes_after_it_approved(shop: Shop) -> None:
    merged(shop, "changes: [{from: 2026-12-01, price: 12.00}, {from: 2026-12-02, price: 13.00}]")
    by_hand(shop, "12.00")
    accept_prices(shop.world.around, shop.world.ledger, "from this week on")
    on(shop, DECEMBER)
    assert on(shop, date(2026, 12, 2)) is None
    assert price(shop) == Decimal("13.00")


def test_a_price_for_a_month_goes_back_as_it_was_merged(shop: Shop) -> None:
    """The line has the later price before the earlier one comes: it is not used up by that."""
    merged(shop, "changes: [{from: 2026-12-01, price: 8.00}, {from: 2026-12-03, price: 10.00}]")
    on(shop, DAY_BEFORE)
    on(shop, DECEMBER)
    assert price(shop) == Decimal("8.00")
    assert on(shop, date(2026, 12, 3)) is None
    assert price(shop) == Decimal("10.00")


def test_a_price_that_moved_in_bms_since_waits(shop: Shop) -> None:
    merged(shop)
    by_hand(shop, "11.00")
    change = on(shop, DECEMBER)
    assert change is not None
    assert change.standing != "ready"
    assert price(shop) == Decimal("11.00")


def test_what_was_pushed_after_the_review_waits(shop: Shop) -> None:
    shop.propose(lambda: shop.world.configure(beta=RISE))
    shop.world.configure(beta=OTHER)
    shop.commit("one more thing")
    shop.merge()
    shop.apply()
    assert "approved, to be written" not in shop.said
    check_waits(shop, DECEMBER)


def test_a_price_that_a_later_merge_took_out_is_named_no_more(shop: Shop) -> None:
    merged(shop)
    shop.merge_another(8, beta="")
    shop.apply()
    push_directly(shop)
    check_waits(shop, DECEMBER)


def test_of_two_merges_the_later_one_says_what_the_day_brings(shop: Shop) -> None:
    merged(shop)
    shop.merge_another(8, beta=OTHER)
    shop.apply()
    assert on(shop, DECEMBER) is None
    assert price(shop) == Decimal("13.00")


def test_a_guard_still_holds_it(make_world: MakeWorld) -> None:
    guards = "{percent: 1000, line: 15, account: 1000000, run: 1000000}"
    shop = Shop(nightly(make_world(mode="propose", guards=guards)))
    merged(shop)
    change = on(shop, DECEMBER)
    assert change is not None
    assert (change.standing, change.because) == ("held", ("GRD002",))


def test_where_the_mode_lets_the_night_write_nothing_is_named(make_world: MakeWorld) -> None:
    shop = Shop(nightly(make_world()))
    merged(shop)
    assert "approves this price" not in shop.said
    assert shop.world.ledger.remember().named_prices == ()
    assert on(shop, DECEMBER) is None
    assert price(shop) == Decimal("12.00")


def test_where_usage_is_too_old_the_comment_says_what_to_do_on_github(shop: Shop) -> None:
    """It was so before, and no approval helps."""
    shop.world.sandbox.set_clock(date(2026, 12, 8))
    shop.propose(lambda: shop.world.configure(beta="price: 12.00"))
    assert "readings too old (USG002)" in shop.said
    assert (
        "1. What is held by USG002 is not written by merging, nor by an approval: mend the source;"
        " tonight's run reads the usage again, or run the workflow `daily` now.\n" in shop.said
    )
    assert "approve" not in shop.said.partition("### Next")[2]
