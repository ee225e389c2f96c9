"""A ledger that was tampered with says so."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.ledger import Approval, Ledger
from reconciler.model.ledgered import KnownFact, Settled
from tests.ledger.making import LINE, NOW, day, intent, reading


@pytest.fixture
def used(ledger: Ledger) -> Ledger:
    ledger.record_pull("s", [reading(1, 5), reading(2, 6, names=("PC-1",))], NOW)
    ledger.save_plan("digest", "{}", Approval("lead", "terminal", NOW))
    with ledger.lease("apply", timedelta(hours=1), lambda: NOW):
        ledger.append_intent(intent())
    fact = KnownFact(LINE, 3, day(15), "add", 2, "reply", "A1", NOW)
    ledger.settle(Settled("A1", "answered", NOW, 3), [fact])
    return ledger


def tamper(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_a_ledger_that_was_used_has_nothing_wrong(used: Ledger) -> None:
    assert used.check() == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE month_series SET quantities = '[[1,1],{}]'", "is not what its readings say"),
        ("UPDATE month_series SET names = ''", "is not what its readings say"),
        ("DELETE FROM month_series", "is not what its readings say"),
        ("DROP TRIGGER reading_no_update", "its triggers are missing"),
        ("DROP TABLE approval", "approval is missing"),
        (
            "INSERT INTO settled (ref, outcome, at, detail) VALUES ('Z', 'absent', '', '')",
            "an answer has no intent: Z",
        ),
        (
            "INSERT INTO known_fact (account_id, contract_id, service_id, day, effect, units,"
            " source, ref) VALUES (1, 2, 3, '2026-11-01', 'add', 1, 'reply', 'Z')",
            "its intent Z is not there",
        ),
        (
            "INSERT INTO known_fact (account_id, contract_id, service_id, day, effect, units,"
            " source, ref) VALUES (1, 2, 3, '2026-11-01', 'add', 1, 'reply', 'A1')",
            "another line than its intent A1",
        ),
        (
            "INSERT INTO intent SELECT 9, 'B', 'gone', change_id, kind, account_id, contract_id,"
            " service_id, day, 1, 1, 1, price, rows_before, total_before, total_after, at, 55,"
            " NULL FROM intent",
            "has no lease 55",
        ),
        (
            "INSERT INTO reading SELECT 99, 77, 0, product, org_key, org_id, org_name, metric,"
            " dimension, day, quantity, names, source FROM reading WHERE id = 2",
            "reading 99 has no pull 77",
        ),
    ],
)
def test_what_is_wrong_is_said(used: Ledger, path: Path, statement: str, problem: str) -> None:
    tamper(path, statement)
    found = used.check()
    assert any(problem in one for one in found), found


def test_rebuilding_mends_the_months(used: Ledger, path: Path) -> None:
    before = used.load_usage(day(1), day(30))
    tamper(path, "DELETE FROM month_series")
    assert used.load_usage(day(1), day(30)).series == {}
    used.rebuild_series()
    assert used.load_usage(day(1), day(30)) == before
    assert used.check() == []


def test_a_plan_that_was_not_kept_is_missed(ledger: Ledger) -> None:
    with ledger.lease("apply", timedelta(hours=1), lambda: NOW):
        ledger.append_intent(intent())
    assert ledger.check() == ["the intent A1 belongs to a plan that was not kept: digest"]
