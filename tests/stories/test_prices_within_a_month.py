"""A price from a day within a month, and units that move on both sides of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from reconciler.model.plan import Change
from reconciler.runs.applying import ApplyOptions, apply
from reconciler.sandbox import Behaviour
from tests.stories.book import DAY, JANUARY, NOVEMBER, PRICE, Book, days, right, steps
from tests.stories.conftest import MakeBook

D = date
NEW = "1860.00"
FEBRUARY = D(2027, 2, 1)
MOVES = {NOVEMBER: 10, D(2026, 12, 4): 12, D(2026, 12, 28): 9, D(2026, 12, 31): 14}
READINGS = steps({**MOVES, D(2027, 1, 9): 11}, FEBRUARY)
NIGHTS = [NOVEMBER, *(day + DAY for day in MOVES), D(2027, 1, 2), D(2027, 1, 10), FEBRUARY]
RISE = f"changes: [{{from: 2026-12-16, price: {NEW}}}]"
OWN = pytest.mark.parametrize("more", [f"price: {PRICE}, {RISE}", RISE], ids=["named", "lines-own"])
BOTH = pytest.mark.parametrize("update", ["append", "upsert"])


def book_of(make_book: MakeBook, update: str, policy: str, *, at_start: bool) -> Book:
    return make_book(
        policy=f"late: prorated-transaction, {policy}",
        at_start=at_start,
        behaviour=Behaviour().changed({"line_update": update}),
    )


def units_of(first: date, last: date) -> dict[date, int]:
    return {day: READINGS[day] for day in days(first, last)}


def by_month() -> Decimal:
    """November and December at the old price, January at the new one."""
    before, after = units_of(NOVEMBER, JANUARY - DAY), units_of(JANUARY, FEBRUARY - DAY)
    return right(before) + right(after, NEW)


@BOTH
@OWN
def test_in_arrears_all_of_the_month_has_the_price_of_its_first_day(
    make_book: MakeBook, update: str, more: str
) -> None:
    """What moves after the price's day too: the invoice bills every row at one price."""
    book = book_of(make_book, update, more, at_start=False)
    book.live(READINGS, FEBRUARY, runs=NIGHTS)
    assert book.invoiced() == by_month()
    assert book.plan().verdict == "in-step"


@BOTH
@OWN
def test_in_arrears_a_late_reading_is_billed_at_the_price_of_its_month(
    make_book: MakeBook, update: str, more: str
) -> None:
    """The step of 28 December is written after that month's invoice, and after the price."""
    book = book_of(make_book, update, more, at_start=False)
    missing = D(2026, 12, 29)
    late = [night for night in NIGHTS if night not in (missing, JANUARY)]
    book.live(READINGS, FEBRUARY, runs=late)
    assert book.invoiced() == by_month()


@BOTH
def test_in_arrears_a_line_that_ended_has_the_price_of_its_last_days(
    make_book: MakeBook, update: str
) -> None:
    """The price waits for December's invoice, and is written when the line is over already."""
    policy = f"price: {PRICE}, last_day: 2027-01-01, changes: [{{from: 2027-01-01, price: {NEW}}}]"
    book = book_of(make_book, update, policy, at_start=False)
    book.live(READINGS, FEBRUARY, runs=[*NIGHTS, D(2027, 1, 3)])
    assert book.invoiced() == right(units_of(NOVEMBER, JANUARY - DAY)) + right({JANUARY: 14}, NEW)
    assert book.plan().verdict == "in-step"


@BOTH
@OWN
def test_what_is_raised_after_a_lines_end_has_the_price_of_its_own_day(
    make_book: MakeBook, update: str, more: str
) -> None:
    """In advance: 12 from 1 December to the 20th, all at the price that December began with."""
    peak = "adjust: month-end, over: peak, increase: period-start, decrease: next-period"
    book = book_of(make_book, update, f"{peak}, last_day: 2026-12-20, {more}", at_start=True)
    book.live(READINGS, FEBRUARY, runs=[NOVEMBER, D(2026, 11, 2), D(2026, 12, 16), D(2026, 12, 21)])
    november, december = days(NOVEMBER, D(2026, 11, 30)), days(D(2026, 12, 1), D(2026, 12, 20))
    assert book.invoiced() == right(dict.fromkeys(november, 10)) + right(
        dict.fromkeys(december, 12)
    )
    assert len({row.price for row in book.sandbox.tables().rows()}) == 1


@BOTH
@OWN
def test_what_leaves_in_a_month_is_credited_at_the_price_it_was_billed_at(
    make_book: MakeBook, update: str, more: str
) -> None:
    """In advance: the three that leave on the 28th were billed at the old price, the five of the
    31st at the new one, and January began with it."""
    book = book_of(make_book, update, more, at_start=True)
    book.live(READINGS, FEBRUARY, runs=NIGHTS)
    december = right(units_of(NOVEMBER, D(2026, 12, 30))) + right({D(2026, 12, 31): 9})
    january = right({**units_of(JANUARY, FEBRUARY - DAY), FEBRUARY - DAY: 11}, NEW)
    begun = READINGS[FEBRUARY - DAY] * Decimal(NEW)
    assert book.invoiced() == december + right({D(2026, 12, 31): 5}, NEW) + january + begun
    assert book.plan().verdict == "in-step"


@BOTH
@OWN
def test_what_came_at_a_new_price_leaves_at_it(make_book: MakeBook, update: str, more: str) -> None:
    """Two of the five that came on the 20th leave on the 28th; the ten before them stay."""
    book = book_of(make_book, update, more, at_start=True)
    readings = steps({NOVEMBER: 10, D(2026, 12, 20): 15, D(2026, 12, 28): 13}, D(2026, 12, 31))
    book.live(readings, D(2026, 12, 31))
    came = {day: readings[day] - 10 for day in days(D(2026, 12, 20), D(2026, 12, 31))}
    old = dict.fromkeys(days(NOVEMBER, D(2026, 12, 31)), 10)
    book.live({}, JANUARY)
    assert book.invoiced() == right(old) + right(came, NEW) + 13 * Decimal(NEW)


TWO_PRICES = steps({NOVEMBER: 10, D(2026, 12, 20): 15, D(2026, 12, 28): 7}, D(2026, 12, 31))


def billed_over_two_prices() -> Decimal:
    """Of the fifteen of the 20th eight leave on the 28th: the five that came, and three of ten."""
    came = dict.fromkeys(days(D(2026, 12, 20), D(2026, 12, 27)), 5)
    old = {day: min(10, TWO_PRICES[day]) for day in days(NOVEMBER, D(2026, 12, 31))}
    return right(old) + right(came, NEW) + 7 * Decimal(NEW)


@BOTH
@OWN
def test_what_leaves_of_two_prices_is_credited_at_each(
    make_book: MakeBook, update: str, more: str
) -> None:
    book = book_of(make_book, update, more, at_start=True)
    book.live(TWO_PRICES, D(2026, 12, 31))
    assert book.plan().verdict == "in-step"
    book.live({}, JANUARY)
    assert book.invoiced() == billed_over_two_prices()


@BOTH
@pytest.mark.parametrize(("moment", "nth"), [("settled", 1), ("intended", 2), ("posted", 2)])
def test_a_run_that_is_ended_between_two_prices_credits_no_unit_at_another(
    make_book: MakeBook, update: str, moment: str, nth: int
) -> None:
    book = book_of(make_book, update, RISE, at_start=True)
    book.live(TWO_PRICES, D(2026, 12, 28), runs=[NOVEMBER, D(2026, 12, 16), D(2026, 12, 21)])
    book.live(TWO_PRICES, D(2026, 12, 29), runs=[])
    told: list[str] = []

    def watch(now: str, change: Change) -> None:
        told.append(now)
        if told.count(moment) == nth:
            raise Ended

    with pytest.raises(Ended):
        apply(book.around, book.ledger, ApplyOptions("reconciler", "schedule"), watch=watch)
    book.sandbox.set_clock(book.sandbox.now() + timedelta(hours=2))
    book.run()
    assert book.plan().verdict == "in-step"
    book.live(TWO_PRICES, JANUARY)
    assert book.invoiced() == billed_over_two_prices()


class Ended(BaseException):
    """The run's process, by somebody else."""
