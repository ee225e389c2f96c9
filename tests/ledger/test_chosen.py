"""What is remembered of some accounts, and whether a ledger grew meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reconciler.ledger import chosen
from reconciler.ledger.store import Ledger
from reconciler.model.bms import LineKey
from reconciler.model.rules import LineRule
from reconciler.model.settings import LineSettings, Term
from tests.ledger.test_facts import AGREEMENT, FACT

RULE = LineRule(LineKey(1, 10, 100), date.min, LineSettings((Term("datto-rmm", "devices"),)), ())


@pytest.fixture
def two_accounts(ledger: Ledger) -> Ledger:
    """Account 1 with contract 10, account 2 with contract 20."""
    for account in (1, 2):
        key = LineKey(account, account * 10, 100)
        ledger.append_facts([replace(FACT, line=key)])
        ledger.append_rules([replace(RULE, line=key)])
        ledger.append_agreements([replace(AGREEMENT, contract_id=account * 10)])
    return ledger


def test_only_what_is_asked_for_comes_and_the_rest_is_counted(two_accounts: Ledger) -> None:
    found = two_accounts.remember({2}, {20})
    assert [fact.line.account_id for fact in found.facts] == [2]
    assert [rule.line.account_id for rule in found.rules] == [2]
    assert [one.contract_id for one in found.agreements] == [20]
    assert found.facts_elsewhere == 1


def test_of_no_account_nothing_comes(two_accounts: Ledger) -> None:
    found = two_accounts.remember((), ())
    assert (found.facts, found.rules, found.agreements) == ((), (), ())


def test_more_ids_than_a_statement_takes_bring_everything(
    two_accounts: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chosen, "MOST_IDS", 1)
    assert len(two_accounts.remember({2, 3}, {20, 30}).facts) == 2


def test_a_ledger_that_grew_says_so(two_accounts: Ledger) -> None:
    before = two_accounts.extent()
    assert two_accounts.extent() == before
    two_accounts.append_names([("account", "Brass", 1)])
    assert two_accounts.extent() != before
