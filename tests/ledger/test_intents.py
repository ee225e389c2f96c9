"""An intent is recorded only under a lease that holds, and ends once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.ledger import Lease, Ledger
from reconciler.model.bms import LineKey
from reconciler.model.errors import LeaseLost, LedgerError
from reconciler.model.ledgered import KnownFact, Misfit, Outcome, Settled
from tests.ledger.making import LINE, NOW, day, intent, rows

TTL = timedelta(minutes=10)
FACT = KnownFact(LINE, 3, day(15), "add", 2, "reply", "A1", NOW)


@pytest.fixture
def lease(ledger: Ledger) -> Iterator[Lease]:
    with ledger.lease("apply 1", TTL, lambda: NOW) as taken:
        yield taken


@pytest.mark.usefixtures("lease")
def test_an_intent_comes_back_as_open(ledger: Ledger) -> None:
    ledger.append_intent(intent())
    ledger.append_intent(intent("A2", kind="price", price=Decimal("4.10"), rows_before=()))
    ledger.append_intent(intent("A3", entered=9))
    remembered = ledger.remember()
    assert remembered.open_intents == (
        intent(),
        intent("A2", kind="price", price=Decimal("4.10"), rows_before=()),
        intent("A3", entered=9),
    )
    assert remembered.done_changes == {}


def test_without_a_lease_no_intent(ledger: Ledger, path: Path) -> None:
    with pytest.raises(LeaseLost):
        ledger.append_intent(intent())
    assert rows(path, "SELECT count(*) FROM intent") == [(0,)]


@pytest.mark.usefixtures("lease")
def test_an_expired_lease_takes_no_intent(ledger: Ledger, path: Path) -> None:
    with pytest.raises(LeaseLost, match="lease 1 has ended"):
        ledger.append_intent(intent(at=NOW + TTL))
    assert rows(path, "SELECT count(*) FROM intent") == [(0,)]


def test_a_stale_holders_intent_is_refused(ledger: Ledger) -> None:
    later = NOW + TTL
    with (
        ledger.lease("first", TTL, lambda: NOW) as first,
        ledger.lease("second", TTL, lambda: later) as second,
    ):
        with pytest.raises(LeaseLost):
            ledger.append_intent(intent(lease=first.number, at=later))
        ledger.append_intent(intent(lease=second.number, at=later))
    assert len(ledger.remember().open_intents) == 1


def test_a_released_lease_takes_no_intent(ledger: Ledger) -> None:
    with ledger.lease("first", TTL, lambda: NOW) as lease:
        pass
    with pytest.raises(LeaseLost):
        ledger.append_intent(intent(lease=lease.number))


@pytest.mark.usefixtures("lease")
def test_a_name_of_an_intent_is_used_once(ledger: Ledger) -> None:
    ledger.append_intent(intent())
    with pytest.raises(LedgerError, match="A1 is recorded already"):
        ledger.append_intent(intent(posted_units=9))
    assert ledger.remember().open_intents == (intent(),)


@pytest.mark.usefixtures("lease")
@pytest.mark.parametrize(
    ("outcome", "done"),
    [
        ("answered", True),
        ("proved", True),
        ("refused", False),
        ("absent", False),
        ("misfit", False),
    ],
)
def test_an_end_closes_the_intent_and_only_a_done_one_counts_as_done(
    ledger: Ledger, outcome: str, done: bool
) -> None:
    ledger.append_intent(intent())
    assert ledger.settle(Settled("A1", outcome, NOW, 3, "ok"))  # type: ignore[arg-type]
    remembered = ledger.remember()
    assert remembered.open_intents == ()
    assert remembered.done_changes == ({"change-A1": 1} if done else {})


@pytest.mark.usefixtures("lease")
def test_a_change_written_again_is_counted_again(ledger: Ledger) -> None:
    for ref, outcome in (
        ("A1", "answered"),
        ("A2", "proved"),
        ("A3", "refused"),
        ("A4", "answered"),
    ):
        ledger.append_intent(intent(ref, change="price of alpha"))
        ledger.settle(Settled(ref, outcome, NOW))  # type: ignore[arg-type]
    assert ledger.remember().done_changes == {"price of alpha": 3}


@pytest.mark.usefixtures("lease")
def test_the_second_end_is_ignored_with_what_it_learned(ledger: Ledger, path: Path) -> None:
    ledger.append_intent(intent())
    assert ledger.settle(Settled("A1", "answered", NOW, 3), [FACT]) is True
    assert ledger.settle(Settled("A1", "absent", NOW), [replace(FACT, units=9)]) is False
    assert rows(path, "SELECT ref, outcome FROM settled") == [("A1", "answered")]
    assert ledger.remember().facts == (FACT,)


@pytest.mark.usefixtures("lease")
def test_an_answer_that_turns_out_a_misfit_is_not_done_and_waits_to_be_accepted(
    ledger: Ledger,
) -> None:
    ledger.append_intent(intent())
    ledger.settle(Settled("A1", "answered", NOW, 3), [FACT])
    assert ledger.settle(Settled("A1", "misfit", NOW, None, "the total is off"))
    assert ledger.settle(Settled("A1", "answered", NOW)) is False
    remembered = ledger.remember()
    assert remembered.misfits == (Misfit(intent(), "the total is off"),)
    assert (remembered.open_intents, remembered.done_changes) == ((), {})
    assert ledger.settle(Settled("A1", "accepted", NOW, None, "looked"))
    remembered = ledger.remember()
    assert (remembered.misfits, remembered.done_changes) == ((), {})
    assert ledger.writes() == ((intent(), Settled("A1", "accepted", NOW, None, "looked")),)
    assert ledger.settle(Settled("A1", "misfit", NOW)) is False


@pytest.mark.usefixtures("lease")
@pytest.mark.parametrize("before", ["refused", "absent", "proved", None])
@pytest.mark.parametrize("after", ["misfit", "accepted"])
def test_only_what_was_done_becomes_a_misfit_and_only_a_misfit_is_accepted(
    ledger: Ledger, before: Outcome | None, after: Outcome
) -> None:
    ledger.append_intent(intent())
    if before is not None:
        ledger.settle(Settled("A1", before, NOW))
    follows = before in (None, "proved") and after == "misfit"
    assert ledger.settle(Settled("A1", after, NOW)) is follows


def test_an_end_without_an_intent_is_refused(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="no intent A1"):
        ledger.settle(Settled("A1", "answered", NOW))


@pytest.mark.usefixtures("lease")
def test_writes_are_shown_newest_first_with_their_ends(ledger: Ledger) -> None:
    other = LineKey(1, 2, 3)
    ledger.append_intent(intent())
    ledger.append_intent(intent("A2", line=other))
    end = Settled("A1", "refused", NOW, None, "no such service")
    ledger.settle(end)
    assert ledger.writes() == ((intent("A2", line=other), None), (intent(), end))
    assert ledger.writes(1) == ((intent("A2", line=other), None),)
    assert ledger.writes(line=LINE) == ((intent(), end),)
