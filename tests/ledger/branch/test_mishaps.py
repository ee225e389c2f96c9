"""Pushes whose answer is lost, copied files, branches that pose as the ledger's, odd characters."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from reconciler.ledger import Run
from reconciler.ledger.branch import Repository, SharedLedger
from reconciler.model.errors import LeaseLost, LedgerError, LedgerLocked
from reconciler.model.ledgered import Settled
from tests.ledger.branch.copies import BRANCH, Copy, Hub, git
from tests.ledger.branch.test_shared import APPROVAL, HOUR, clock, fact
from tests.ledger.making import LINE, NOW, day, intent, reading

Lose = Callable[[], None]


def a_run(outcome: str) -> Run:
    return Run("apply", NOW, "1", "config", None, day(2), outcome)


@pytest.fixture
def lose_answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Pushes land from now on, and nobody hears of it; or as they should."""
    push = Repository.push

    def landed(self: Repository, commit: str) -> bool:
        if push(self, commit):
            raise LedgerError("git push failed: no answer within 300 s")
        return False

    return lambda lost: monkeypatch.setattr(Repository, "push", landed if lost else push)


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85", "\x1c", "\x0b"])
def test_a_character_that_some_take_for_a_lines_end_is_none(
    mine: Copy, other: Copy, character: str
) -> None:
    with mine.open() as ledger:
        ledger.record_failed_pull("file", f"bad{character}name", NOW)
        ledger.push()
    with other.open():
        pass
    assert other.content() == mine.content()


def test_a_branch_whose_name_ends_like_the_ledgers_is_not_read(mine: Copy, hub: Hub) -> None:
    with mine.open() as ledger:
        ledger.append_facts([fact(10)])
        ledger.push()
    evil = hub.clone("evil")
    posing = f"a/refs/heads/{BRANCH}"
    with evil.open() as ledger:
        ledger.append_facts([fact(999, "accepted")])
        ledger._repository = replace(ledger._repository, branch=posing)
        ledger.push()
    with hub.clone("third").open() as ledger:
        assert [known.units for known in ledger.remember().facts] == [10]
        ledger.append_facts([fact(11)])
        ledger.push()
    assert b":999," not in b"".join(hub.files().values())


def test_an_intent_whose_push_landed_unheard_is_known_as_open(
    mine: Copy, other: Copy, lose_answers: Callable[[bool], None]
) -> None:
    with mine.open() as ledger, ledger.lease("me", HOUR, clock()):
        lose_answers(True)
        with pytest.raises(LedgerError):
            ledger.append_intent(intent())
        lose_answers(False)
        ledger.append_intent(intent("B2"))
        assert {one.ref for one in ledger.open_intents()} == {"A1", "B2"}
    with other.open() as ledger:
        assert {one.ref for one in ledger.open_intents()} == {"A1", "B2"}


def test_a_race_and_then_an_answer_that_is_lost_lose_nothing(
    mine: Copy, other: Copy, lose_answers: Callable[[bool], None]
) -> None:
    with mine.open() as ours, other.open() as theirs:
        with ours.lease("me", HOUR, clock()):
            ours.save_plan("digest", "{}", APPROVAL)
            ours.append_intent(intent("A0"))
            theirs.pull()
            for number in range(3):
                theirs.append_run(a_run(f"noticed {number}"))
            theirs.record_pull("file", [reading(n, n) for n in (1, 2, 3)], NOW)
            theirs.push()
            lose_answers(True)
            with pytest.raises(LedgerError):
                ours.append_intent(intent("A1"))
            lose_answers(False)
            ours.append_run(a_run("1 of 2 changes written"))
            ours.settle(Settled("A0", "answered", NOW, 7), [fact(2, "reply", "A0")])
        assert "1 of 2 changes written" in [run.outcome for run in ours.history()]
        assert ours.remember().facts == (fact(2, "reply", "A0"),)
        assert [one.ref for one in ours.open_intents()] == ["A1"]
        assert ours.check() == []
        theirs.pull()
    assert mine.content() == other.content()


def test_what_a_proved_write_taught_goes_with_its_proof(mine: Copy, other: Copy) -> None:
    """Also where another copy told of another line of the same contract meanwhile."""
    with mine.open() as ours, other.open() as theirs:
        with ours.lease("me", HOUR, clock()):
            ours.save_plan("digest", "{}", APPROVAL)
            ours.append_intent(intent())
        theirs.pull()
        ours.settle(Settled("A1", "proved", NOW), [fact(2, "note", "A1")])
        theirs.append_facts([replace(fact(5, "hand"), line=LINE._replace(service_id=1300))])
        theirs.push()
        ours.push()
        assert ours.remember().done_changes == {"change-A1": 1}
        assert fact(2, "note", "A1") in ours.remember().facts


def test_a_copied_file_does_not_share_the_others_lease(mine: Copy, other: Copy) -> None:
    with mine.open() as ledger:
        ledger.push()
    other.path.parent.mkdir()
    shutil.copy(mine.path, other.path)
    with mine.open() as ours, other.open() as theirs:
        with ours.lease("me", HOUR, clock()):
            second = theirs.lease("them", HOUR, clock(1))
            with pytest.raises((LedgerLocked, LeaseLost)), second:
                pass
            ours.append_intent(intent())
        assert [one.ref for one in ours.open_intents()] == ["A1"]


def test_the_newest_pull_wins_whoever_sends_it_first(mine: Copy, other: Copy) -> None:
    with mine.open() as ours, other.open() as theirs:
        ours.record_pull("file", [reading(1, 10)], NOW)
        theirs.record_pull("file", [reading(1, 12)], NOW + timedelta(hours=4))
        theirs.push()
        ours.push()
        theirs.pull()
        for ledger in (ours, theirs):
            assert ledger.check() == []
            usage = ledger.load_usage(day(1), day(1))
            (series,) = usage.series.values()
            assert [span[2] for spans in series.spans.values() for span in spans] == [12]


def test_a_remote_that_refuses_is_no_race_and_told_as_it_says(mine: Copy, hub: Hub) -> None:
    with mine.open() as ledger:
        git(hub.remote, "config", "receive.hideRefs", f"refs/heads/{BRANCH}")
        ledger.append_facts([fact(1)])
        with pytest.raises(LedgerError, match="deny updating a hidden ref"):
            ledger.push()


def test_a_file_of_the_branch_is_never_written_over(mine: Copy) -> None:
    with mine.open() as ledger:
        ledger.push()
        repository = mine.repository
        tip = repository.tip()
        assert tip is not None
        names = repository.files(tip)
        with pytest.raises(LedgerError, match="already"):
            repository.commit(tip, {names[0]: b"other"}, "a slip")
    assert isinstance(ledger, SharedLedger)
    assert git(mine.folder, "cat-file", "-t", tip) == "commit"
