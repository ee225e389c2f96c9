"""The sandbox itself: one object for its file, its clock, its faults and its application."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Self

from reconciler.sandbox import billing, invoicing, server
from reconciler.sandbox.app import Application
from reconciler.sandbox.behaviour import Behaviour
from reconciler.sandbox.clock import Clock, instant_text
from reconciler.sandbox.errors import SandboxError
from reconciler.sandbox.faults import Faults
from reconciler.sandbox.periods import Period
from reconciler.sandbox.screens import Screens
from reconciler.sandbox.seeding import Seeder
from reconciler.sandbox.store import Store, exists
from reconciler.sandbox.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime, timedelta
    from pathlib import Path

    from reconciler.sandbox.invoicing import InvoiceItem

_LOGIN = ("tenant", "username", "password")
EXAMPLE_DAY = date(2026, 11, 23)
IN_PROCESS_URL = "http://bms.sandbox.test"


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """What a client needs to log in."""

    url: str
    company: str
    username: str
    password: str

    def exports(self) -> list[str]:
        """The settings as lines for a shell."""
        return [
            f'export RECONCILER_BMS_URL="{self.url}"',
            f'export BMS_USERNAME="{self.username}"',
            f'export BMS_PASSWORD="{self.password}"',
        ]


class Sandbox(Seeder):
    """A BMS on this machine. Use `create` or `open`; the seeders of `Seeder` are its own methods.

    app      the WSGI application
    ui       a person working in the screens
    faults   what goes wrong with the next calls
    """

    def __init__(self, store: Store) -> None:
        kept = store.get("behaviour")
        if kept is None:
            raise SandboxError("the sandbox's file is incomplete", remedy="reset it")
        self.behaviour = Behaviour.from_json(kept)
        clock = Clock(store, self.behaviour.zone)
        super().__init__(store, clock)
        self.app = Application(store, clock, self.behaviour)
        self.faults = Faults(store)
        self.ui = Screens(store, clock, self)

    @classmethod
    def create(
        cls,
        path: str | Path,
        *,
        behaviour: Behaviour | None = None,
        now: datetime | date | None = None,
        tenant: str = "Example MSP",
        username: str = "api@example.test",
        password: str = "sandbox",
    ) -> Self:
        """A new, empty sandbox in a file, or in memory for ":memory:".

        `now` is its own time (a day: local noon); without it the clock is the real one until set.
        """
        store = Store.create(path)
        _configure(store, behaviour or Behaviour(), tenant, username, password)
        sandbox = cls(store)
        sandbox._clock.set(now)
        return sandbox

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """The sandbox kept in a file."""
        return cls(Store.open(path))

    @classmethod
    def reset(
        cls, path: str | Path, *, behaviour: Behaviour | None = None, today: date = EXAMPLE_DAY
    ) -> Self:
        """The example from its start, in a new file or in place of what a file holds.

        A server on the same file goes on with the new content, and with the behaviour it started
        with.
        """
        if not exists(path):
            sandbox = cls.create(path, behaviour=behaviour)
        else:
            store = Store.open(path)
            kept = tuple(store.get(name) or "" for name in _LOGIN)
            store.clear()
            _configure(store, behaviour or Behaviour(), *kept)
            sandbox = cls(store)
        sandbox.seed_example(today)
        return sandbox

    @property
    def client_settings(self) -> ClientSettings:
        """For a client in process; see `settings_at` for one that connects."""
        return self.settings_at(IN_PROCESS_URL)

    def settings_at(self, url: str) -> ClientSettings:
        """For a client of a served sandbox."""
        company, username, password = (self._store.get(name) or "" for name in _LOGIN)
        return ClientSettings(url, company, username, password)

    def now(self) -> datetime:
        """The sandbox's time, in UTC."""
        return self._clock.now()

    def today(self) -> date:
        """The tenant's local day."""
        return self._clock.today()

    def set_clock(self, moment: datetime | date | None) -> None:
        """Set the time: a day is its local noon, None follows the real clock. Nothing is undone
        by going back; going on lets late writes and background jobs happen."""
        self._clock.set(moment)
        self.app.settle()

    def advance(self, step: timedelta) -> None:
        """Move the time on."""
        self._clock.advance(step)
        self.app.settle()

    def tables(self) -> Tables:
        """The sandbox's own tables, past its API."""
        return Tables(self._store, self._clock, self.behaviour)

    def write_baseline(self, path: str | Path) -> int:
        """A CSV of what a person reads on the screens, units included; how many rows it has."""
        return self.ui.write_baseline(path)

    def add_invoice(
        self,
        contract_id: int,
        period_from: date,
        period_to: date,
        lines: Sequence[InvoiceItem] | None = None,
        *,
        dated: date | None = None,
    ) -> int:
        """An invoice of a contract from its first to its last day, dated today unless told.

        Without lines it holds what the sandbox itself would bill: full lines, prorated lines, and
        what became known too late for earlier invoices.
        """
        period = Period(period_from, period_to)
        found = (
            invoicing.items(self._store, self.behaviour, contract_id, period)
            if lines is None
            else list(lines)
        )
        day = dated or self.today()
        made = self._now() if dated is None else instant_text(self._clock.exact(dated))
        return invoicing.keep(self._store, contract_id, period, found, now=made, day=day)

    def bill(self) -> int:
        """Run the invoicing: every period that is due and has no invoice; how many were made.

        Of nothing BMS makes no invoice, and none that is a single credit.
        """
        made = 0
        for contract_id, period in list(billing.due(self._store, self.today())):
            if invoicing.items(self._store, self.behaviour, contract_id, period):
                with suppress(SandboxError):
                    self.add_invoice(contract_id, period.starts, period.ends)
                    made += 1
        return made

    def seed_example(self, today: date | None = EXAMPLE_DAY) -> None:
        """Fill an empty sandbox with the example of 62 customers and set its clock to a day;
        None leaves the clock alone."""
        from reconciler.sandbox.example.stock import stock

        with self._store.transaction():
            if today is not None:
                self._clock.set(today)
            stock(self)

    def serve(self, host: str = "127.0.0.1", port: int = 0) -> AbstractContextManager[str]:
        """Serve on a loopback port while a block runs; gives the url."""
        return server.serving(self.app, host, port)

    def serve_forever(self, host: str, port: int, announce: Callable[[str], None]) -> None:
        """Serve until interrupted; `announce` gets the url once the port is open."""
        server.serve_forever(self.app, host, port, announce)

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _configure(
    store: Store, behaviour: Behaviour, tenant: str, username: str, password: str
) -> None:
    with store.transaction():
        store.set("behaviour", behaviour.to_json())
        for name, value in zip(_LOGIN, (tenant, username, password), strict=True):
            store.set(name, value)
