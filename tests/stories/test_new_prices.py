"""A price from the first of a month, and the month before it, by the invoices that BMS makes."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from reconciler.desired.approving import approve
from reconciler.model.plan import Change
from reconciler.runs.simulating import SimulateOptions, run_simulation
from reconciler.runs.verifying import VerifyOptions, verify_month
from reconciler.sandbox import Behaviour
from tests.apply.story import Killed
from tests.stories.book import DECEMBER, JANUARY, LAST, NIGHT, NOVEMBER, Book, days, right, steps
from tests.stories.conftest import MakeBook

D = date
PEAK = (
    "adjust: month-end, over: peak, increase: period-start, decrease: next-period,"
    " late: prorated-transaction"
)
RISE = "changes: [{from: 2026-12-01, price: 1240.00}]"
NEW = "1240.00"
MOVES = {NOVEMBER: 10, D(2026, 11, 10): 14}
EDGES = [NOVEMBER, D(2026, 11, 2), DECEMBER, D(2026, 12, 2), JANUARY]
OWN = pytest.mark.parametrize("more", [f"price: 930.00, {RISE}", RISE], ids=["named", "lines-own"])
BOTH = pytest.mark.parametrize("update", ["append", "upsert"])


def risen(make_book: MakeBook, update: str, more: str = f"price: 930.00, {RISE}", **o: Any) -> Book:
    behaviour = Behaviour().changed({"line_update": update})
    return make_book(policy=f"{PEAK}, {more}", behaviour=behaviour, **o)


def wanted() -> Any:
    """November's peak at the old price, the months after it at the new one."""
    return right(steps({NOVEMBER: 14}, D(2026, 11, 30))) + right(
        dict.fromkeys(days(DECEMBER, LAST), 14), NEW
    )


@BOTH
@OWN
def test_a_true_up_is_billed_at_the_price_of_its_month(
    make_book: MakeBook, update: str, more: str
) -> None:
    book = risen(make_book, update, more)
    book.live(steps(MOVES, LAST), JANUARY, runs=EDGES)
    assert book.invoiced() == wanted()
    assert book.plan().verdict == "in-step"


@BOTH
def test_a_rise_at_new_year_leaves_december_alone(make_book: MakeBook, update: str) -> None:
    book = risen(make_book, update, f"price: 930.00, {RISE.replace('2026-12-01', '2027-01-01')}")
    moves = {NOVEMBER: 10, D(2026, 12, 10): 14}
    book.live(steps(moves, LAST), JANUARY, runs=EDGES)
    old = right(steps({NOVEMBER: 10, DECEMBER: 14}, D(2026, 12, 31)))
    assert book.invoiced() == old + right(dict.fromkeys(days(JANUARY, LAST), 14), NEW)


@BOTH
def test_every_invoice_of_it_is_as_expected(make_book: MakeBook, update: str) -> None:
    book = risen(make_book, update)
    book.live(steps(MOVES, LAST), JANUARY, runs=EDGES)
    for month in (NOVEMBER, DECEMBER, JANUARY):
        found = verify_month(book.around, book.ledger, VerifyOptions(month))
        assert (found.findings, found.count("matched"), found.count()) == ((), 1, 0), month


@BOTH
def test_a_replay_of_both_months_is_what_was_billed(make_book: MakeBook, update: str) -> None:
    book = risen(make_book, update)
    book.live(steps(MOVES, LAST), JANUARY, runs=EDGES)
    book.sandbox.set_clock(book._at(D(2027, 1, 2), NIGHT))
    found = run_simulation(book.around, book.ledger, SimulateOptions(NOVEMBER, DECEMBER))
    money = [(month.base, month.would) for month in found.months]
    assert money == [(Decimal(14 * 930),) * 2, (Decimal(14 * 1240),) * 2]


@BOTH
@pytest.mark.parametrize("moment", ["intended", "posted", "settled"])
@pytest.mark.parametrize("kind", ["units", "price"])
def test_killed_between_the_units_and_the_price_it_comes_to_the_same(
    make_book: MakeBook, update: str, kind: str, moment: str
) -> None:
    def watch(now: str, change: Change) -> None:
        if (now, change.kind) == (moment, kind):
            raise Killed

    book = risen(make_book, update)
    book.live(steps(MOVES, LAST), D(2026, 11, 30), runs=EDGES)
    book.sandbox.set_clock(book._at(DECEMBER, time(1)))
    book.read("endpoint", {D(2026, 11, 30): 14})
    with suppress(Killed):
        book.apply("schedule", watch=watch)
    book.sandbox.set_clock(book._at(DECEMBER, time(3)))
    book.run()
    assert book.plan().verdict == "in-step"
    book.live(steps(MOVES, LAST), JANUARY, runs=EDGES[3:])
    assert book.invoiced() == wanted()


@BOTH
@OWN
def test_a_true_up_that_is_held_keeps_no_price_back_and_has_its_own_later(
    make_book: MakeBook, update: str, more: str
) -> None:
    """The line's guard lets the price pass: it is approved, and the true-up only hours later."""
    guards = "{percent: 30, line: 1000000, account: 1000000, run: 1000000}"
    book = risen(make_book, update, more, guards=guards)
    book.live(steps(MOVES, LAST), D(2026, 11, 30), runs=EDGES)
    book.sandbox.set_clock(book._at(DECEMBER, NIGHT))
    book.read("endpoint", {D(2026, 11, 30): 14})
    found = book.plan()
    trueup, price = found.changes
    assert [(c.kind, c.standing) for c in (trueup, price)] == [("units", "held"), ("price", "held")]
    approve(book.config, [price], found.as_of, "the price alone")
    book.run()
    assert {str(row.price) for row in book.sandbox.tables().rows()} == {NEW}
    approve(book.config, [trueup], found.as_of, "and its true-up")
    again = book.plan()
    assert [(c.kind, c.standing, str(c.price)) for c in again.changes] == [
        ("units", "ready", "930.00"),
        ("price", "ready", NEW),
    ]
    assert again.totals.monthly == 4 * 1240
    book.run()
    assert book.plan().verdict == "in-step"
    book.live(steps(MOVES, LAST), JANUARY, runs=EDGES[3:])
    assert book.invoiced() == wanted()


@BOTH
@OWN
def test_in_arrears_a_price_waits_for_the_invoice_of_the_days_before_it(
    make_book: MakeBook, update: str, more: str
) -> None:
    book = risen(make_book, update, more, at_start=False)
    book.live(steps(MOVES, LAST), D(2026, 11, 30), runs=EDGES)
    book.sandbox.set_clock(book._at(DECEMBER, NIGHT))
    book.read("endpoint", {D(2026, 11, 30): 14})
    found = [(c.kind, c.standing, c.because, str(c.price)) for c in book.plan().changes]
    assert found == [
        ("units", "ready", (), "930.00"),
        ("price", "scheduled", ("POL008",), NEW),
    ]
    last = D(2027, 2, 1)
    book.live(steps(MOVES, LAST), last, runs=[*EDGES[2:], D(2027, 1, 2), last])
    assert book.invoiced() == wanted()
    assert book.plan().verdict == "in-step"


PRICES = {
    D(2026, 11, 22): "1000.00",
    DECEMBER: "1100.00",
    D(2026, 12, 19): "1200.00",
    JANUARY: "1300.00",
}


@BOTH
@pytest.mark.parametrize("at_start", [True, False], ids=["advance", "arrears"])
def test_each_month_is_billed_at_the_price_of_its_first_day(
    make_book: MakeBook, update: str, at_start: bool
) -> None:
    """Whatever prices come within it, and whatever moves: peaks of 14, 12 and 16."""
    dated = ", ".join(f"{{from: {day}, price: {price}}}" for day, price in PRICES.items())
    book = risen(make_book, update, f"price: 930.00, changes: [{dated}]", at_start=at_start)
    moves = {NOVEMBER: 10, D(2026, 11, 10): 14, D(2026, 11, 25): 12, D(2027, 1, 8): 16}
    last = D(2027, 2, 1)
    book.live(steps(moves, last), last, runs=[*days(NOVEMBER, last)[::2], JANUARY])
    billed = [(NOVEMBER, 14, "930.00"), (DECEMBER, 14, "1100.00"), (JANUARY, 16, "1300.00")]
    if at_start:
        billed.append((last, 16, "1300.00"))
    assert book.invoiced() == sum(units * Decimal(price) for _, units, price in billed)
