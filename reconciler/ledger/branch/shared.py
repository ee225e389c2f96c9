"""A ledger whose file is a copy of a branch."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from reconciler.ledger import intents, leases
from reconciler.ledger.branch.sync import Sync
from reconciler.ledger.opening import database_of, introduced, is_new
from reconciler.ledger.store import Ledger
from reconciler.model.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta
    from pathlib import Path

    from reconciler.ledger.branch.repository import Repository
    from reconciler.ledger.database import Database
    from reconciler.ledger.leases import Clock, Lease
    from reconciler.model.ledgered import Intent


class SharedLedger(Ledger):
    """What must outlive this machine is pushed before it counts: leases, and intents.

    Everything else goes with the next of them, or with `push`: the renewals of a lease too. A copy
    that has none of them may take the lease while our run still reads. That doubles nothing: the
    push of our next intent, without which nothing is posted, comes second then and is refused; and
    what is posted goes out within minutes of an intent, whose push has the renewals.
    """

    def __init__(
        self,
        database: Database,
        ledger_id: str,
        tenant: str | None,
        repository: Repository,
        received: int,
    ) -> None:
        super().__init__(database, ledger_id, tenant)
        self._repository = repository
        self.received = received
        """How many rows came from the branch since it was opened, and with opening it."""

    @property
    def branch(self) -> str:
        """Which one, for messages."""
        return self._repository.where

    def pull(self) -> int:
        """Take in what other copies sent; how many rows that were."""
        with self._database.writing() as connection:
            came = Sync(connection, self._repository).receive()
        self.received += came
        return came

    def push(self) -> int:
        """Send what the branch does not have; how many rows that were."""
        with self._database.writing() as connection:
            return Sync(connection, self._repository).send()

    def publish(self) -> None:
        """Pushes it now: what happens next may end this machine."""
        self.push()

    def append_intent(self, intent: Intent) -> None:
        """Records what is about to be posted; on the branch when this returns.

        Raises `LeaseLost` unless the intent's lease is the newest and in force at ``intent.at``,
        here and on the branch, and `LedgerError` where it cannot be pushed. Then it was not
        recorded.
        """
        with self._database.writing() as connection:
            intents.append_intent(connection, intent, self.where)
            Sync(connection, self._repository).send()

    @contextmanager
    def lease(self, holder: str, ttl: timedelta, clock: Clock) -> Iterator[Lease]:
        """Takes the lease on the branch too, and releases it at the end."""
        self.pull()
        lease = leases.take_lease(
            self._database,
            holder,
            ttl,
            clock,
            publish=lambda connection: Sync(connection, self._repository).send(),
        )
        try:
            yield lease
        finally:
            lease.release()
            # What was written is to be told first; the command pushes again at its end.
            with suppress(LedgerError):
                self.push()


def open_shared(
    target: str | Path, repository: Repository, *, tenant: str, offline: bool = False
) -> SharedLedger:
    """The copy in a file, with what the branch has; ``offline``: as the file is.

    A file that is new takes everything from the branch, offline or not, and where there is no
    branch yet makes it: nobody begins a second ledger then. Raises as `open_ledger` does, and
    LedgerError where the branch cannot be read.
    """
    database = database_of(target, create=True)
    try:
        new, received = is_new(database), 0
        if new or not offline:
            with database.writing() as connection:
                received = Sync(connection, repository).receive()
        named = introduced(database, tenant)
        if new:
            with database.writing() as connection:
                Sync(connection, repository).send()
            named = introduced(database, tenant)
        return SharedLedger(database, *named, repository, received)
    except BaseException:
        database.close()
        raise
