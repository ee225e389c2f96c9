"""What happened can be told later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from reconciler.ledger import Approval, Ledger, Run
from tests.ledger.making import NOW, day

RUN = Run("plan", NOW, "0.1.0", "c0ffee", None, day(21), "changes")


def test_an_applied_plan_comes_back_as_its_text(ledger: Ledger) -> None:
    content = '{"format_version": "1.0", "é": "€"}\n'
    ledger.save_plan("abc", content, Approval("billing lead", "pull request 7", NOW))
    assert ledger.load_plan("abc") == content
    assert ledger.load_plan("other") is None


def test_a_plan_is_kept_once_with_every_approval(ledger: Ledger) -> None:
    first = Approval("billing lead", "pull request 7", NOW)
    second = Approval("engineer", "at a terminal", NOW + timedelta(hours=1))
    ledger.save_plan("abc", "first text", first)
    ledger.save_plan("abc", "another text", second)
    assert ledger.load_plan("abc") == "first text"
    assert ledger.approvals("abc") == (first, second)
    assert ledger.approvals("other") == ()


def test_history_is_newest_first(ledger: Ledger) -> None:
    later = replace(RUN, kind="apply", commit="f00", outcome="done", detail="3 written")
    ledger.append_run(RUN)
    ledger.append_run(later)
    assert ledger.history() == (later, RUN)
    assert ledger.history(1) == (later,)
