"""Contracts that end, that are renewed, and days that are longer or shorter."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from reconciler.sandbox import Behaviour
from tests.runs.truth import billed
from tests.stories.book import DECEMBER, JANUARY, NEW_YORK, NOVEMBER, SERVICE, days, right, steps
from tests.stories.conftest import MakeBook

D = date


def test_a_contract_that_ends_inside_a_period_gets_nothing_after_its_end(
    make_book: MakeBook,
) -> None:
    end = D(2026, 12, 15)
    book = make_book(end=end)
    readings = steps({NOVEMBER: 10, D(2026, 12, 10): 12, D(2026, 12, 16): 30}, D(2026, 12, 20))
    book.live(readings, D(2026, 12, 20), runs=[DECEMBER, D(2026, 12, 12), end, D(2026, 12, 20)])
    assert [billed(book, SERVICE, day) for day in (D(2026, 12, 9), end)] == [10, 12]
    assert {row.date for row in book.sandbox.tables().rows()} == {book.start, D(2026, 12, 10)}
    assert "BMS007" in {found.code for found in book.plan().findings}


def test_a_renewal_of_the_same_name_goes_on_where_the_old_contract_ended(
    make_book: MakeBook,
) -> None:
    book = make_book(end=D(2026, 11, 30), at_start=False)
    old = book.contract
    moves = {NOVEMBER: 10, D(2026, 11, 10): 12, D(2026, 12, 10): 13}
    readings = steps(moves, D(2026, 12, 31))
    renewed = book.sandbox.add_contract(book.account, "Managed Services", DECEMBER, D(2027, 11, 30))
    book.live(readings, DECEMBER, runs=[D(2026, 11, 12), DECEMBER])
    book.contract = book.contracts["Managed Services"] = renewed
    book.end = D(2027, 11, 30)
    book.live(readings, JANUARY, runs=[D(2026, 12, 2), D(2026, 12, 11), JANUARY])
    rows = book.sandbox.tables().rows()
    assert {row.date for row in rows if row.contract_id == old} == {book.start, D(2026, 11, 10)}
    assert book.invoiced() == right(readings)


@pytest.mark.parametrize("zone", ["local", "utc"])
@pytest.mark.parametrize("hour", [time(0, 30), time(23, 30)])
def test_days_of_23_and_25_hours_are_days(make_book: MakeBook, zone: str, hour: time) -> None:
    book = make_book(behaviour=Behaviour().changed({"date_zone": zone}))
    autumn, spring = NOVEMBER, D(2027, 3, 14)
    for day, units in ((autumn, 12), (spring, 14)):
        around = days(day - timedelta(days=5), day + timedelta(days=1))
        night = day + timedelta(days=2)
        book.sandbox.set_clock(datetime.combine(night, hour, tzinfo=NEW_YORK))
        book.read(SERVICE, {d: units if d >= day else units - 2 for d in around})
        (done,) = book.apply("schedule").applied
        assert (done.result, done.change.day, done.change.units_after) == ("done", day, units)
        assert billed(book, SERVICE, day - timedelta(days=1)) == units - 2
        assert billed(book, SERVICE, day) == units
        assert book.plan().verdict == "in-step"


@pytest.mark.parametrize("own", ["310.00", "1240.00"])
def test_a_new_price_of_rows_that_differ_moves_the_invoice_by_what_the_plan_says(
    make_book: MakeBook, own: str
) -> None:
    book = make_book(at_first=10)
    other = book.row(SERVICE, 1)
    book.sandbox.ui.reprice(other, own)
    book.baseline()
    readings = steps({NOVEMBER: 11}, D(2026, 12, 31))
    book.live(readings, NOVEMBER, runs=[])
    before = book.invoiced()
    book.configure(endpoint="price: 1240.00")
    book.sandbox.set_clock(datetime.combine(D(2026, 11, 2), time(2), tzinfo=NEW_YORK))
    (change,) = book.plan().changes
    book.live(readings, DECEMBER, runs=[D(2026, 11, 2)])
    assert book.invoiced() - before == before + change.money.monthly
