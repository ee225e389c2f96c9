"""Counts over a period where a line, billing or a policy begins in the middle of it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.stories.book import DECEMBER, NOVEMBER, Book, days, right, steps
from tests.stories.conftest import MakeBook

D = date
END = D(2026, 11, 30)
MIDDLE = D(2026, 11, 15)
WHOLE = "increase: period-start, decrease: period-start, late: prorated-transaction"


def each_night(book: Book, readings: dict[date, int]) -> None:
    book.live(readings, DECEMBER, runs=days(NOVEMBER, DECEMBER))


@pytest.mark.parametrize(
    ("over", "before", "after", "billed"),
    [("peak", 20, 5, 5), ("average", 30, 3, 3), ("sum", 10, 1, 16)],
)
def test_what_was_used_before_a_line_begins_is_not_billed_after(
    make_book: MakeBook, over: str, before: int, after: int, billed: int
) -> None:
    book = make_book(at_start=False, units=0)
    book.service("backup", book.price)
    begins = f"from: {MIDDLE}, adjust: month-end, over: {over}, {WHOLE}"
    book.configure(backup=begins, endpoint="units: {fixed: 0, reason: not used}")
    book.read("backup", steps({NOVEMBER: before, MIDDLE: after}, END))
    each_night(book, {})
    assert book.invoiced() == right(steps({MIDDLE: billed}, END))


@pytest.mark.parametrize(("over", "billed"), [("peak", 12), ("average", 11), ("last", 12)])
def test_what_was_used_before_billing_starts_is_not_billed_after(
    make_book: MakeBook, over: str, billed: int
) -> None:
    policy = f"adjust: month-end, over: {over}, {WHOLE}"
    book = make_book(at_start=False, policy=policy, billing_starts=MIDDLE)
    each_night(book, steps({NOVEMBER: 20, MIDDLE: 10, D(2026, 11, 23): 12}, END))
    assert book.invoiced() == right(steps({NOVEMBER: 10, MIDDLE: billed}, END))


def test_a_daily_peak_begins_with_the_line(make_book: MakeBook) -> None:
    book = make_book(at_start=False, policy=f"over: peak, from: {MIDDLE}")
    each_night(
        book, steps({NOVEMBER: 20, MIDDLE: 10, D(2026, 11, 23): 12, D(2026, 11, 25): 9}, END)
    )
    assert book.invoiced() == right(steps({NOVEMBER: 10, D(2026, 11, 23): 12}, END))
