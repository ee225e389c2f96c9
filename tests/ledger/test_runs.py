"""What happened can be told later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from reconciler.ledger import Approval, Ledger, Run
from tests.ledger.making import NOW, day, intent

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


def test_a_write_was_let_by_the_newest_approval_before_it(ledger: Ledger) -> None:
    hour = timedelta(hours=1)
    first, second = (Approval(who, "terminal", NOW + n * hour) for n, who in enumerate("AB"))
    for approval in (first, second):
        ledger.save_plan("abc", "text", approval)
    moments: dict[float, Approval | None] = {-1: None, 0: first, 0.5: first, 1: second, 9: second}
    for hours, latest in moments.items():
        assert ledger.let_by(intent(plan="abc", at=NOW + hours * hour)) == latest
    assert ledger.let_by(intent(plan="other")) is None


def test_history_is_newest_first(ledger: Ledger) -> None:
    later = replace(RUN, kind="apply", commit="f00", outcome="done", detail="3 written")
    ledger.append_run(RUN)
    ledger.append_run(later)
    assert ledger.history() == (later, RUN)
    assert ledger.history(1) == (later,)


def test_plans_are_found_by_a_commit_that_they_name(ledger: Ledger) -> None:
    commit, other = "a" * 40, "b" * 40
    ledger.save_plan("first", f'{{"commit": "{commit}"}}', Approval("maria", "merge", NOW))
    later = Approval("maria", "merge", NOW + timedelta(hours=1))
    ledger.save_plan("another", f'{{"base": "{commit}"}}', later)
    ledger.save_plan("other", f'{{"commit": "{other}"}}', later)
    assert ledger.plans_of(commit) == (f'{{"commit": "{commit}"}}', f'{{"base": "{commit}"}}')
    assert ledger.plans_of(commit[:12]) == ()


def test_a_plan_is_found_by_every_commit_that_it_was_applied_for(ledger: Ledger) -> None:
    """Two merges can come to one plan; its text says the first."""
    first, second = "a" * 40, "b" * 40
    text = f'{{"commit": "{first}"}}'
    let = [
        Approval("maria", "merge", NOW + n * timedelta(hours=1), one)
        for n, one in enumerate((first, second))
    ]
    for approval in let:
        ledger.save_plan("digest", text, approval)
    assert ledger.plans_of(first) == ledger.plans_of(second) == (text,)
    assert list(ledger.approvals("digest")) == let
    assert ledger.let_by(intent(at=NOW + timedelta(minutes=30))) == let[0]
