"""What every part of an apply shares: the way out, the journal, and how the run goes so far."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NoReturn

from reconciler.apply.book import Book
from reconciler.apply.journal import Journal, Tenure, Writer
from reconciler.apply.kept import KeptClock, PauseFirst
from reconciler.apply.moments import Moment, Watch, nobody
from reconciler.bms.calls import POST_ROW, REPRICE, Call
from reconciler.model.assumptions import Assumptions
from reconciler.model.errors import (
    BmsAnswerLost,
    BmsLoginFailed,
    BmsThrottled,
    BmsUnexpected,
    BmsUnreachable,
    LeaseLost,
)
from reconciler.model.ledgered import Intent, KnownFact, Settled
from reconciler.model.outcome import Applied, Result
from reconciler.model.plan import Change

NOT_SENT: Final = (BmsUnreachable, BmsThrottled, BmsLoginFailed, BmsUnexpected)
"""Failures after which BMS surely did nothing. A write's own unreadable answer counts as lost; what
is unexpected here is the answer to a login before it."""


class StopContract(Exception):
    """Nothing more is written to this contract in this run."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class StopRun(Exception):
    """Nothing more is written in this run."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Session:
    """One apply: one BMS, one ledger, one lease."""

    writer: Writer
    journal: Journal
    lease: Tenure
    clock: KeptClock
    today: Callable[[datetime], date]
    """The tenant's local day of an instant."""
    assume: Assumptions
    note: str | None
    plan: str
    """The plan's digest, for the intents."""
    watch: Watch = nobody
    applied: list[Applied] = field(default_factory=list)
    answered: dict[str, str] = field(default_factory=dict)
    """Refs of changes that BMS answered as expected, by change id."""
    looked: datetime | None = None
    """When the total of the contract under way was last read."""
    written: int = 0
    """Writes that BMS answered."""
    proved: bool = False
    """Has a write of units to a line that had rows been answered, read back and proved by a total?
    Only such a write tells append from upsert; a new line and a price look the same under both.
    Until then each write is a canary: read back at once, and a lost answer stops the run. One that
    BMS refused proves nothing either way: the next is still a canary."""
    reached: date | None = None
    """The latest day that BMS must have come to, as the totals of the run show."""

    @property
    def upsert(self) -> bool:
        """Is posting assumed to update the line?"""
        return self.assume.line_update == "upsert"

    def tell(self, moment: Moment, change: Change) -> None:
        """Say what was just done."""
        self.watch(moment, change)

    def day(self) -> date:
        """The tenant's local day now."""
        return self.today(self.clock.now())

    def end(self, change: Change, result: Result, ref: str, detail: str = "") -> None:
        """Note how a change ended."""
        self.applied.append(Applied(change, result, ref, detail))

    def settle(
        self,
        intent: Intent,
        outcome: Settled,
        fact: KnownFact | None = None,
    ) -> None:
        """Record how an intent ended, with the units learned by it."""
        assert outcome.ref == intent.ref
        self.journal.settle(outcome, [fact] if fact is not None else [])

    def misfit(self, ref: str, problem: str, row_id: int | None = None) -> None:
        """Record that BMS has something else than this write posted; it holds later runs too."""
        self.journal.settle(Settled(ref, "misfit", self.clock.now(), row_id, problem))

    def ready(self, change: Change, *first: Call) -> None:
        """Do all waiting that can be known of now, so that the write can follow at once, after the
        calls that come ``first``."""
        self.lease.renew()
        call = REPRICE if change.kind == "price" else POST_ROW
        try:
            self.writer.login()
            seconds = self.writer.estimate({call: 1, **dict.fromkeys(first, 1)})
        except NOT_SENT as error:
            raise StopRun(error.message) from error
        if seconds > 0:
            self.clock.sleep(seconds)

    def intend(self, change: Change, book: Book) -> Intent:
        """The intent, durable before anything is sent."""
        ref = change.line
        now = self.clock.now()
        before = book.expected(self.today(now))
        units = change.units_after - change.units_before
        intent = Intent(
            ref=secrets.token_hex(5).upper(),
            plan=self.plan,
            change=change.id,
            kind="price" if change.kind == "price" else "units",
            line=ref.key,
            day=change.day,
            posted_units=change.posts,
            units_before=change.units_before,
            units_after=change.units_after,
            price=change.price,
            rows_before=book.marks(ref.service_id),
            total_before=before,
            total_after=before + units * change.price,
            at=now,
            lease=self.lease.number,
            entered=change.entered,
        )
        self.journal.append_intent(intent)
        self.tell("intended", change)
        return intent

    @contextmanager
    def sending(self, change: Change, intent: Intent) -> Iterator[None]:
        """Around one write: a lost answer leaves the intent open; what was not sent ends it."""
        try:
            with self.clock.writing(intent.at):
                yield
        except BmsAnswerLost as error:
            self.end(change, "in-doubt", intent.ref, error.message)
            self.unclear(error.message)
        except PauseFirst as error:
            self._not_sent(intent, error.message)
            raise
        except NOT_SENT as error:
            self._not_sent(intent, error.message)
            raise StopRun(error.message) from error
        except LeaseLost as error:
            self._not_sent(intent, error.message)
            raise
        self.tell("posted", change)
        self.written += 1

    def _not_sent(self, intent: Intent, why: str) -> None:
        self.settle(intent, Settled(intent.ref, "absent", self.clock.now(), detail=why))

    def contradicted(self, problem: str) -> NoReturn:
        """Stop the run, whatever was proved before: BMS did something else than was posted, so an
        assumption is wrong, and it is the same one for every contract."""
        raise StopRun(f"a write did not fit: {problem}")

    def unclear(self, problem: str) -> NoReturn:
        """Stop the contract, or the run where nothing is proved yet: what a write did is not known,
        which says nothing about other contracts."""
        if not self.proved:
            raise StopRun(f"no write was proved yet, and one is in doubt: {problem}")
        raise StopContract(f"an earlier write of the contract is in doubt: {problem}")
