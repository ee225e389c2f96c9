"""A change of invoiced days, where no `late:` says what then: it waits, and nothing else does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from reconciler.sandbox import Behaviour
from tests.stories.book import DAY, DECEMBER, JANUARY, LAST, NOVEMBER, Book, days, right, steps
from tests.stories.conftest import MakeBook

D = date
PEAK = "adjust: month-end, over: peak, increase: period-start, decrease: next-period"
READINGS = steps({NOVEMBER: 10, D(2026, 11, 10): 20}, D(2027, 1, 5))
NIGHTS = [NOVEMBER, *days(DECEMBER + DAY, D(2026, 12, 5)), *days(JANUARY, D(2027, 1, 5))]
"""The run of the first of December is missed, and November is invoiced without its true-up."""


def missed(make_book: MakeBook, update: str = "append") -> Book:
    book = make_book(
        policy=PEAK, at_start=False, behaviour=Behaviour().changed({"line_update": update})
    )
    book.live(READINGS, D(2026, 12, 3), runs=NIGHTS)
    return book


def waiting(book: Book) -> list[tuple[str, int, int, str, tuple[str, ...]]]:
    changes = book.plan().changes
    return [(str(c.day), c.units_before, c.units_after, c.standing, c.because) for c in changes]


def test_the_months_after_it_are_billed_rightly(make_book: MakeBook) -> None:
    book = missed(make_book)
    assert waiting(book) == [("2026-11-01", 10, 20, "held", ("POL001",))]
    november = book.plan().changes[0].money
    assert november.monthly == 0
    assert november.prorated == right(steps({NOVEMBER: 10}, D(2026, 11, 30)))
    book.live(READINGS, D(2027, 1, 2), runs=NIGHTS)
    assert book.invoiced() == right(
        {**steps({NOVEMBER: 10}, D(2026, 11, 30)), **steps({DECEMBER: 20}, D(2026, 12, 31))}
    )
    assert waiting(book) == []


def test_it_is_written_once_the_policy_of_its_day_says_so(make_book: MakeBook) -> None:
    book = missed(make_book)
    late = "changes: [{from: 2026-11-01, late: prorated-transaction}]"
    book.configure(endpoint=f"{PEAK}, {late}")
    book.live(READINGS, JANUARY, runs=NIGHTS)
    assert book.invoiced() == right(steps({NOVEMBER: 20}, D(2026, 12, 31)))
    assert waiting(book) == []


def test_what_it_would_have_left_to_the_next_month_is_that_months_beginning(
    make_book: MakeBook,
) -> None:
    """December has 20 from November's peak, though its own count is 10: that is for January."""
    lower = {**READINGS, **steps({DECEMBER: 10}, D(2027, 1, 5))}
    book = make_book(policy=PEAK, at_start=False)
    book.live(lower, D(2027, 1, 5), runs=NIGHTS)
    assert book.invoiced() == right(
        {**steps({NOVEMBER: 10}, D(2026, 11, 30)), **steps({DECEMBER: 20}, D(2026, 12, 31))}
    )
    assert waiting(book) == []


def test_where_a_write_sets_the_total_it_waits_with_what_follows(make_book: MakeBook) -> None:
    """A total of December would be in the way of November's."""
    assert waiting(missed(make_book, "upsert")) == [("2026-11-01", 10, 20, "held", ("POL001",))]


DOUBLED = "price: 930.00, changes: [{from: 2026-12-01, price: 1860.00}]"


def told_as_lost(book: Book) -> str:
    """By POL009, which a person may bill by."""
    return next(one.message for one in book.plan().findings if one.code == "POL009")


def test_days_that_wait_alone_have_the_price_of_their_month(make_book: MakeBook) -> None:
    """Ten more for all of November at 930.00; the new price is of the months after it."""
    peak = "adjust: month-end, over: peak, increase: period-start, decrease: next-period"
    book = make_book(policy=f"{peak}, {DOUBLED}", at_start=False)
    moves = {NOVEMBER: 10, D(2026, 11, 10): 20, D(2026, 11, 11): 10}
    runs = [NOVEMBER, D(2026, 12, 2), D(2026, 12, 3)]
    book.live(steps(moves, LAST), D(2026, 12, 3), runs=runs)
    (change,) = book.plan().changes
    assert (change.because, change.until) == (("POL001",), D(2026, 11, 30))
    assert (change.money.prorated, change.money.monthly) == (Decimal(9300), Decimal(0))
    assert "+9,300.00 USD" in told_as_lost(book)


def test_days_that_lapse_have_the_price_of_their_month(make_book: MakeBook) -> None:
    """Ten more for the last ten days of November are a third of 9,300.00, whoever bills them."""
    guards = "{percent: 10, percent_floor_units: 0}"
    book = make_book(policy=DOUBLED, at_start=False, guards=guards)
    book.live(steps({NOVEMBER: 10, D(2026, 11, 21): 20}, LAST), D(2026, 12, 3))
    assert "+3,100.00 USD" in told_as_lost(book)
