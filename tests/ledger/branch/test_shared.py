from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from reconciler.ledger import Approval, open_ledger
from reconciler.ledger.branch import Repository, SharedLedger, open_shared, repository
from reconciler.model.errors import LeaseLost, LedgerError, LedgerLocked, LedgerMismatch
from reconciler.model.ledgered import Agreement, KnownFact, Settled
from tests.ledger.branch.copies import BRANCH, TENANT, Copy, Hub, git
from tests.ledger.making import LINE, NOW, day, intent, reading

HOUR = timedelta(hours=1)
APPROVAL = Approval("lead", "merge", NOW)


def clock(minutes: int = 0) -> Callable[[], datetime]:
    return lambda: NOW + timedelta(minutes=minutes)


def fact(units: int, source: str = "baseline", ref: str | None = None) -> KnownFact:
    return KnownFact(LINE, 1, day(1), "set", units, source, ref)  # type: ignore[arg-type]


def test_a_fresh_copy_has_what_was_pushed(mine: Copy, other: Copy) -> None:
    with mine.open() as ledger:
        ledger.record_pull("file", [reading(1, 10), reading(2, "11.5", names=("a", "b"))], NOW)
        ledger.append_facts([fact(10)])
        with ledger.lease("me", HOUR, clock()):
            ledger.save_plan("digest", "{}", APPROVAL)
            ledger.append_intent(intent())
            ledger.settle(Settled("A1", "answered", NOW, 7), [fact(2, "reply", "A1")])
        ledger.push()
    with other.open() as ledger:
        assert ledger.check() == []
        assert ledger.newest_readings()[0].names == ("a", "b")
        assert ledger.remember().done_changes == {"change-A1": 1}
    assert other.content() == mine.content()


def test_what_is_there_is_not_taken_again(mine: Copy, other: Copy) -> None:
    with mine.open() as ledger:
        ledger.push()
    with other.open() as ledger, mine.open() as ours:
        ours.append_facts([fact(10)])
        assert ours.push() == 1
        assert ours.push() == 0
        assert ledger.pull() == 1
        assert ledger.pull() == 0
        assert ledger.remember().facts == (fact(10),)


def test_two_that_push_at_once_lose_nothing(mine: Copy, other: Copy) -> None:
    with mine.open() as ours, other.open() as theirs:
        ours.record_pull("ours", [reading(1, 10)], NOW)
        theirs.record_pull("theirs", [reading(2, 20), reading(3, 30)], NOW)
        ours.append_facts([fact(1)])
        theirs.append_facts([fact(2)])
        ours.push()
        theirs.push()
        ours.pull()
        for ledger in (ours, theirs):
            assert ledger.check() == []
            assert [ledger.newest_readings(day=day(n))[0].quantity for n in (1, 2, 3)] == [
                10,
                20,
                30,
            ]
            assert [known.units for known in ledger.remember().facts] == [1, 2]
    assert mine.content() == other.content()


def test_what_both_conclude_of_a_contract_counts_once(mine: Copy, other: Copy) -> None:
    agreed = Agreement(LINE.contract_id, day(2), Decimal(66), Decimal(0), (1201,), (), ())
    with mine.open() as ours, other.open() as theirs:
        for ledger in (ours, theirs):
            ledger.append_facts([fact(3, "hand")])
            ledger.append_agreements([agreed])
            ledger.push()
        assert theirs.remember().facts == (fact(3, "hand"),)
        assert theirs.remember().agreements == (agreed,)


def test_a_write_that_another_run_proved_meanwhile_is_settled_once(mine: Copy, other: Copy) -> None:
    with mine.open() as ours:
        with ours.lease("me", HOUR, clock()):
            ours.save_plan("digest", "{}", APPROVAL)
            ours.append_intent(intent())
            with other.open() as theirs:
                theirs.settle(Settled("A1", "proved", NOW), [fact(2, "note", "A1")])
                theirs.push()
            ours.settle(Settled("A1", "answered", NOW, 7), [fact(2, "reply", "A1")])
        assert ours.remember().facts == (fact(2, "note", "A1"),)
        assert ours.check() == []


def test_an_intent_is_on_the_branch_when_it_counts(mine: Copy, hub: Hub) -> None:
    with mine.open() as ledger, ledger.lease("me", HOUR, clock()):
        ledger.append_intent(intent())
        newest = max(name for name in hub.files() if name.endswith(".jsonl"))
        assert b'{"intent":{"id":1,"ref":"A1"' in hub.files()[newest]


def test_an_intent_that_cannot_be_pushed_was_never_recorded(mine: Copy, hub: Hub) -> None:
    with mine.open() as ledger, ledger.lease("me", HOUR, clock()):
        hub.lose()
        with pytest.raises(LedgerError, match="git push failed"):
            ledger.append_intent(intent())
        assert ledger.open_intents() == ()
        hub.find()
        ledger.append_intent(intent())


def test_one_lease_at_a_time_over_all_copies(mine: Copy, other: Copy) -> None:
    with mine.open() as ours, other.open() as theirs, ours.lease("me", HOUR, clock()):
        second = theirs.lease("them", HOUR, clock(1))
        with pytest.raises(LedgerLocked, match="me holds the ledger"), second:
            pass
        ours.append_intent(intent())


def test_whoever_takes_the_lease_second_in_a_race_does_not_get_it(
    mine: Copy, other: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mine.open() as ours, other.open() as theirs:
        with ours.lease("me", HOUR, clock()):
            # The other copy looked right before we took it.
            monkeypatch.setattr(SharedLedger, "pull", lambda _: 0)
            second = theirs.lease("them", HOUR, clock(1))
            with pytest.raises(LeaseLost, match="another run took the ledger"), second:
                pass
            monkeypatch.undo()
            third = theirs.lease("them", HOUR, clock(2))
            with pytest.raises(LedgerLocked), third:
                pass
        with theirs.lease("them", HOUR, clock(3)) as lease:
            assert lease.number == 2


def test_after_our_lease_ran_out_another_runs_lease_stops_our_writes(
    mine: Copy, other: Copy
) -> None:
    with mine.open() as ours, other.open() as theirs, ours.lease("me", HOUR, clock()):
        with theirs.lease("them", HOUR, clock(61)), pytest.raises(LeaseLost):
            ours.append_intent(intent())
        assert ours.open_intents() == ()


def test_a_renewal_that_no_other_copy_knows_of_lets_nobody_write(mine: Copy, other: Copy) -> None:
    times = iter([NOW, NOW + timedelta(minutes=50)])
    at = partial(next, times, NOW + timedelta(minutes=62))
    with mine.open() as ours, other.open() as theirs, ours.lease("me", HOUR, at) as lease:
        lease.renew()
        assert lease.expires == NOW + timedelta(minutes=110)
        with theirs.lease("them", HOUR, clock(61)), pytest.raises(LeaseLost):
            ours.append_intent(intent())
        assert ours.open_intents() == ()


def test_a_run_that_died_right_after_its_push_doubles_nothing(
    mine: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        pass

    def push_and_die(self: repository.Repository, commit: str) -> bool:
        assert push(self, commit)
        raise Died

    push = repository.Repository.push
    with mine.open() as ledger:
        ledger.push()
        ledger.append_facts([fact(10)])
        monkeypatch.setattr(repository.Repository, "push", push_and_die)
        with pytest.raises(Died):
            ledger.push()
        monkeypatch.undo()
        ledger.append_facts([fact(11)])
        ledger.push()
        assert [known.units for known in ledger.remember().facts] == [10, 11]
        assert ledger.push() == 0


def test_a_damaged_segment_is_found_and_named(mine: Copy, other: Copy, hub: Hub) -> None:
    with mine.open() as ledger:
        ledger.push()
        ledger.append_facts([fact(10)])
        ledger.push()
        ledger.append_facts([fact(11)])
        ledger.push()
    name = sorted(hub.files())[1]
    hub.edit(name, hub.files()[name].replace(b'"units":10', b'"units":12'))
    with pytest.raises(LedgerError, match="segment 2 is not as it was"), other.open():
        pass
    assert not other.path.exists() or not any(other.content().values())


def test_a_segment_that_is_gone_is_named(mine: Copy, other: Copy, hub: Hub) -> None:
    with mine.open() as ledger:
        ledger.push()
        ledger.append_facts([fact(10)])
        ledger.push()
    hub.edit(sorted(hub.files())[0], None)
    with pytest.raises(LedgerError, match="segment 1 is gone"), other.open():
        pass


def test_a_branch_that_was_cut_back_is_refused(mine: Copy, hub: Hub) -> None:
    with mine.open() as ledger:
        ledger.push()
        ledger.append_facts([fact(10)])
        ledger.push()
        git(hub.remote, "update-ref", "refs/heads/reconciler-ledger", "reconciler-ledger~1")
        with pytest.raises(LedgerError, match="it has 1 segments, and had 2"):
            ledger.pull()


def test_another_ledger_is_not_mixed_in(mine: Copy, other: Copy) -> None:
    other.path.parent.mkdir()
    with open_ledger(other.path, tenant=TENANT) as alone:
        alone.append_facts([fact(3)])
    with mine.open():
        pass
    with other.open(offline=True) as ledger:
        with pytest.raises(LedgerMismatch, match="another ledger"):
            ledger.pull()
        assert ledger.remember().facts == (fact(3),)


def test_a_branch_of_something_else_is_left_alone(mine: Copy, hub: Hub) -> None:
    git(mine.folder, "commit", "--allow-empty", "--quiet", "--message", "not a ledger")
    git(mine.folder, "push", "--quiet", "origin", "HEAD:reconciler-ledger")
    with pytest.raises(LedgerMismatch, match="holds no ledger"), mine.open():
        pass
    assert hub.files() == {}


def test_another_tenants_branch_is_refused(mine: Copy, other: Copy) -> None:
    with mine.open() as ledger:
        ledger.push()
    wrong = other.open(tenant="Somebody else")
    with pytest.raises(LedgerMismatch, match="belongs to"), wrong:
        pass


def test_without_a_network_what_is_here_can_be_read(mine: Copy, hub: Hub) -> None:
    with mine.open() as ledger:
        ledger.append_facts([fact(10)])
        ledger.push()
    hub.lose()
    with mine.open(offline=True) as ledger:
        assert ledger.remember().facts == (fact(10),)
    with pytest.raises(LedgerError, match="git ls-remote failed"), mine.open():
        pass


def test_a_message_never_repeats_credentials(mine: Copy) -> None:
    git(mine.folder, "remote", "set-url", "origin", "https://bot:hunter2@127.0.0.1:9/x.git")
    with pytest.raises(LedgerError) as raised, mine.open():
        pass
    assert "hunter2" not in str(raised.value)


def test_a_checkout_of_one_commit_stays_one(mine: Copy, hub: Hub) -> None:
    git(mine.folder, "commit", "--allow-empty", "--quiet", "--message", "a configuration")
    git(mine.folder, "push", "--quiet", "origin", "HEAD:main")
    with mine.open() as ledger:
        for units in range(3):
            ledger.append_facts([fact(units)])
            ledger.push()
    place = hub.folder / "runner"
    git(
        hub.folder, "clone", "--quiet", "--depth=1", "--branch=main", f"file://{hub.remote}",
        str(place),
    )  # fmt: skip
    runner = Copy(place)
    with runner.open() as ledger:
        assert len(ledger.remember().facts) == 3
        ledger.append_facts([fact(9)])
        ledger.push()
    assert git(place, "rev-parse", "--is-shallow-repository") == "true"
    with mine.open() as ledger:
        assert len(ledger.remember().facts) == 4


def test_a_configuration_in_a_folder_of_the_repository_finds_the_whole_branch(
    mine: Copy, other: Copy
) -> None:
    with mine.open() as ledger:
        ledger.append_facts([fact(10)])
        ledger.push()
        number = ledger.id
    folder = other.folder / "billing-config"
    folder.mkdir()
    with open_shared(other.path, Repository(folder, BRANCH), tenant=TENANT) as ledger:
        assert (ledger.id, len(ledger.remember().facts)) == (number, 1)
