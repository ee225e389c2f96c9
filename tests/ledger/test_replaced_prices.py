"""A price that a write of ours replaced is remembered: BMS keeps one per row."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from reconciler.ledger import Ledger
from reconciler.model.ledgered import Outcome, ReplacedPrice, RowMark, Settled
from tests.ledger.making import LINE, NOW, day, intent

HOUR = timedelta(hours=1)
NEW = Decimal("24.00")


def mark(row: int, price: str) -> RowMark:
    return RowMark(row, 1201, day(1), Decimal(price))


@pytest.mark.parametrize(
    ("outcome", "kept"), [("answered", True), ("proved", True), ("absent", False)]
)
def test_of_a_write_that_was_done_the_newest_other_price(
    ledger: Ledger, outcome: Outcome, kept: bool
) -> None:
    rows = (mark(1, "20.00"), mark(2, "22.00"), mark(3, "24.00"))
    written = intent(kind="price", price=NEW, rows_before=rows)
    with ledger.lease("apply", HOUR, lambda: NOW):
        ledger.append_intent(written)
        assert ledger.remember().replaced_prices == ()
    ledger.settle(Settled("A1", outcome, NOW))
    replaced = ReplacedPrice(LINE, written.day, Decimal("22.00"), NEW, written.at)
    assert ledger.remember().replaced_prices == ((replaced,) if kept else ())


def test_units_and_a_price_that_was_there_replace_none(ledger: Ledger) -> None:
    with ledger.lease("apply", HOUR, lambda: NOW):
        ledger.append_intent(intent("A1", rows_before=(mark(1, "20.00"),)))
        ledger.append_intent(intent("A2", kind="price", price=NEW, rows_before=(mark(1, "24.0"),)))
    for ref in ("A1", "A2"):
        ledger.settle(Settled(ref, "answered", NOW))
    assert ledger.remember().replaced_prices == ()


def test_a_line_that_is_levelled_had_its_price_all_along(ledger: Ledger) -> None:
    """Units were credited at the price before, and the line's is written again after them."""
    old, new = mark(1, "20.00"), mark(1, "24.00")
    with ledger.lease("apply", HOUR, lambda: NOW):
        ledger.append_intent(intent("A1", kind="price", price=NEW, rows_before=(old,)))
        ledger.append_intent(intent("A2", price=Decimal("20.00"), rows_before=(new,)))
        ledger.append_intent(intent("A3", kind="price", price=NEW, rows_before=(old,)))
        ledger.append_intent(intent("A4", kind="price", price=NEW, rows_before=(mark(1, "21"),)))
    for ref in ("A1", "A2", "A3", "A4"):
        ledger.settle(Settled(ref, "answered", NOW))
    prices = [one.price for one in ledger.remember().replaced_prices]
    assert prices == [Decimal("20.00"), Decimal(21)]
