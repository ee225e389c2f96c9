"""One apply per ledger: a lease with an end, and a number that only grows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from reconciler.ledger.statements import text
from reconciler.ledger.texts import instant, instant_text
from reconciler.model.errors import LeaseLost, LedgerLocked

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from reconciler.ledger.database import Database

Clock: TypeAlias = "Callable[[], datetime]"
"""Gives the present instant, with a time zone."""

_ENOUGH: Final = 0.75
"""The part of a term that is as good as all of it."""


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """The newest lease of a ledger."""

    number: int
    holder: str
    since: datetime
    expires: datetime
    released: bool

    def holds_at(self, at: datetime) -> bool:
        """Is it still in force at that instant?"""
        return not self.released and at < self.expires


class Lease:
    """A lease this run took. Renew it before every write and during long waits."""

    __slots__ = ("_clock", "_database", "_ttl", "expires", "holder", "number")

    def __init__(self, database: Database, row: LeaseRow, ttl: timedelta, clock: Clock) -> None:
        self._database = database
        self._ttl = ttl
        self._clock = clock
        self.number = row.number
        self.holder = row.holder
        self.expires = row.expires

    def renew(self) -> None:
        """Moves the end to a full term from now, also where it has passed.

        It stays where it is while most of the term is left: a run of many writes leaves few rows.
        While no other was taken nobody else can have written: the number is the fence, not the
        clock. Raises `LeaseLost` once another one was taken, or this one was released.
        """
        now = self._clock()
        if self.expires - now > self._ttl * _ENOUGH:
            with self._database.reading() as connection:
                self._require(connection)
            return
        expires = now + self._ttl
        with self._database.writing() as connection:
            self._require(connection)
            _append_event(connection, self.number, "renewed", now, expires)
        self.expires = expires

    def _require(self, connection: Connection) -> None:
        row = current_lease(connection)
        if row is None or row.number != self.number or row.released:
            raise self._lost(row)

    def release(self) -> None:
        """Ends the lease now. Nothing happens when it ended already."""
        now = self._clock()
        with self._database.writing() as connection:
            row = current_lease(connection)
            if row is not None and row.number == self.number and row.holds_at(now):
                _append_event(connection, self.number, "released", now, now)

    def _lost(self, row: LeaseRow | None) -> LeaseLost:
        taken = f"; {row.holder} took another" if row and row.number != self.number else ""
        return LeaseLost(
            f"lease {self.number} of {self.holder} has ended{taken}",
            where=self._database.where,
            remedy="run again; what was written so far is in the ledger",
        )


def take_lease(
    database: Database,
    holder: str,
    ttl: timedelta,
    clock: Clock,
    publish: Callable[[Connection], object] = lambda _: None,
) -> Lease:
    """Takes the lease. Raises `LedgerLocked` while another one is in force.

    ``publish`` makes it known outside this machine, or raises: then it was not taken.
    """
    if ttl <= timedelta(0):
        raise ValueError(f"a lease lasts longer than nothing: {ttl}")
    with database.writing() as connection:
        now = clock()
        before = current_lease(connection)
        if before is not None and before.holds_at(now):
            raise _locked(before, database.where)
        row = LeaseRow((before.number if before else 0) + 1, holder, now, now + ttl, released=False)
        _append_lease(connection, row)
        publish(connection)
    return Lease(database, row, ttl, clock)


def current_lease(connection: Connection) -> LeaseRow | None:
    """The newest lease, with what became of it."""
    row = connection.execute(
        text("SELECT number, holder, at, expires FROM lease ORDER BY number DESC LIMIT 1")
    ).first()
    if row is None:
        return None
    event = connection.execute(
        text(
            "SELECT kind, expires FROM lease_event WHERE number = :number ORDER BY id DESC LIMIT 1"
        ),
        {"number": row.number},
    ).first()
    return LeaseRow(
        number=row.number,
        holder=row.holder,
        since=instant(row.at),
        expires=instant(event.expires if event else row.expires),
        released=event is not None and event.kind == "released",
    )


def load_unreleased(connection: Connection) -> tuple[LeaseRow, ...]:
    """Leases that nobody gave back, newest first: of a run at work, or of one that was ended."""
    found = connection.execute(
        text(
            "SELECT l.number, l.holder, l.at, coalesce(max(e.expires), l.expires) AS expires"
            " FROM lease l LEFT JOIN lease_event e ON e.number = l.number"
            " GROUP BY l.number HAVING coalesce(sum(e.kind = 'released'), 0) = 0"
            " ORDER BY l.number DESC"
        )
    )
    return tuple(
        LeaseRow(row.number, row.holder, instant(row.at), instant(row.expires), released=False)
        for row in found
    )


def require_lease(connection: Connection, number: int, at: datetime, where: str, what: str) -> None:
    """Raises `LeaseLost` unless the lease of that number is the newest and in force.

    ``what`` was not done then, in words.
    """
    lease = current_lease(connection)
    if lease is None or lease.number != number or not lease.holds_at(at):
        raise LeaseLost(
            f"lease {number} has ended; {what}",
            where=where,
            remedy="run again; another run may have gone on meanwhile",
        )


def _locked(row: LeaseRow, where: str) -> LedgerLocked:
    return LedgerLocked(
        f"{row.holder} holds the ledger since {_minute(row.since)}, until {_minute(row.expires)}",
        where=where,
        remedy="wait for it to end; if that run is dead, its lease ends by itself then",
        until=row.expires,
    )


def _minute(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")


def _append_lease(connection: Connection, row: LeaseRow) -> None:
    connection.execute(
        text(
            "INSERT INTO lease (number, holder, at, expires)"
            " VALUES (:number, :holder, :at, :expires)"
        ),
        {
            "number": row.number,
            "holder": row.holder,
            "at": instant_text(row.since),
            "expires": instant_text(row.expires),
        },
    )


def _append_event(
    connection: Connection,
    number: int,
    kind: Literal["renewed", "released"],
    at: datetime,
    expires: datetime,
) -> None:
    connection.execute(
        text(
            "INSERT INTO lease_event (number, kind, at, expires)"
            " VALUES (:number, :kind, :at, :expires)"
        ),
        {
            "number": number,
            "kind": kind,
            "at": instant_text(at),
            "expires": instant_text(expires),
        },
    )
