"""Rules come back as they were remembered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from reconciler.ledger import open_ledger
from reconciler.model.bms import LineKey
from reconciler.model.rules import LineRule
from reconciler.model.settings import DatedSettings, LineSettings, Term

TERM = Term("datto-rmm", "total-devices")
BASE = LineSettings(count=(TERM,))
DATED = (DatedSettings(date(2026, 11, 5), LineSettings(count=(TERM,), minimum=8)),)
TWO = (("datto-rmm", "1"), ("datto-rmm", "2"))
KEY = LineKey(1, 10, 1201)


def test_dated_changes_and_exclusions_come_back(tmp_path: Path) -> None:
    rules = (
        LineRule(KEY, date.min, BASE, TWO),
        LineRule(KEY, date(2026, 11, 9), BASE, TWO, DATED),
        LineRule(KEY, date(2026, 11, 10), BASE, TWO, DATED, (("datto-rmm", "1", None),)),
        LineRule(KEY, date(2026, 11, 11), BASE, TWO, (), (("datto-rmm", "2", date(2026, 12, 31)),)),
    )
    with open_ledger(tmp_path / "ledger.db", tenant="Example MSP") as ledger:
        ledger.append_rules(rules)
        assert ledger.remember().rules == rules


def test_rules_that_share_their_settings_differ_by_their_dated_changes(tmp_path: Path) -> None:
    other = LineKey(1, 11, 1201)
    rules = (LineRule(KEY, date.min, BASE, TWO), LineRule(other, date.min, BASE, TWO, DATED))
    with open_ledger(tmp_path / "ledger.db", tenant="Example MSP") as ledger:
        ledger.append_rules(rules)
        assert ledger.remember().rules == rules


def test_of_several_on_a_day_the_last_counts_and_the_others_are_kept(tmp_path: Path) -> None:
    day = date(2026, 11, 9)
    first, last = LineRule(KEY, day, BASE, TWO), LineRule(KEY, day, BASE, TWO, DATED)
    with open_ledger(tmp_path / "ledger.db", tenant="Example MSP") as ledger:
        for rule in (first, last):
            ledger.append_rules([rule])
        assert ledger.remember().rules == (last,)
        assert ledger.rules_of_day(day) == (first, last)
        assert ledger.rules_of_day(date.min) == ()


def test_that_there_are_rules_is_known_whatever_accounts_are_asked_for(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.db", tenant="Example MSP") as ledger:
        assert not ledger.remember({2}).was_applied
        ledger.append_rules([LineRule(KEY, date.min, BASE, TWO)])
        assert ledger.remember({2}).rules == ()
        assert ledger.remember({2}).was_applied
