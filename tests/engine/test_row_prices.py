"""What rows cost on days before our writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

import pytest

from reconciler.engine.row_prices import row_prices
from reconciler.model.bms import Invoice
from reconciler.model.ledgered import Intent, RowMark, Settled
from tests.engine.builders import KEY, a_row

D = date
DONE = Settled("ref", "answered", datetime(2026, 8, 9, tzinfo=UTC))
REFUSED = replace(DONE, outcome="refused")
ROWS = (a_row(id=1, price=Decimal(12)), a_row(id=2, price=Decimal(7)))


def an_intent(
    day: date, price: int, before: int, kind: Literal["units", "price"] = "price", *rows: int
) -> Intent:
    """A write at noon of that day that found the rows at the price before."""
    return Intent(
        ref="ref",
        plan="plan",
        change="change",
        kind=kind,
        line=KEY,
        day=day,
        posted_units=0,
        units_before=3,
        units_after=3,
        price=Decimal(price),
        rows_before=tuple(
            RowMark(row, 100, D(2026, 1, 1), Decimal(before)) for row in rows or (1,)
        ),
        total_before=Decimal(0),
        total_after=Decimal(0),
        at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        lease=1,
    )


def test_prices_go_back_through_our_writes() -> None:
    first = an_intent(D(2026, 5, 3), 8, before=6)
    second = an_intent(D(2026, 8, 9), 12, before=8)
    lost = an_intent(D(2026, 9, 1), 99, before=12)
    writes = [(lost, None), (lost, REFUSED), (second, DONE), (first, DONE)]
    assert row_prices(ROWS, writes, UTC) == {
        1: (
            (date.min, Decimal(6)),
            (D(2026, 5, 3), Decimal(8)),
            (D(2026, 8, 9), Decimal(12)),
        )
    }


def test_units_that_update_their_row_give_it_their_price_from_the_day_of_the_write() -> None:
    """A credit at 8 dated the 20th and written on the 25th; then the price again."""
    new = an_intent(D(2026, 5, 16), 12, before=8)
    credit = replace(an_intent(D(2026, 5, 25), 8, 12, "units"), day=D(2026, 5, 20))
    again = an_intent(D(2026, 5, 25), 12, before=8)
    writes = [(again, DONE), (credit, DONE), (new, DONE)]
    (prices,) = row_prices(ROWS, writes, UTC).values()
    assert prices[:2] == ((date.min, Decimal(8)), (D(2026, 5, 16), Decimal(12)))
    assert prices[-1] == (D(2026, 5, 25), Decimal(12))
    assert [day for day, _ in prices[1:]] == [D(2026, 5, 16), *[D(2026, 5, 25)] * 2]


@pytest.mark.parametrize(("hour", "day"), [(6, 4), (13, 3)])
def test_what_an_invoice_of_its_day_did_not_see_counts_from_the_next_day(
    hour: int, day: int
) -> None:
    change = an_intent(D(2026, 5, 3), 8, before=6)
    made = datetime(2026, 5, 3, hour, tzinfo=UTC)
    invoice = Invoice(1, change.line.contract_id, D(2026, 4, 1), D(2026, 4, 30), made.date(), made)
    other = replace(invoice, contract_id=change.line.contract_id + 1, at=made.replace(hour=1))
    assert row_prices(ROWS, [(change, DONE)], UTC, [invoice, other])[1][1][0] == D(2026, 5, day)


def test_units_that_add_a_row_leave_the_prices_of_the_others() -> None:
    more = an_intent(D(2026, 5, 25), 9, 12, "units")
    assert row_prices(ROWS, [(more, DONE)], UTC) == {}


def test_rows_that_are_gone_have_no_prices() -> None:
    gone = an_intent(D(2026, 5, 3), 8, 6, "price", 1, 3)
    assert row_prices(ROWS, [(gone, DONE)], UTC).keys() == {1}
