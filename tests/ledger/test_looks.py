"""The ledger knows as of which days runs looked at every line."""

from __future__ import annotations

from datetime import date

from reconciler.ledger import Ledger
from tests.ledger.making import NOW


def test_each_day_is_known_once_and_in_order(ledger: Ledger) -> None:
    assert ledger.remember().looks == ()
    for day in (date(2026, 11, 1), date(2026, 12, 1), date(2026, 11, 30), date(2026, 12, 1)):
        ledger.append_look(day, NOW)
    assert ledger.remember().looks == (date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1))


def test_a_plan_sees_that_it_has_grown(ledger: Ledger) -> None:
    before = ledger.extent()
    ledger.append_look(date(2026, 11, 1), NOW)
    assert ledger.extent() != before
