"""Units that were credited at two prices, and come back: they are billed as if never credited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from reconciler.runs.applying import ApplyOptions, apply
from reconciler.runs.simulating import SimulateOptions, run_simulation
from reconciler.sandbox import Behaviour
from tests.stories.book import DECEMBER, JANUARY, NOVEMBER, PRICE, SERVICE, Book, days, right, steps
from tests.stories.conftest import MakeBook

D = date
NEW, RISE = "1860.00", "changes: [{from: 2026-12-16, price: 1860.00}]"
NAMED = f"price: {PRICE}, {RISE}"
CREDITED, LAST = D(2026, 12, 24), D(2026, 12, 31)
CAME = {NOVEMBER: 10, D(2026, 12, 20): 15}
NIGHTS = [NOVEMBER, D(2026, 12, 16), D(2026, 12, 21), D(2026, 12, 25)]
BOTH = pytest.mark.parametrize("update", ["append", "upsert"])


def credited(make_book: MakeBook, update: str, more: str = RISE) -> Book:
    """On the 24th eight of fifteen left: five at the new price, three at the old one."""
    behaviour = Behaviour().changed({"line_update": update})
    book = make_book(policy=f"late: prorated-transaction, {more}", behaviour=behaviour)
    book.live(steps({**CAME, CREDITED: 7}, LAST), D(2026, 12, 25), runs=NIGHTS)
    return book


def billed(units: Mapping[date, int]) -> Decimal:
    """Ten of them at the old price until January, and January at the new one."""
    old = {day: min(10, n) for day, n in units.items()}
    new = {day: n - old[day] for day, n in units.items()}
    return right(old) + right(new, NEW) + units[LAST] * Decimal(NEW)


@BOTH
@pytest.mark.parametrize(("corrected", "more"), [(9, RISE), (12, NAMED), (17, RISE)])
def test_a_reading_that_is_corrected_bills_what_it_credited_at_its_price(
    make_book: MakeBook, update: str, more: str, corrected: int
) -> None:
    book = credited(make_book, update, more)
    book.read(SERVICE, {CREDITED: corrected})
    book.live(steps({CREDITED: corrected}, LAST), JANUARY)
    units = steps({**CAME, CREDITED: corrected}, LAST)
    assert book.invoiced() == billed(units)
    assert book.plan().verdict == "in-step"


@BOTH
def test_writes_that_are_taken_back_leave_nothing(make_book: MakeBook, update: str) -> None:
    book = credited(make_book, update)
    book.read(SERVICE, {CREDITED: 15})
    facts = [fact for fact in book.ledger.remember().facts if fact.day == CREDITED]
    refs = tuple(fact.ref for fact in facts if fact.ref is not None)
    options = ApplyOptions("reconciler", "terminal", correct=refs)
    run = apply(book.around, book.ledger, options)
    assert run is not None
    back = [one.change for one in run.applied]
    told = [(change.units_before, change.units_after, change.price) for change in back]
    assert told == [(7, 10, Decimal(PRICE)), (10, 15, Decimal(NEW))]
    book.live(steps({CREDITED: 15}, LAST), JANUARY)
    assert book.invoiced() == billed(steps(CAME, LAST))
    assert book.plan().verdict == "in-step"


@BOTH
def test_what_was_billed_is_replayed_at_both_prices(make_book: MakeBook, update: str) -> None:
    book = credited(make_book, update)
    book.live(steps({CREDITED: 7}, LAST), JANUARY)
    options = SimulateOptions(NOVEMBER, DECEMBER)
    months = run_simulation(book.around, book.ledger, options).months
    assert sum(month.base for month in months) == sum(month.would for month in months)
    assert sum(month.base for month in months) == book.invoiced() - 7 * Decimal(NEW)


def test_new_units_after_a_credit_have_the_price_of_their_day(make_book: MakeBook) -> None:
    """What comes back on a later day is billed as new: it was credited until then."""
    book = credited(make_book, "append")
    book.live(steps({CREDITED: 7, D(2026, 12, 28): 12}, LAST), JANUARY)
    back = dict.fromkeys(days(D(2026, 12, 28), LAST), 5)
    credited_until = billed(steps({**CAME, CREDITED: 7}, LAST)) - 7 * Decimal(NEW)
    assert book.invoiced() == credited_until + right(back, NEW) + 12 * Decimal(NEW)
