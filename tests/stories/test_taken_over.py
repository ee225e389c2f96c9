"""What simulate calls billed is what invoices have, where a person changed units in BMS too.

BMS bills such an edit back to its row's own day, on the next invoice, as any other change.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from reconciler.runs.accepting import accept
from reconciler.runs.simulating import SimulateOptions, run_simulation
from tests.runs.world import HOME
from tests.stories.book import DAY, DECEMBER, JANUARY, NOVEMBER, SERVICE, Book, steps
from tests.stories.conftest import MakeBook

D = date
POLICY = "increase: change-date, decrease: change-date, late: prorated-transaction"
FOUND = D(2026, 11, 20)
FEBRUARY, UNTIL = D(2027, 2, 1), D(2027, 2, 2)


def edit(book: Book, day: date | None) -> None:
    row = book.sandbox.ui.read_units()[0]
    book.sandbox.ui.edit_units(row.row_id, 14, day)


def told(book: Book) -> list[Decimal]:
    """Of the months up to January."""
    simulated = run_simulation(book.around, book.ledger, SimulateOptions(NOVEMBER, JANUARY))
    return [month.base for month in simulated.months]


def invoiced(book: Book) -> Decimal:
    """For days of the same months, on whatever invoice."""
    with book.around.client(book.around.desired()) as client:
        lines = [line for invoice in client.issued_invoices() for line in invoice.lines]
    return sum((one.total for one in lines if one.day and one.day < FEBRUARY), Decimal(0))


@pytest.mark.parametrize("on", [D(2026, 11, 22), D(2026, 12, 5), D(2027, 1, 5)])
@pytest.mark.parametrize("dated", [None, FOUND])
@pytest.mark.parametrize("at_start", [True, False])
@pytest.mark.parametrize("kept", [True, False])
def test_the_months_come_to_what_was_invoiced(
    make_book: MakeBook, on: date, dated: date | None, *, at_start: bool, kept: bool
) -> None:
    """``kept``: the configuration names what was taken over; else usage sets it back."""
    fixed = f"{POLICY}, units: {{fixed: 10, reason: agreed}}"
    book = make_book(policy=fixed if kept else POLICY, at_start=at_start)
    readings = steps({NOVEMBER: 10}, UNTIL)
    book.live(readings, FOUND, runs=[NOVEMBER, FOUND])
    book.sandbox.advance(timedelta(hours=6))
    edit(book, dated)
    book.live(readings, on, runs=[])
    book.sandbox.advance(timedelta(hours=6))
    accept(book.around, book.ledger, HOME, {SERVICE: 14}, "seen in BMS", "maria")
    if kept:
        book.configure(**{SERVICE: fixed.replace("10", "14")})
    book.live(readings, UNTIL, runs=[on + DAY, DECEMBER, JANUARY, UNTIL])
    assert sum(told(book)) == invoiced(book)
