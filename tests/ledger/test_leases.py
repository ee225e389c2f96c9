"""One apply per ledger, and a dead one does not block for ever."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reconciler.ledger import Ledger, open_ledger
from reconciler.ledger.database import sqlite_database
from reconciler.ledger.leases import take_lease
from reconciler.model.errors import LeaseLost, LedgerLocked
from tests.ledger.making import NOW, intent, rows

TTL = timedelta(minutes=10)


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def test_a_lease_says_whose_it_is_and_until_when(ledger: Ledger) -> None:
    with ledger.lease("apply 1", TTL, Hand()) as lease:
        assert (lease.number, lease.holder, lease.expires) == (1, "apply 1", NOW + TTL)


def test_a_second_holder_is_told_who_and_until_when(ledger: Ledger, path: Path) -> None:
    with (
        ledger.lease("apply 1", TTL, Hand()),
        open_ledger(path, tenant=None) as other,
        pytest.raises(
            LedgerLocked, match=r"apply 1 .*since 2026-11-22 03:30:00.*until 2026-11-22 03:40:00"
        ) as caught,
        other.lease("apply 2", TTL, Hand()),
    ):
        pass
    assert caught.value.where == str(path)


def test_after_release_the_next_number_is_higher(ledger: Ledger) -> None:
    numbers = []
    for _ in range(3):
        with ledger.lease("apply", TTL, Hand()) as lease:
            numbers.append(lease.number)
    assert numbers == [1, 2, 3]


def test_a_lease_that_ran_out_tells_of_a_run_that_was_ended(ledger: Ledger, path: Path) -> None:
    hand = Hand()
    with ledger.lease("apply 1", TTL, hand):
        pass
    database = sqlite_database(path)
    take_lease(database, "apply 2", TTL, hand).renew()
    assert ledger.unended(NOW + TTL - timedelta(seconds=1)) == ()
    hand.now += TTL
    with ledger.lease("apply 3", TTL, hand):
        (found,) = ledger.unended(hand.now)
    assert (found.holder, found.since) == ("apply 2", NOW)
    database.close()


def test_a_lease_is_released_when_the_run_fails(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError), ledger.lease("apply 1", TTL, Hand()):
        raise RuntimeError
    with ledger.lease("apply 2", TTL, Hand()) as lease:
        assert lease.number == 2


def test_an_expired_lease_may_be_taken_and_is_lost_then(ledger: Ledger) -> None:
    clock = Hand()
    with ledger.lease("apply 1", TTL, clock) as first:
        clock.now += TTL
        with ledger.lease("apply 2", TTL, clock) as second:
            with pytest.raises(
                LeaseLost, match=r"lease 1 of apply 1 has ended; apply 2 took another"
            ):
                first.renew()
            first.release()
            second.renew()
        with pytest.raises(LeaseLost, match="apply 2 took another"):
            first.renew()


def test_a_lease_moves_on_once_a_part_of_its_term_is_over(ledger: Ledger, path: Path) -> None:
    """Renewed before every write, it leaves a row only now and then."""
    clock = Hand()
    with ledger.lease("apply 1", TTL, clock) as lease:
        for minutes in (0, 1, 2):
            clock.now = NOW + timedelta(minutes=minutes)
            lease.renew()
        assert (lease.expires, rows(path, "SELECT * FROM lease_event")) == (NOW + TTL, [])
        clock.now = NOW + TTL / 4
        lease.renew()
        assert lease.expires == clock.now + TTL
        assert len(rows(path, "SELECT * FROM lease_event")) == 1


def test_a_lease_that_another_took_is_not_kept_however_much_of_its_term_is_left(
    ledger: Ledger, path: Path
) -> None:
    """A clock that is ahead on another machine ends it there."""
    ahead = Hand()
    ahead.now = NOW + TTL
    with (
        ledger.lease("apply 1", TTL, Hand()) as first,
        open_ledger(path, tenant=None) as other,
        other.lease("apply 2", TTL, ahead),
        pytest.raises(LeaseLost, match="apply 2 took another"),
    ):
        first.renew()


def test_an_expired_lease_that_nobody_took_is_revived(ledger: Ledger) -> None:
    clock = Hand()
    with ledger.lease("apply 1", TTL, clock) as lease:
        clock.now += TTL * 5
        lease.renew()
        assert lease.expires == clock.now + TTL
        ledger.append_intent(intent(at=clock.now))
        with pytest.raises(LedgerLocked), ledger.lease("apply 2", TTL, clock):
            pass


def test_a_released_lease_is_not_revived(ledger: Ledger) -> None:
    with ledger.lease("apply 1", TTL, Hand()) as lease:
        lease.release()
        with pytest.raises(LeaseLost, match="lease 1 of apply 1 has ended"):
            lease.renew()


def test_renewing_moves_the_end(ledger: Ledger, path: Path) -> None:
    clock = Hand()
    with ledger.lease("apply 1", TTL, clock) as lease:
        clock.now += TTL - timedelta(seconds=1)
        lease.renew()
        clock.now += TTL - timedelta(seconds=1)
        with pytest.raises(LedgerLocked), ledger.lease("apply 2", TTL, clock):
            pass
    assert rows(path, "SELECT kind FROM lease_event ORDER BY id") == [("renewed",), ("released",)]


def test_a_lease_needs_a_term(ledger: Ledger) -> None:
    with (
        pytest.raises(ValueError, match="longer than nothing"),
        ledger.lease("x", timedelta(0), Hand()),
    ):
        pass


def test_another_process_sees_the_lease(path: Path) -> None:
    script = (
        "import sys\n"
        "from datetime import UTC, datetime, timedelta\n"
        "from reconciler.ledger import open_ledger\n"
        "from reconciler.model.errors import LedgerLocked\n"
        "with open_ledger(sys.argv[1], tenant=None) as ledger:\n"
        "    try:\n"
        "        with ledger.lease('other', timedelta(hours=1), lambda: datetime.now(UTC)):\n"
        "            sys.exit(0)\n"
        "    except LedgerLocked:\n"
        "        sys.exit(7)\n"
    )

    def other() -> int:
        return subprocess.run([sys.executable, "-c", script, str(path)], check=False).returncode

    with open_ledger(path, tenant=None) as ledger:
        with ledger.lease("this", timedelta(hours=1), lambda: datetime.now(UTC)):
            assert other() == 7
        assert other() == 0


def test_of_many_who_ask_at_once_one_gets_it(path: Path) -> None:
    open_ledger(path, tenant=None).close()

    def ask(number: int) -> bool:
        database = sqlite_database(path)
        try:
            take_lease(database, f"apply {number}", TTL, Hand())
        except LedgerLocked:
            return False
        finally:
            database.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(ask, range(8))) == [False] * 7 + [True]
