"""What a run found a period to begin with counts until more is known of it, whatever happens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from reconciler.desired.approving import approve
from reconciler.model.plan import Plan
from reconciler.runs.accepting import accept
from reconciler.runs.applying import ApplyOptions, apply
from reconciler.runs.simulating import SimulateOptions, run_simulation
from reconciler.sandbox import Behaviour
from tests.stories.book import (
    DAY,
    DECEMBER,
    JANUARY,
    NOVEMBER,
    SERVICE,
    Book,
    days,
    steps,
)
from tests.stories.conftest import MakeBook
from tests.stories.test_entered import LATE, months

D = date
LONG = D(2027, 4, 1)
FEBRUARY = D(2027, 2, 1)
FALLS = "increase: change-date, decrease: next-period, late: prorated-transaction"


def guards(percent: int) -> str:
    money = "line: 1000000, account: 1000000, run: 1000000"
    return f"{{percent: {percent}, percent_floor_units: 1, {money}}}"


def put_right(book: Book, readings: Mapping[date, int], day: date) -> None:
    """At night, before the run of that day."""
    book.read(SERVICE, {one: units for one, units in readings.items() if one < day})


def held(plan: Plan) -> list[tuple[date, int, int]]:
    changes = [change for change in plan.changes if change.standing == "held"]
    return [(change.day, change.units_before, change.units_after) for change in changes]


def test_what_a_run_finds_stands_beside_what_it_writes(make_book: MakeBook) -> None:
    """The rise of December is written; what January begins with is held, and waits on."""
    book = make_book(policy=FALLS, guards=guards(18))
    before = steps({NOVEMBER: 10, D(2026, 12, 25): 11}, LONG)
    book.live(before, D(2027, 1, 31))
    december = {D(2026, 12, 20): 12, D(2026, 12, 25): 13, D(2026, 12, 31): 10}
    fine = {**before, **steps(december, LONG)}
    put_right(book, fine, FEBRUARY)
    book.live(fine, FEBRUARY, runs=[])
    found = book.plan()
    rises = [change for change in found.changes if change.day < JANUARY]
    approve(book.config, rises, found.as_of, "looked at")
    book.live(fine, D(2027, 2, 3))
    assert held(book.plan()) == [(JANUARY, 13, 10)]


def test_a_correction_of_the_month_before_leaves_what_waits(make_book: MakeBook) -> None:
    book = make_book(policy=FALLS, guards=guards(40), at_first=20)
    readings = steps({NOVEMBER: 20, D(2026, 12, 10): 22, D(2026, 12, 31): 10}, LONG)
    book.live(readings, D(2027, 2, 4))
    assert held(book.plan()) == [(JANUARY, 22, 10)]
    (write,) = (fact for fact in book.ledger.remember().facts if fact.ref)
    apply(book.around, book.ledger, ApplyOptions("a test", "terminal", correct=(str(write.ref),)))
    assert held(book.plan()) == [(JANUARY, 20, 10)]
    book.live(readings, D(2027, 2, 5))
    assert held(book.plan()) == [(JANUARY, 20, 10)]


def test_who_says_what_a_line_has_anyway_takes_nothing_from_what_waits(
    make_book: MakeBook,
) -> None:
    book = make_book(policy=LATE, guards=guards(40))
    book.service("beta", "310.00")
    other = book.row("beta", 5)
    book.configure()
    book.baseline()
    readings = steps({NOVEMBER: 10, D(2026, 12, 31): 20}, LONG)
    book.read("beta", dict.fromkeys(days(NOVEMBER, D(2027, 2, 28)), 5))
    book.live(readings, D(2027, 2, 3))
    book.sandbox.ui.edit_units(other, 6)
    book.sandbox.set_clock(book.sandbox.now() + DAY / 2)
    assert "KNW002" in {found.code for found in book.plan().findings}
    accept(book.around, book.ledger, "Managed Services", {"beta": 6, SERVICE: 10}, "BMS has that")
    book.live(readings, D(2027, 2, 4))
    assert (JANUARY, 10, 20) in held(book.plan())


def test_what_was_written_late_was_billed_at_the_price_of_the_invoice(make_book: MakeBook) -> None:
    """In arrears a row has the new price by then, whatever it was written at."""
    policy = "price: 930.00, changes: [{from: 2026-12-01, price: 1860.00}]"
    book = make_book(policy=policy, at_start=False)
    book.live(steps({NOVEMBER: 10}, LONG), D(2026, 12, 31))
    fine = steps({NOVEMBER: 10, D(2026, 11, 25): 4}, LONG)
    put_right(book, fine, JANUARY)
    book.live(fine, FEBRUARY)
    told = run_simulation(book.around, book.ledger, SimulateOptions(NOVEMBER, DECEMBER)).months
    assert [str(month.base) for month in told] == ["8184.00", "7440.00"]
    assert sum(map(Decimal, months(book)[:2])) == 8184 + 7440


def test_a_row_of_the_month_after_has_no_say_in_what_a_month_would_have_come_to(
    make_book: MakeBook,
) -> None:
    book = make_book(policy="changes: [{from: 2027-01-01, price: 1860.00}]", at_start=False)
    readings = steps({NOVEMBER: 10, D(2026, 12, 2): 12}, LONG)
    book.live(readings, D(2027, 1, 4))
    fine = {**readings, **steps({JANUARY: 14}, LONG)}
    put_right(book, dict.fromkeys(days(JANUARY, D(2027, 1, 3)), 14), D(2027, 1, 4))
    book.live(fine, D(2027, 1, 6))
    (_, december) = run_simulation(
        book.around, book.ledger, SimulateOptions(NOVEMBER, DECEMBER)
    ).months
    assert [str(one) for one in (december.base, december.would)] == ["11100.00"] * 2


@pytest.mark.parametrize("update", ["append", "upsert"])
def test_a_new_price_waits_for_no_invoice_of_a_month_without_units(
    make_book: MakeBook, update: str
) -> None:
    policy = "price: 1860.00, changes: [{from: 2027-01-01, price: 930.00}]"
    behaviour = Behaviour().changed({"line_update": update})
    book = make_book(policy=policy, price="1860.00", at_start=False, behaviour=behaviour)
    readings = steps({NOVEMBER: 10, DECEMBER: 0, JANUARY: 8}, LONG)
    book.live(readings, FEBRUARY)
    assert [Decimal(one) for one in months(book)] == [18600, 0, 7440]
