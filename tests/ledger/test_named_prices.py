"""A price that a merge named is remembered until it is set."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from reconciler.ledger import Ledger
from reconciler.model.ledgered import NamedPrice, Outcome, Settled
from tests.ledger.making import LINE, NOW, day, intent

RISE = NamedPrice(LINE, day(1, 12), Decimal("22.00"), Decimal("24.00"), "maria with #7")
HOUR = timedelta(hours=1)


def test_it_comes_back_as_it_was_named(ledger: Ledger) -> None:
    later = replace(RISE, day=day(20, 12), before=RISE.after, after=Decimal("25.5"))
    ledger.name_prices((), "c0ffee", NOW)
    assert ledger.remember().named_prices == ()
    ledger.name_prices((RISE, later), "c0ffee", NOW)
    assert ledger.remember().named_prices == (RISE, later)


@pytest.mark.parametrize(
    ("price", "hours", "outcome", "kept"),
    [
        ("24.00", 1, "answered", False),
        ("24.0", 1, "proved", False),
        ("24.00", 1, "absent", True),
        ("24.00", -1, "answered", True),
        ("23.00", 1, "answered", True),
    ],
)
def test_a_write_of_it_uses_it_up(
    ledger: Ledger, price: str, hours: int, outcome: Outcome, kept: bool
) -> None:
    ledger.name_prices((RISE,), "c0ffee", NOW)
    at = NOW + hours * HOUR
    with ledger.lease("apply", 9 * HOUR, lambda: NOW - 2 * HOUR):
        ledger.append_intent(intent(kind="price", price=Decimal(price), at=at))
    ledger.settle(Settled("A1", outcome, at))
    assert ledger.remember().named_prices == ((RISE,) if kept else ())


def test_what_is_named_again_after_it_was_set_counts(ledger: Ledger) -> None:
    ledger.name_prices((RISE,), "c0ffee", NOW)
    with ledger.lease("apply", 9 * HOUR, lambda: NOW):
        ledger.append_intent(intent(kind="price", price=RISE.after, at=NOW + HOUR))
    ledger.settle(Settled("A1", "answered", NOW + HOUR))
    ledger.name_prices((RISE,), "beef", NOW + 2 * HOUR)
    assert ledger.remember().named_prices == (RISE,)
