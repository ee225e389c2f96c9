"""A month that a true-up has written, looked at again before its invoice."""

from __future__ import annotations

from datetime import date

import pytest

from tests.stories.book import DECEMBER, JANUARY, NOVEMBER, SERVICE, Book, days, right, steps
from tests.stories.conftest import MakeBook

D = date
END = D(2026, 11, 30)
WEEK = days(DECEMBER, D(2026, 12, 7))
LATE = ("late: next-period", "late: prorated-transaction")


def month_end(make_book: MakeBook, policy: str, at_first: int = 7) -> Book:
    """Invoiced in arrears, a week after the month's end."""
    policy = f"adjust: month-end, increase: period-start, {policy}"
    book = make_book(policy=policy, at_first=at_first, at_start=False)
    book.billed.add(DECEMBER)
    return book


@pytest.mark.parametrize("late", LATE)
@pytest.mark.parametrize("decrease", ["next-period", "change-date", "period-start", "never"])
def test_a_peak_that_is_corrected_before_the_invoice_is_billed_as_corrected(
    make_book: MakeBook, late: str, decrease: str
) -> None:
    book = month_end(make_book, f"over: peak, decrease: {decrease}, {late}")
    readings = steps({NOVEMBER: 7, D(2026, 11, 16): 15, D(2026, 11, 17): 12}, WEEK[-1])
    book.live(readings, DECEMBER, runs=[NOVEMBER, DECEMBER])
    assert book.plan().changes == ()
    book.read(SERVICE, {D(2026, 11, 16): 12})
    book.live(readings, WEEK[-1], runs=WEEK[1:])
    book.billed.discard(DECEMBER)
    book.bill(DECEMBER)
    assert book.invoiced() == right(steps({NOVEMBER: 12}, END))


@pytest.mark.parametrize("more", [*LATE, "late: prorated-transaction, carry: last"])
@pytest.mark.parametrize("decrease", ["change-date", "never"])
def test_a_setting_dated_within_the_month_is_written_once(
    make_book: MakeBook, more: str, decrease: str
) -> None:
    dated = "changes: [{from: 2026-11-18, included: 3}]"
    book = month_end(make_book, f"over: last, decrease: {decrease}, {more}, {dated}")
    readings = steps({NOVEMBER: 7, D(2026, 11, 16): 15}, WEEK[-1])
    book.live(readings, DECEMBER, runs=[NOVEMBER, DECEMBER])
    for day in WEEK:
        book.live(readings, day, runs=[])
        assert [c for c in book.plan().changes if c.standing != "scheduled"] == []
    book.billed.discard(DECEMBER)
    book.bill(DECEMBER)
    assert book.invoiced() == right(steps({NOVEMBER: 15, D(2026, 11, 18): 12}, END))


def test_what_waited_for_the_month_is_no_true_up_of_it(make_book: MakeBook) -> None:
    """November's last reading was corrected after its invoice, so its 15 begin December."""
    book = month_end(make_book, "over: last, decrease: next-period, late: next-period")
    book.billed.clear()
    readings = steps({NOVEMBER: 7, DECEMBER: 12}, D(2027, 1, 7))
    book.live(readings, DECEMBER, runs=[NOVEMBER, DECEMBER])
    readings[END] = 15
    book.billed.add(JANUARY)
    book.live(readings, D(2027, 1, 7), runs=[*WEEK[1:], *days(JANUARY, D(2027, 1, 7))])
    november = book.invoiced()
    book.bill(JANUARY)
    assert book.invoiced() - november == right(steps({DECEMBER: 15}, D(2026, 12, 31)))
    assert book.units(SERVICE) == 12
