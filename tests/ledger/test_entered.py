"""What periods were entered with is remembered, the last word first."""

from __future__ import annotations

from dataclasses import replace

from reconciler.ledger import Ledger
from reconciler.model.ledgered import EnteredPeriod
from tests.ledger.making import LINE, NOW, day

ONE = EnteredPeriod(LINE, day(1, 12), 20)


def test_of_a_line_and_day_the_last_word_holds(ledger: Ledger) -> None:
    january = replace(ONE, day=day(1, 11), units=7)
    ledger.append_entered([ONE, january], NOW)
    ledger.append_entered([replace(ONE, units=12)], NOW)
    ledger.append_entered([], NOW)
    assert set(ledger.remember().entered) == {
        replace(ONE, units=12, at=NOW),
        replace(january, at=NOW),
    }


def test_only_those_of_the_accounts_asked_for_are_loaded(ledger: Ledger) -> None:
    ledger.append_entered([ONE], NOW)
    assert ledger.remember(accounts=[LINE.account_id]).entered == (replace(ONE, at=NOW),)
    assert ledger.remember(accounts=[LINE.account_id + 1]).entered == ()


def test_a_plan_sees_that_it_has_grown(ledger: Ledger) -> None:
    before = ledger.extent()
    ledger.append_entered([ONE], NOW)
    assert ledger.extent() != before
