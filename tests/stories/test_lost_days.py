"""What is never written is told with the money that append would have written for it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from reconciler.model.finding import Finding
from reconciler.sandbox import Behaviour
from tests.stories.book import DECEMBER, NOVEMBER, SERVICE, Book, days, steps
from tests.stories.conftest import MakeBook

D = date
POLICY = "increase: change-date, decrease: change-date, late: prorated-transaction, price: 930.00"
READ_LATE = days(DECEMBER, D(2026, 12, 3))


def lived(make_book: MakeBook, units: int, line_update: str) -> tuple[Book, dict[str, Finding]]:
    """With the findings of all nights, the newest of each code."""
    book = make_book(policy=POLICY, behaviour=Behaviour().changed({"line_update": line_update}))
    readings = steps({NOVEMBER: 10, D(2026, 12, 14): 13}, D(2027, 2, 3))
    book.live(readings, D(2027, 1, 2))
    book.read(SERVICE, dict.fromkeys(READ_LATE, units))
    found: dict[str, Finding] = {}
    for day in days(D(2027, 1, 3), D(2027, 2, 3)):
        book.live(readings, day)
        found |= {one.code: one for one in book.plan().findings}
    return book, found


@pytest.mark.parametrize(
    ("units", "told"),
    [(5, "450.00 USD, is never credited"), (12, "+180.00 USD, is never billed")],
)
def test_what_a_few_days_come_to_is_all_that_is_lost_where_a_total_is_set(
    make_book: MakeBook, units: int, told: str
) -> None:
    """The step is held, since BMS has a newer one; it ends with the days that it is about."""
    book, found = lived(make_book, units, "upsert")
    assert told in found["POL009"].message
    assert told in found["POL007"].message
    written, _ = lived(make_book, units, "append")
    lost = Decimal(told.split(maxsplit=1)[0]) * (1 if units > 10 else -1)
    assert written.invoiced() - book.invoiced() == lost
