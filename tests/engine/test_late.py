"""What is written late, where later periods were invoiced at another price, against a count by day:
units of each day, times what that day was billed at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.periods import DAY
from reconciler.model.bms import Invoice
from reconciler.model.plan import Change
from reconciler.model.settings import DatedSettings
from tests.engine import builders as make
from tests.engine.play import World, brass

D = date
JANUARY, FEBRUARY, MARCH = D(2026, 1, 1), D(2026, 2, 1), D(2026, 3, 1)
END = {JANUARY: D(2026, 1, 31), FEBRUARY: D(2026, 2, 28), MARCH: D(2026, 3, 31)}
OLD, NEW = Decimal("20.00"), Decimal("30.00")


@dataclass(frozen=True)
class Written:
    day: date
    units: int
    price: Decimal


@dataclass
class Invoicing(World):
    """Which also invoices each month on its first day, in advance, after that day's run."""

    today: date = JANUARY
    written: list[Written] = field(default_factory=list)
    seen: int = 0
    """How many writes invoices have billed."""
    billed: Fraction = Fraction(0)

    most: int | None = None
    """After so many writes the run is ended."""

    def run(self, day: date, most: int | None = None) -> None:
        self.today, self.most = day, most
        self.night(day)

    def post(self, change: Change) -> None:
        if self.most == 0:
            return
        self.most = None if self.most is None else self.most - 1
        super().post(change)
        if change.kind == "price":
            return
        at = datetime(self.today.year, self.today.month, self.today.day, 12, tzinfo=UTC)
        self.facts[-1] = replace(self.facts[-1], price=change.price, recorded_at=at)
        more = change.units_after - change.units_before
        self.written.append(Written(change.day, more, change.price))

    def invoice(self, first: date) -> None:
        """What the month begins with, and all that came since for months before it."""
        (price,) = {row.price for row, _ in self.rows}
        begun = 10 + sum(one.units for one in self.written if one.day <= first)
        self.billed += begun * Fraction(price)
        for one in self.written[self.seen :]:
            for month in (invoice.first for invoice in self.invoices):
                if one.day <= END[month]:
                    self.billed += one.units * share(one.day, month) * Fraction(one.price)
        at = datetime(first.year, first.month, first.day, 18, tzinfo=UTC)
        self.invoices.append(Invoice(len(self.invoices), 10, first, END[first], first, at))
        self.seen = len(self.written)


def share(day: date, month: date) -> Fraction:
    """Of a month, from a day on."""
    last = END[month]
    return Fraction((last - max(day, month)).days + 1, last.day)


def by_day(units: Sequence[int], rise: date) -> Fraction:
    """Each month begins at the price of its first day; what comes later in it has the price of its
    own day, and what leaves that which it has, the newest first."""
    money, there = Fraction(0), [OLD] * 10
    for n, now in enumerate([*units, units[-1]]):
        day = JANUARY + n * DAY
        price = NEW if day >= rise else OLD
        if day in END:
            there = [price] * len(there)
        there = [*there[:now], *[price] * (now - len(there))]
        if day in END:
            there = [price] * len(there)
        days = 1 if day == MARCH else END[day.replace(day=1)].day
        money += sum(map(Fraction, there), Fraction(0)) / days
    return money


def levels() -> st.SearchStrategy[list[int]]:
    """Of every day of January and February: a few steps."""
    steps = st.dictionaries(st.integers(1, 58), st.integers(0, 14), max_size=3)
    return steps.map(lambda found: list(_levels(found)))


def _levels(found: dict[int, int]) -> Iterator[int]:
    level = 10
    for n in range(59):
        level = found.get(n, level)
        yield level


RISES = st.sampled_from([FEBRUARY, D(2026, 1, 14), D(2026, 2, 10)])
MOST = st.lists(st.integers(0, 6), min_size=2, max_size=2)
PUT_RIGHT = st.lists(st.integers(33, 58), min_size=2, max_size=2, unique=True).map(sorted)


@given(st.lists(levels(), min_size=3, max_size=3), RISES, PUT_RIGHT, MOST)
@settings(max_examples=60)
def test_every_day_is_billed_once_at_its_price(
    readings: list[list[int]], rise: date, put_right: list[int], most: list[int]
) -> None:
    """Of January and February, and the first of March; readings are put right twice, by runs that
    are ended half way."""
    world = rising(rise)
    changes = dict(zip((JANUARY + n * DAY for n in put_right), readings[1:], strict=True))
    ends = dict(zip(changes, most, strict=True))
    now = readings[0]
    for day in (JANUARY + n * DAY for n in range(60)):
        now = changes.get(day, now)
        world.series = brass(*now[: (day - JANUARY).days]).series
        if day > JANUARY:
            world.run(day, ends.get(day))
        if day in END:
            world.invoice(day)
    assert world.billed == by_day(readings[2], rise)


def rising(rise: date) -> Invoicing:
    found = brass()
    line = make.line(
        DatedSettings(D.min, make.settings(price=OLD)),
        DatedSettings(rise, make.settings(price=NEW)),
    )
    return Invoicing(
        accounts=(make.desired_account(line),),
        rows=found.rows,
        contracts=found.contracts,
        facts=found.facts,
    )
