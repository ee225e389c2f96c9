"""A reading that is put right before its month is invoiced, and what then follows from it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.stories.book import DAY, DECEMBER, JANUARY, NOVEMBER, SERVICE, Book, days, right, steps
from tests.stories.conftest import MakeBook

D = date
END = D(2026, 12, 31)
LAG = D(2027, 1, 7)
NIGHTS = {
    *days(NOVEMBER, D(2026, 11, 2)),
    *days(D(2026, 11, 12), D(2026, 11, 15)),
    *days(D(2026, 11, 20), D(2026, 11, 22)),
    *days(D(2026, 11, 30), D(2026, 12, 3)),
    *days(D(2026, 12, 12), D(2026, 12, 14)),
    *days(JANUARY, LAG),
}
"""Those around what happens; a run changes nothing on the others."""
INVOICED = {D(2026, 12, 7): (NOVEMBER, D(2026, 11, 30)), LAG: (DECEMBER, END)}


def arrears(make_book: MakeBook, policy: str, at_first: int = 7) -> Book:
    """Its months are invoiced on the seventh of the next."""
    book = make_book(policy=f"late: next-period, {policy}", at_first=at_first, at_start=False)
    book.billed.update((DECEMBER, JANUARY))
    return book


def live(book: Book, readings: dict[date, int], first: date, last: date) -> None:
    """The nights of these days, with the invoices."""
    for night in days(first, last):
        book.live(readings, night, runs=NIGHTS)
        if night in INVOICED:
            book.sandbox.add_invoice(book.contract, *INVOICED[night])


@pytest.mark.parametrize("decrease", ["next-period", "never", "change-date"])
@pytest.mark.parametrize("increase", ["period-start", "change-date"])
def test_a_raise_of_a_months_first_day_is_taken_back_where_its_reading_was_wrong(
    make_book: MakeBook, increase: str, decrease: str
) -> None:
    """It is not what November left to December, whatever the policy leaves to the next month."""
    book = arrears(make_book, f"adjust: daily, increase: {increase}, decrease: {decrease}")
    wrong = DECEMBER if increase == "change-date" else D(2026, 12, 12)
    readings = steps({NOVEMBER: 7, DECEMBER: 12}, D(2027, 1, 10)) | {wrong: 15}
    live(book, readings, NOVEMBER, D(2027, 1, 3))
    november = book.invoiced()
    book.read(SERVICE, {wrong: 12})
    live(book, readings, D(2027, 1, 4), LAG)
    assert book.invoiced() - november == right(steps({DECEMBER: 12}, END))


@pytest.mark.parametrize("decrease", ["next-period", "never"])
def test_a_first_month_whose_reading_was_wrong_is_put_right(
    make_book: MakeBook, decrease: str
) -> None:
    book = arrears(make_book, f"adjust: daily, increase: period-start, decrease: {decrease}")
    readings = steps({NOVEMBER: 12}, D(2026, 12, 8)) | {D(2026, 11, 12): 15}
    live(book, readings, NOVEMBER, D(2026, 11, 14))
    assert book.units(SERVICE) == 15
    book.read(SERVICE, {D(2026, 11, 12): 12})
    live(book, readings, D(2026, 11, 15), D(2026, 12, 7))
    assert book.invoiced() == right(steps({NOVEMBER: 12}, D(2026, 11, 30)))


def test_what_november_left_stays_where_december_is_put_right(make_book: MakeBook) -> None:
    """One write on the first brings both what waited and December's own wrong count."""
    book = arrears(make_book, "adjust: daily, increase: change-date, decrease: next-period", 12)
    readings = steps({NOVEMBER: 12, D(2026, 11, 20): 8}, D(2027, 1, 10)) | {DECEMBER: 15}
    live(book, readings, NOVEMBER, D(2026, 11, 30))
    book.live(readings, DECEMBER, runs=[])
    live(book, readings, DECEMBER + DAY, D(2027, 1, 3))
    november = book.invoiced()
    assert november == right(steps({NOVEMBER: 12}, D(2026, 11, 30)))
    book.read(SERVICE, {DECEMBER: 8})
    live(book, readings, D(2027, 1, 4), LAG)
    assert book.invoiced() - november == right(steps({DECEMBER: 8}, END))


def test_what_waited_through_an_outage_of_a_month_is_no_true_up_of_it(
    make_book: MakeBook,
) -> None:
    """November's last reading was put right after its invoice, and no run came before January:
    December is raised to 15 by what November left, and lowered by nothing of its own."""
    policy = "adjust: month-end, increase: period-start, decrease: next-period, over: last"
    book = arrears(make_book, policy)
    readings = steps({NOVEMBER: 7, DECEMBER: 12}, D(2027, 1, 10))
    live(book, readings, NOVEMBER, D(2026, 12, 7))
    november = book.invoiced()
    book.read(SERVICE, {D(2026, 11, 30): 15})
    book.live(readings, D(2026, 12, 31), runs=[])
    live(book, readings, JANUARY, LAG)
    assert book.invoiced() - november == right(steps({DECEMBER: 15}, END))
    assert book.units(SERVICE) == 12
