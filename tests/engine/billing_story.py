"""A sandbox that bills, and beside it the ledger of one who writes to it: no plan in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from reconciler.bms.client import BmsClient
from reconciler.engine.expected import Convention
from reconciler.engine.known import known_line, worth
from reconciler.engine.movements import known_since, movements_of, prices_of
from reconciler.engine.periods import Schedule
from reconciler.engine.verified import VerifyInput, verify
from reconciler.engine.verify import VerifyContract
from reconciler.engine.verify_line import VerifyLine
from reconciler.model.assumptions import Assumptions
from reconciler.model.bms import LineKey
from reconciler.model.desired import Billing, BmsConnection
from reconciler.model.ledgered import Intent, KnownFact, RowMark, Settled
from reconciler.model.plan import LineRef
from reconciler.model.verification import InvoiceCheck, Verification
from reconciler.sandbox import Behaviour, InvoiceItem, Sandbox
from reconciler.sandbox.transport import SandboxTransport

NEW_YORK = ZoneInfo("America/New_York")
START = date(2026, 1, 1)
NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)


def month_end(first: date) -> date:
    """The last day of a month."""
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@dataclass
class Story:
    """One contract billed by calendar months. ``number`` counts the writes."""

    behaviour: Behaviour = field(default_factory=Behaviour)
    invoice: Literal["start", "end"] = "start"
    facts: dict[str, list[KnownFact]] = field(default_factory=dict)
    writes: dict[str, list[tuple[Intent, Settled | None]]] = field(default_factory=dict)
    services: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    start: date = START
    end: date = date(2027, 12, 31)

    def __post_init__(self) -> None:
        self.sandbox = Sandbox.create(":memory:", behaviour=self.behaviour, now=NOVEMBER)
        self.account = self.sandbox.add_account("Brass Building Supplies")
        self.contract = self.sandbox.add_contract(
            self.account, "Managed Services", self.start, self.end, fiscal=True
        )

    @property
    def upsert(self) -> bool:
        return self.behaviour.line_update == "upsert"

    def at(self, day: date, hour: int = 12) -> None:
        """Go on to that day."""
        self.sandbox.set_clock(datetime(day.year, day.month, day.day, hour, tzinfo=NEW_YORK))

    def line(self, name: str, units: int, price: str, *, told: bool = True) -> None:
        """A line that a person made before us."""
        self.services[name] = self.sandbox.add_service(name, price)
        self.rows[name] = self.sandbox.add_line(
            self.contract, self.services[name], units, self.start
        )
        self.facts[name], self.writes[name] = [], []
        if told:
            self._learn(name, self.rows[name], self.start, units, units, "baseline", None)

    def units(self, name: str) -> int:
        """All that BMS has, whatever its date."""
        return self.sandbox.tables().units(self.contract, self.services[name])

    def move(self, name: str, day: date, change: int) -> None:
        """A write of ours, now."""
        before = self.units(name)
        ref = f"{name}{len(self.writes[name])}"
        marks = tuple(
            RowMark(r.row_id, r.service_id, r.date, r.price)
            for r in self.sandbox.tables().rows()
            if r.service_id == self.services[name]
        )
        if self.upsert and name in self.rows:
            row = self.rows[name]
            self.sandbox.ui.edit_units(row, before + change, day)
        else:
            row = self.sandbox.add_line(self.contract, self.services[name], change, day)
            self.rows.setdefault(name, row)
        price = next(r.price for r in self.sandbox.tables().rows() if r.row_id == row)
        intent = self._intent(name, ref, "units", day, before, change, marks, price)
        self.writes[name].append(intent)
        self._learn(name, row, day, change, before + change, "reply", ref)

    def reprice(self, name: str, price: str) -> None:
        """A change of price of ours, now."""
        mine = [r for r in self.sandbox.tables().rows() if r.service_id == self.services[name]]
        marks = tuple(RowMark(r.row_id, r.service_id, r.date, r.price) for r in mine)
        ref = f"{name}{len(self.writes[name])}"
        self.writes[name].append(
            self._intent(name, ref, "price", self.sandbox.today(), 0, 0, marks, Decimal(price))
        )
        for row in mine:
            self.sandbox.ui.reprice(row.row_id, price)

    def bill(
        self, first: date, lines: Sequence[InvoiceItem] | None = None, last: date | None = None
    ) -> int:
        """An invoice of that month, made now."""
        return self.sandbox.add_invoice(self.contract, first, last or month_end(first), lines)

    def would_bill(self, first: date) -> list[InvoiceItem]:
        """The lines that the sandbox would put on an invoice of that month now."""
        number = self.bill(first)
        (found,) = [i for i in self.client().issued_invoices() if i.id == number]
        with self.sandbox._store.transaction():
            self.sandbox._store.run("DELETE FROM invoices WHERE id = ?", number)
            self.sandbox._store.run("DELETE FROM invoice_lines WHERE invoice_id = ?", number)
        return [
            InvoiceItem(line.name, line.quantity, line.unit_price, line.day or first)
            for line in found.lines
        ]

    def client(self) -> BmsClient:
        given = self.sandbox.client_settings
        return BmsClient(
            BmsConnection(given.url, given.company, given.username, given.password),
            self._assume(),
            time_zone="America/New_York",
            transport=SandboxTransport(self.sandbox.app),
        )

    def verify(
        self, month: date, *, sent: frozenset[int] = frozenset(), **assume: Any
    ) -> Verification:
        """What a run would find today; the sandbox cannot send an invoice."""
        with self.client() as client:
            found = client.issued_invoices()
            invoices = [replace(one, sent=one.id in sent) for one in found]
            lines = [self._line(client, name) for name in self.services if name in self.facts]
        billing = Billing("calendar", self.invoice)
        contract = VerifyContract(
            id=self.contract,
            account="Brass Building Supplies",
            name="Managed Services",
            schedule=Schedule(self.start, "monthly", calendar=True, end=self.end),
            billing=billing,
            lines=[line for line, _ in lines],
            invoices=invoices,
            total=self.sandbox.tables().total(self.contract),
            known_worth=sum((value for _, value in lines), Decimal(0)),
            others=self.others,
        )
        convention = Convention.of(self._assume(**assume), "USD")
        today = self.sandbox.today()
        return verify(VerifyInput([contract], month, today, convention, invoice_day=1))

    def check(self, month: date, **assume: Any) -> InvoiceCheck:
        """The one invoice of the month."""
        (found,) = self.verify(month, **assume).invoices
        return found

    def _line(self, client: BmsClient, name: str) -> tuple[VerifyLine, Decimal]:
        service = self.services[name]
        rows = client.rows(service)
        known = known_line(rows, self.facts[name], agreed=bool(self.facts[name]))
        writes = self.writes[name]
        ref = LineRef(
            self.account, "Brass Building Supplies", self.contract, "Managed Services", service,
            name, name,
        )  # fmt: skip
        line = VerifyLine(
            ref,
            frozenset({name}),
            movements_of(known, writes, client.dates.zone),
            known_since(known, writes),
            prices_of(known, writes, Decimal(0)),
        )
        return line, worth(known, self.sandbox.today(), "effective")

    def _assume(self, **more: Any) -> Assumptions:
        same: dict[str, Any] = {
            "line_update": self.behaviour.line_update,
            "negative_units": "accepted",
            "day_count": self.behaviour.day_count,
            "change_day": self.behaviour.change_day,
            "part_period": self.behaviour.part_period,
        }
        return Assumptions(**{**same, **more})

    def _learn(
        self, name: str, row: int, day: date, change: int, total: int, source: Any, ref: str | None
    ) -> None:
        key = LineKey(self.account, self.contract, self.services[name])
        effect: Any = "set" if self.upsert else "add"
        units = total if self.upsert else change
        self.facts[name].append(KnownFact(key, row, day, effect, units, source, ref))

    def _intent(
        self,
        name: str,
        ref: str,
        kind: Literal["units", "price"],
        day: date,
        before: int,
        change: int,
        marks: tuple[RowMark, ...],
        price: Decimal,
    ) -> tuple[Intent, Settled]:
        key = LineKey(self.account, self.contract, self.services[name])
        zero, now = Decimal(0), self.sandbox.now()
        posted = before + change if self.upsert else change
        intent = Intent(
            ref, "plan", ref, kind, key, day, posted, before, before + change, price, marks, zero,
            zero, now, 1,
        )  # fmt: skip
        return intent, Settled(ref, "answered", now)


@contextmanager
def story(**options: Any) -> Iterator[Story]:
    """A story, and the sandbox closed at its end."""
    behaviour = {k: options.pop(k) for k in list(options) if k in Behaviour.__dataclass_fields__}
    told = Story(Behaviour(**behaviour), **options)
    try:
        yield told
    finally:
        told.sandbox.close()
