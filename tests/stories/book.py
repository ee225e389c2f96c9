"""A customer over months: readings every day, runs as scheduled, and invoices that BMS makes.

Prices are chosen so that one day of one unit is a whole amount, so that what is right can be said
exactly: units of each day, times what a day costs.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.runs.world import World

DAY = timedelta(days=1)
NEW_YORK = ZoneInfo("America/New_York")
NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
LAST = date(2027, 1, 31)
NIGHT, BILLING = time(2), time(6)

PRICE = "930.00"
"""31 a day in November, 30 in December and January."""

SERVICE = "endpoint"


def days(first: date, last: date) -> list[date]:
    """Every day, both ends included."""
    return [first + n * DAY for n in range((last - first).days + 1)]


def steps(changes: Mapping[date, int], last: date) -> dict[date, int]:
    """Units by day from the first change on."""
    level, out = 0, {}
    for day in days(min(changes), last):
        level = changes.get(day, level)
        out[day] = level
    return out


@dataclass
class Book(World):
    """The world of one line, and what happens to it day by day."""

    cycle: str = "Monthly"
    end: date = date(2027, 12, 31)
    price: str = PRICE
    at_first: int = 10
    """The units of the line before we came."""
    at_start: bool = True
    """Is a period invoiced on its first day, or on the first day after it?"""
    billed: set[date] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.sandbox.set_clock(self._at(NOVEMBER, NIGHT))
        self.service(SERVICE, self.price)
        self.row(SERVICE, self.at_first)
        self.configure()
        self.baseline()

    def _billing(self) -> str:
        return "" if self.at_start else "    billing: {invoice: end}\n"

    def _contract(self, name: str) -> int:
        self.contracts[name] = self.sandbox.add_contract(
            self.account, name, self.start, self.end, cycle=self.cycle
        )
        return self.contracts[name]

    def live(
        self, readings: Mapping[date, int], last: date, *, runs: Iterable[date] | None = None
    ) -> None:
        """Days up to ``last``: at night the reading of the day before and a run, at six o'clock
        the invoice where a month begins. ``runs``: only on these days."""
        wanted = None if runs is None else set(runs)
        for day in days(self.sandbox.today(), last):
            self.sandbox.set_clock(max(self.sandbox.now(), self._at(day, NIGHT)))
            if day - DAY in readings:
                self.read(SERVICE, {day - DAY: readings[day - DAY]})
            if wanted is None or day in wanted:
                self.run()
            if day.day == 1 and day not in self.billed:
                self.bill(day)

    def run(self) -> None:
        """The nightly run; it must write whatever it planned."""
        assert all(one.result == "done" for one in self.apply("schedule").applied)

    def bill(self, day: date) -> None:
        """The invoice run of a day that begins a month."""
        self.billed.add(day)
        self.sandbox.set_clock(self._at(day, BILLING))
        first = day if self.at_start else (day - DAY).replace(day=1)
        last = first.replace(day=monthrange(first.year, first.month)[1])
        if first >= NOVEMBER and first <= self.end:
            self.sandbox.add_invoice(self.contract, first, min(last, self.end))

    def invoiced(self) -> Decimal:
        """The money of all invoices."""
        with self.around.client(self.around.desired()) as client:
            issued = client.issued_invoices()
        return sum((line.total for invoice in issued for line in invoice.lines), Decimal(0))

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, tzinfo=NEW_YORK)


def right(units: Mapping[date, int], price: str = PRICE) -> Decimal:
    """Units of each day times what a day of its month costs."""
    return sum(
        (n * Decimal(price) / monthrange(day.year, day.month)[1] for day, n in units.items()),
        Decimal(0),
    )
