"""Waiting keeps the lease, and a write waits only so long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reconciler.apply.kept import PATIENCE, SLICE, KeptClock
from reconciler.model.errors import BmsThrottled, LeaseLost


class Hands:
    """A clock and a lease that remember what was asked of them, in order."""

    number = 1

    def __init__(self, *, lost: bool = False) -> None:
        self.moment = datetime(2026, 11, 23, 12, tzinfo=UTC)
        self.asked: list[float | str] = []
        self.lost = lost

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        self.moment += timedelta(seconds=seconds)

    def renew(self) -> None:
        if self.lost:
            raise LeaseLost("the lease has ended")
        self.asked.append("renew")


def test_a_long_wait_renews_the_lease_on_the_way() -> None:
    hands = Hands()
    KeptClock(hands, hands).sleep(SLICE * 2 + 1)
    assert hands.asked == [SLICE, "renew", SLICE, "renew", 1.0, "renew"]


def test_a_lost_lease_ends_the_wait() -> None:
    hands = Hands(lost=True)
    with pytest.raises(LeaseLost):
        KeptClock(hands, hands).sleep(SLICE * 3)
    assert hands.asked == [SLICE]


def test_a_write_waits_no_longer_than_its_patience_in_all() -> None:
    hands = Hands()
    clock = KeptClock(hands, hands)
    with clock.writing(clock.now()):
        clock.sleep(PATIENCE.total_seconds() / 2)
        before = list(hands.asked)
        with pytest.raises(BmsThrottled, match="before a write"):
            clock.sleep(PATIENCE.total_seconds() / 2 + 1)
        assert hands.asked == before
    clock.sleep(PATIENCE.total_seconds() * 2)
    assert clock.now() - datetime(2026, 11, 23, 12, tzinfo=UTC) == PATIENCE * 5 / 2


def test_a_process_that_slept_after_its_intent_does_not_send_the_write() -> None:
    hands = Hands()
    clock = KeptClock(hands, hands)
    intended = clock.now()
    clock.sleep(PATIENCE.total_seconds() + 1)
    sent = []
    with pytest.raises(BmsThrottled, match="not sent within 2 min"), clock.writing(intended):
        sent.append("a write")
    assert sent == []
