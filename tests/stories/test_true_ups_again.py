"""A month that a true-up has written, looked at again before its invoice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconciler.model.ledgered import KnownFact
from reconciler.sandbox import Behaviour
from tests.stories.book import DAY, DECEMBER, JANUARY, NOVEMBER, SERVICE, Book, days, right, steps
from tests.stories.conftest import MakeBook

D = date
END = D(2026, 11, 30)
FEBRUARY = D(2027, 2, 1)
WEEK = days(DECEMBER, D(2026, 12, 7))
LATE = ("late: next-period", "late: prorated-transaction")


def month_end(make_book: MakeBook, policy: str, at_first: int = 7) -> Book:
    """Invoiced in arrears, a week after the month's end."""
    policy = f"adjust: month-end, increase: period-start, {policy}"
    book = make_book(policy=policy, at_first=at_first, at_start=False)
    book.billed.add(DECEMBER)
    return book


def prorated(make_book: MakeBook, update: str, policy: str, **more: Any) -> Book:
    """At the month's end, decreases for the next one, and what is late as of its own day."""
    return make_book(
        behaviour=Behaviour().changed({"line_update": update}),
        policy=f"adjust: month-end, decrease: next-period, {LATE[1]}, {policy}",
        **{"at_start": False, **more},
    )


def written(book: Book) -> list[KnownFact]:
    """What our writes brought."""
    return [fact for fact in book.ledger.remember().facts if fact.ref is not None]


@pytest.mark.parametrize("late", LATE)
@pytest.mark.parametrize("decrease", ["next-period", "change-date", "period-start", "never"])
def test_a_peak_that_is_corrected_before_the_invoice_is_billed_as_corrected(
    make_book: MakeBook, late: str, decrease: str
) -> None:
    book = month_end(make_book, f"over: peak, decrease: {decrease}, {late}")
    readings = steps({NOVEMBER: 7, D(2026, 11, 16): 15, D(2026, 11, 17): 12}, WEEK[-1])
    book.live(readings, DECEMBER, runs=[NOVEMBER, DECEMBER])
    assert book.plan().changes == ()
    book.read(SERVICE, {D(2026, 11, 16): 12})
    book.live(readings, WEEK[-1], runs=WEEK[1:])
    book.billed.discard(DECEMBER)
    book.bill(DECEMBER)
    assert book.invoiced() == right(steps({NOVEMBER: 12}, END))


@pytest.mark.parametrize("more", [*LATE, "late: prorated-transaction, carry: last"])
@pytest.mark.parametrize("decrease", ["change-date", "never"])
def test_a_setting_dated_within_the_month_is_written_once(
    make_book: MakeBook, more: str, decrease: str
) -> None:
    dated = "changes: [{from: 2026-11-18, included: 3}]"
    book = month_end(make_book, f"over: last, decrease: {decrease}, {more}, {dated}")
    readings = steps({NOVEMBER: 7, D(2026, 11, 16): 15}, WEEK[-1])
    book.live(readings, DECEMBER, runs=[NOVEMBER, DECEMBER])
    for day in WEEK:
        book.live(readings, day, runs=[])
        assert [c for c in book.plan().changes if c.standing != "scheduled"] == []
    book.billed.discard(DECEMBER)
    book.bill(DECEMBER)
    assert book.invoiced() == right(steps({NOVEMBER: 15, D(2026, 11, 18): 12}, END))


def test_what_waited_for_the_month_is_no_true_up_of_it(make_book: MakeBook) -> None:
    """November's last reading was corrected after its invoice, so its 15 begin December."""
    book = month_end(make_book, "over: last, decrease: next-period, late: next-period")
    book.billed.clear()
    readings = steps({NOVEMBER: 7, DECEMBER: 12}, D(2027, 1, 7))
    book.live(readings, DECEMBER, runs=[NOVEMBER, DECEMBER])
    readings[END] = 15
    book.billed.add(JANUARY)
    book.live(readings, D(2027, 1, 7), runs=[*WEEK[1:], *days(JANUARY, D(2027, 1, 7))])
    november = book.invoiced()
    book.bill(JANUARY)
    assert book.invoiced() - november == right(steps({DECEMBER: 15}, D(2026, 12, 31)))
    assert book.units(SERVICE) == 12


@pytest.mark.parametrize("more", ["over: peak", "over: last"])
@pytest.mark.parametrize("at_start", [True, False])
@pytest.mark.parametrize("update", ["append", "upsert"])
def test_a_decrease_after_a_true_up_stays_when_the_month_after_it_is_over(
    make_book: MakeBook, update: str, at_start: bool, more: str
) -> None:
    """November is trued up to 15; January's first day, 12, came after that."""
    policy = f"increase: period-start, {more}"
    book = prorated(make_book, update, policy, at_first=7, at_start=at_start)
    of_month = steps({NOVEMBER: 7, D(2026, 11, 16): 15, D(2026, 12, 1): 12, JANUARY: 9}, FEBRUARY)
    firsts = [NOVEMBER, DECEMBER, JANUARY, FEBRUARY]
    book.live(of_month, FEBRUARY + 2 * DAY, runs=[day + n * DAY for day in firsts for n in (0, 1)])
    assert book.plan().changes == ()
    book.bill(D(2027, 3, 1))
    months = [15, 15, 12, 9, *([9] if at_start else [])]
    assert book.invoiced() == sum(months) * Decimal(book.price)


@pytest.mark.parametrize("update", ["append", "upsert"])
def test_weeks_that_are_trued_up_are_written_once(make_book: MakeBook, update: str) -> None:
    policy = "over: last, increase: period-start"
    book = prorated(make_book, update, policy, at_first=7, cycle="Weekly")
    book.billed.add(DECEMBER)
    weeks = {NOVEMBER: 7, D(2026, 11, 3): 15, D(2026, 11, 10): 12, D(2026, 11, 17): 9}
    for day in days(NOVEMBER, DECEMBER):
        book.live(steps(weeks, DECEMBER), day)
        if day > NOVEMBER and (day - NOVEMBER).days % 7 == 0:
            book.sandbox.add_invoice(book.contract, day - 7 * DAY, day - DAY)
    assert [(fact.day, fact.units) for fact in written(book)] == (
        [(NOVEMBER, 8), (D(2026, 11, 15), -3), (D(2026, 11, 22), -3)]
        if update == "append"
        else [(NOVEMBER, 15), (D(2026, 11, 15), 12), (D(2026, 11, 22), 9)]
    )


@pytest.mark.parametrize("update", ["append", "upsert"])
def test_what_was_held_for_all_of_its_month_is_no_true_up_of_it(
    make_book: MakeBook, update: str
) -> None:
    """15 are for December's start and over a guard until December is over."""
    guards = "{percent: 1, percent_floor_units: 1, line: 100, account: 10000, run: 10000}"
    book = prorated(make_book, update, "over: last, increase: next-period", guards=guards)
    book.billed.add(JANUARY)
    readings = steps({NOVEMBER: 10, D(2026, 11, 16): 15}, D(2027, 1, 31))
    held = [NOVEMBER, DECEMBER, D(2026, 12, 2), D(2026, 12, 20)]
    book.live(readings, D(2026, 12, 31), runs=held)
    book.guards = "{percent: 10000, line: 10000, account: 10000, run: 10000}"
    book.configure()
    book.live(readings, D(2027, 1, 5), runs=days(JANUARY, D(2027, 1, 5)))
    assert book.plan().changes == ()
    book.bill(JANUARY)
    assert book.invoiced() == right(steps({NOVEMBER: 10, DECEMBER: 15}, D(2026, 12, 31)))


@pytest.mark.parametrize("update", ["append", "upsert"])
@pytest.mark.parametrize(("increase", "then"), [("next-period", 15), ("period-start", 7)])
def test_what_was_missed_for_all_of_its_month_is_no_true_up_of_it(
    make_book: MakeBook, increase: str, then: int, update: str
) -> None:
    """Nothing ran in December, so what November left for it is written on 1 January."""
    book = prorated(make_book, update, f"over: last, increase: {increase}")
    book.billed.add(JANUARY)
    readings = {NOVEMBER: 10, D(2026, 11, 16): then, D(2026, 12, 10): then - 1}
    runs = [NOVEMBER, D(2026, 11, 20), *days(JANUARY, D(2027, 1, 5))]
    book.live(steps(readings, D(2027, 1, 5)), D(2027, 1, 5), runs=runs)
    assert book.plan().changes == ()
    book.bill(JANUARY)
    assert book.invoiced() == right(steps({NOVEMBER: 10, DECEMBER: then}, D(2026, 12, 31)))
