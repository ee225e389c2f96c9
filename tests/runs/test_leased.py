"""A ledger that another run holds: whoever can wait, waits for the end of a dead run's lease."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reconciler.ledger import Ledger, open_ledger
from reconciler.model.errors import LedgerLocked
from reconciler.runs.leased import LEASE, leased
from reconciler.runs.surroundings import Surroundings

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Hand:
    """A clock that waiting moves on."""

    at: datetime = NOON
    waits: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db", tenant=None) as ledger:
        yield ledger


def around(clock: Hand, said: list[str]) -> Surroundings:
    return Surroundings(Path("config"), Path("ledger"), {}, clock, progress=said.append)


def test_a_patient_run_outlasts_the_lease_of_a_dead_one_and_says_so(ledger: Ledger) -> None:
    dead = ledger.lease("the night (process 7 on lost)", LEASE, lambda: NOON)
    dead.__enter__()
    clock, said = Hand(NOON + 5 * MINUTE), list[str]()
    with leased(around(clock, said), ledger, "the morning", patient=True) as held:
        assert held.lease.number == 2
    assert clock.waits == [601.0]
    assert said == [
        "the night (process 7 on lost) holds the ledger since 2026-11-23 12:00:00 UTC,"
        " until 2026-11-23 12:15:00 UTC; a run that died may have left that: waiting 10 min"
    ]


def test_a_person_is_told_at_once(ledger: Ledger) -> None:
    clock, said = Hand(), list[str]()
    with (
        ledger.lease("another", LEASE, clock.now),
        pytest.raises(LedgerLocked),
        leased(around(clock, said), ledger, "a person"),
    ):
        pass
    assert (clock.waits, said) == ([], [])


def test_a_run_that_is_alive_is_waited_for_once_and_left_alone(ledger: Ledger) -> None:
    class Renewing(Hand):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds / 2)
            lease.renew()
            super().sleep(seconds / 2)

    waiting = Renewing()
    with (
        ledger.lease("alive", LEASE, waiting.now) as lease,
        pytest.raises(LedgerLocked, match="alive holds the ledger"),
        leased(around(waiting, []), ledger, "second", patient=True),
    ):
        pass
    assert sum(waiting.waits) == 901.0


def test_an_end_that_a_wrong_clock_told_is_not_waited_for(ledger: Ledger) -> None:
    clock = Hand()
    ahead = ledger.lease("tomorrow", LEASE, lambda: NOON + timedelta(days=1))
    ahead.__enter__()
    with (
        pytest.raises(LedgerLocked, match="tomorrow holds"),
        leased(around(clock, []), ledger, "second", patient=True),
    ):
        pass
    assert clock.waits == [1200.0]
