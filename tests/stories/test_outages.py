"""Runs that begin again after a long time look back to where the last one was."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.stories.book import DECEMBER, JANUARY, NOVEMBER, PRICE, Book, days, steps
from tests.stories.conftest import MakeBook

D = date
RAISED = D(2026, 11, 20)


def without(book: Book, readings: dict[date, int], last: date, first: date, until: date) -> None:
    """Every night runs but those from ``first`` to ``until``."""
    runs = [day for day in days(book.sandbox.today(), last) if not first <= day <= until]
    book.live(readings, last, runs=runs)


def test_what_a_month_without_runs_should_have_had_from_the_one_before_it_is_billed(
    make_book: MakeBook,
) -> None:
    policy = "increase: next-period, decrease: never, late: prorated-transaction"
    book = make_book(policy=policy)
    readings = steps({NOVEMBER: 10, RAISED: 20, DECEMBER: 10}, D(2027, 2, 5))
    without(book, readings, D(2027, 2, 1), DECEMBER, JANUARY)
    whole_months = 10 + 20 + 20 + 20
    assert book.invoiced() == whole_months * Decimal(PRICE)
