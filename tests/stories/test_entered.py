"""A month goes on with what the one before it came to, whatever of it could be written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from reconciler.engine.known import replay
from reconciler.runs.accepting import accept
from tests.apply.test_faults import POST
from tests.stories.book import (
    DAY,
    DECEMBER,
    JANUARY,
    LAST,
    NOVEMBER,
    PRICE,
    SERVICE,
    Book,
    days,
    right,
    steps,
)
from tests.stories.conftest import MakeBook

D = date
PEAK = "adjust: month-end, over: peak, increase: period-start, decrease: next-period"


def missing(book: Book, readings: dict[date, int], last: date, missed: set[date]) -> None:
    """Every night runs but these."""
    runs = [day for day in days(book.sandbox.today(), last) if day not in missed]
    book.live(readings, last, runs=runs)


def months(book: Book) -> list[str]:
    with book.around.client(book.around.desired()) as client:
        issued = client.issued_invoices()
    return [str(sum(line.total for line in invoice.lines)) for invoice in issued]


def test_a_credit_at_a_months_start_is_not_billed_back_a_month_later(make_book: MakeBook) -> None:
    """A wrong reading was billed and put right: its own days are invoiced, the later ones not."""
    book, slip = make_book(policy="decrease: never"), D(2026, 11, 18)
    readings = steps({NOVEMBER: 10, slip: 20, slip + DAY: 10}, D(2027, 2, 28))
    book.live(readings, slip + DAY)
    book.read(SERVICE, {slip: 10})
    book.live({**readings, slip: 10}, D(2027, 2, 3))
    held = dict.fromkeys(days(slip, D(2026, 11, 30)), 10)
    units = steps({NOVEMBER: 10}, LAST)
    assert book.invoiced() == right(units) + right(held) + 10 * Decimal(PRICE)


def test_a_raise_that_an_invoice_held_back_comes_once_and_stays(make_book: MakeBook) -> None:
    """The night of the first was missed, so December was invoiced without it."""
    book = make_book(policy="increase: next-period, decrease: never")
    readings = steps({NOVEMBER: 20, DECEMBER: 10}, D(2027, 5, 1))
    missing(book, readings, D(2027, 4, 2), {DECEMBER})
    assert months(book) == ["9300.00", "9300.00", *["18600.00"] * 4]


@pytest.mark.parametrize("missed", [{DECEMBER}, {DECEMBER, JANUARY}])
def test_a_month_that_has_its_level_follows_what_the_month_before_is_put_right_to(
    make_book: MakeBook, missed: set[date]
) -> None:
    book = make_book(policy=PEAK, at_start=False)
    readings = steps({NOVEMBER: 10, D(2026, 11, 10): 20, D(2026, 11, 11): 10}, D(2027, 2, 5))
    missing(book, readings, D(2026, 12, 2), missed)
    book.read(SERVICE, {D(2026, 11, 10): 15})
    missing(book, {**readings, D(2026, 11, 10): 15}, D(2027, 2, 1), missed)
    assert months(book) == ["9300.00", "13950.00", "9300.00"]


LATE = "increase: next-period, decrease: next-period, late: prorated-transaction"


def switch(book: Book, mode: str) -> None:
    book.mode = mode
    book.configure()


def level(book: Book, day: date) -> int | None:
    return replay(book.ledger.remember().facts).at(day)


@pytest.mark.parametrize("mode", ["observe", "propose"])
def test_a_write_says_more_than_what_a_run_before_it_remembered(
    make_book: MakeBook, mode: str
) -> None:
    """December was to be entered with 12, and then with 15, which is written."""
    book = make_book(policy=LATE)
    readings = steps({NOVEMBER: 10, D(2026, 11, 30): 12, DECEMBER: 15}, D(2027, 1, 10))
    book.live(readings, D(2026, 11, 30))
    switch(book, mode)
    book.live(readings, D(2026, 12, 31))
    switch(book, "apply")
    book.read(SERVICE, {D(2026, 11, 30): 15})
    book.live({**readings, D(2026, 11, 30): 15}, D(2027, 1, 5))
    assert [level(book, day) for day in (D(2026, 12, 15), D(2027, 1, 5))] == [15, 15]


def test_what_a_person_tells_of_a_line_counts_for_more(make_book: MakeBook) -> None:
    book = make_book(policy="increase: next-period, decrease: never")
    readings = steps({NOVEMBER: 12}, D(2027, 1, 10))
    switch(book, "observe")
    book.live(readings, D(2027, 1, 4))
    (row,) = book.sandbox.ui.read_units()
    book.sandbox.ui.edit_units(row.row_id, 20)
    book.live(readings, D(2027, 1, 5))
    accept(book.around, book.ledger, "Managed Services", {SERVICE: 20}, "BMS has 20")
    switch(book, "apply")
    book.live(readings, D(2027, 1, 7))
    assert level(book, D(2027, 1, 7)) == 20


def test_what_bms_refuses_is_remembered_like_what_is_held(make_book: MakeBook) -> None:
    """It takes nothing from the first of December up to the third of January."""
    book = make_book(policy=LATE)
    readings = steps({NOVEMBER: 10, D(2026, 11, 30): 20}, D(2027, 1, 10))
    book.live(readings, D(2026, 11, 30))
    for day in days(DECEMBER, D(2027, 1, 3)):
        book.live(readings, day, runs=[])
        book.sandbox.faults.arm("refuse", path=POST, times=50)
        book.apply("schedule")
        book.sandbox.faults.clear()
    book.live(readings, D(2027, 1, 5))
    assert [level(book, day) for day in (D(2026, 12, 15), D(2027, 1, 5))] == [20, 20]
