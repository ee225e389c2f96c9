"""Changes that wait while their days are about to be looked at no more, and what is lost then.

Only the period before the current one is looked at again. A change that waits longer is dated to
the first day that still is. Of the days before that, a rise is never billed, and a fall is never
credited.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

from reconciler.engine.change_money import money_until
from reconciler.engine.frame import Frame
from reconciler.engine.lines import LineWork
from reconciler.engine.looked_at import current_period
from reconciler.engine.periods import DAY
from reconciler.engine.standings import WAITS
from reconciler.engine.words import some
from reconciler.findings import finding
from reconciler.findings.by_hand import BILL, CREDIT
from reconciler.model.finding import Finding
from reconciler.model.plan import Change, LineRef

Spans: TypeAlias = tuple[tuple[date, Decimal], ...]
"""Money from each day on, up to the next."""


@dataclass(frozen=True, slots=True)
class Lapse:
    """Of a change, should it still wait then."""

    change: str
    """Its id."""
    line: LineRef
    on: date
    """The first day whose plans look at less."""
    first: date
    """The first day that they look at."""
    money: Spans
    """What the days before come to, cut where any change of the line begins or ends."""


def lapses_of(work: LineWork, changes: Iterable[Change], frame: Frame) -> Iterator[Lapse]:
    """Of changes of units that are dated before the current period."""
    current = current_period(work.bound.contract, frame.as_of)
    old = [one for one in changes if one.kind != "price" and one.day < current.first]
    ends = {one.until + DAY for one in old if one.until is not None and one.until < current.first}
    cuts = [*sorted({one.day for one in old} | ends), current.first]
    for change in old:
        spans = tuple(_spans(work, change, cuts, frame))
        yield Lapse(change.id, change.line, current.whole_end + DAY, current.first, spans)


def _spans(
    work: LineWork, change: Change, cuts: Sequence[date], frame: Frame
) -> Iterator[tuple[date, Decimal]]:
    more, before = change.units_after - change.units_before, Decimal(0)
    for since, following in pairwise(cuts):
        last = min(following - DAY, change.until or date.max)
        if change.day <= since <= last:
            up_to = money_until(work, change.day, last, more, change.price, frame).prorated
            yield since, up_to - before
            before = up_to


@dataclass(frozen=True, slots=True)
class Lost:
    """What is never billed of several lines, or what is never credited."""

    says: str
    several: bool
    money: Decimal

    @property
    def is_credit(self) -> bool:
        return self.money < 0


@dataclass(frozen=True, slots=True)
class Lapsing:
    """What lapses on one day, of several changes."""

    on: date
    first: date
    lost: tuple[Lost, ...]
    """What is to be billed before what is to be credited: neither makes up for the other."""


def lapsing(lapses: Iterable[Lapse], changes: Set[str]) -> Iterator[Lapsing]:
    """Of these changes, by their ids: day by day, in order."""
    by_day: dict[tuple[date, date], dict[tuple[LineRef, date], Decimal]] = defaultdict(dict)
    for lapse in lapses:
        if lapse.change in changes:
            found = by_day[lapse.on, lapse.first]
            for since, money in lapse.money:
                where = lapse.line, since
                found[where] = found.get(where, Decimal(0)) + money
    for (on, first), found in sorted(by_day.items()):
        if lost := tuple(_lost(found)):
            yield Lapsing(on, first, lost)


def _lost(found: Mapping[tuple[LineRef, date], Decimal]) -> Iterator[Lost]:
    for sign in (1, -1):
        alike = {where: money for where, money in found.items() if money * sign > 0}
        if alike:
            says = [f"{line.bms_service} of {line.account} from {day}" for line, day in alike]
            yield Lost(some(says), len(says) > 1, sum(alike.values(), Decimal(0)))


def lapse_findings(
    lapses: Iterable[Lapse], changes: Iterable[Change], currency: str
) -> Iterator[Finding]:
    """POL009 of those that wait for a person, per day on which they lapse: once of what is never
    billed, and once of what is never credited."""
    ids = {change.id for change in changes if change.standing in (*WAITS, "proposed")}
    for one in lapsing(lapses, ids):
        for lost in one.lost:
            message = (
                f"{lost.says} {'wait' if lost.several else 'waits'}: from {one.on} on no plan looks"
                f" at days before {one.first} that are invoiced, and {_goes(lost, currency)}"
            )
            # A finding's money is of a month, and this comes once: the message has it.
            remedy = (CREDIT if lost.is_credit else BILL)["POL009"]
            yield finding("POL009", message, remedy=remedy)


def _goes(lost: Lost, currency: str) -> str:
    if lost.is_credit:
        return f"what is billed too much for them, {-lost.money:,f} {currency}, is never credited"
    return f"what they come to, {lost.money:+,f} {currency}, is never billed"
