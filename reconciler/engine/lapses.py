"""Changes that wait while their days are about to be looked at no more, and what is lost then.

Only the period before the current one is looked at again. A change that waits longer is dated to
the first day that still is, so the days before that are never billed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reconciler.engine.change_money import money_until
from reconciler.engine.frame import Frame
from reconciler.engine.lines import LineWork
from reconciler.engine.looked_at import current_period
from reconciler.engine.periods import DAY
from reconciler.engine.standings import WAITS
from reconciler.engine.words import some
from reconciler.findings import finding
from reconciler.model.finding import Finding
from reconciler.model.plan import Change


@dataclass(frozen=True, slots=True)
class Lapse:
    """Of a change, should it still wait then."""

    change: str
    """Its id."""
    says: str
    on: date
    """The first day whose plans look at less."""
    first: date
    """The first day that they look at."""
    money: Decimal
    """What the days before come to."""


def lapses_of(work: LineWork, changes: Iterable[Change], frame: Frame) -> Iterator[Lapse]:
    """Of changes of units that are dated before the current period."""
    current = current_period(work.bound.contract, frame.as_of)
    for change in changes:
        if change.kind == "price" or change.day >= current.first:
            continue
        ref, last = change.line, current.first - DAY
        if change.until is not None:
            last = min(last, change.until)
        more = change.units_after - change.units_before
        lost = money_until(work, change.day, last, more, change.price, frame).prorated
        yield Lapse(
            change.id,
            f"{ref.bms_service} of {ref.account} from {change.day}",
            current.whole_end + DAY,
            current.first,
            lost,
        )


@dataclass(frozen=True, slots=True)
class Lapsing:
    """What lapses on one day, of several changes."""

    says: str
    several: bool
    on: date
    first: date
    money: Decimal


def lapsing(lapses: Iterable[Lapse], changes: Set[str]) -> Iterator[Lapsing]:
    """Of these changes, by their ids: day by day, in order."""
    by_day: dict[tuple[date, date], list[Lapse]] = defaultdict(list)
    for lapse in lapses:
        if lapse.change in changes and lapse.money:
            by_day[lapse.on, lapse.first].append(lapse)
    for (on, first), found in sorted(by_day.items()):
        money = sum((one.money for one in found), Decimal(0))
        yield Lapsing(some(one.says for one in found), len(found) > 1, on, first, money)


def lapse_findings(
    lapses: Iterable[Lapse], changes: Iterable[Change], currency: str
) -> Iterator[Finding]:
    """POL009 of those that wait for a person, once per day on which they lapse."""
    ids = {change.id for change in changes if change.standing in (*WAITS, "proposed")}
    for one in lapsing(lapses, ids):
        message = (
            f"{one.says} {'wait' if one.several else 'waits'}: from {one.on} on no plan looks at"
            f" days before {one.first} that are invoiced, and what they come to,"
            f" {one.money:+,f} {currency}, is never billed"
        )
        # A finding's money is of a month, and this comes once: the message has it.
        yield finding("POL009", message)
