"""The last period of a contract that ends or is renewed: billed in full, or a person is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from reconciler.model.plan import Plan
from reconciler.sandbox import Behaviour
from tests.stories.book import (
    DECEMBER,
    JANUARY,
    NIGHT,
    NOVEMBER,
    SERVICE,
    Book,
    days,
    right,
    steps,
)
from tests.stories.conftest import MakeBook

D = date
END, LAST = D(2026, 11, 30), D(2026, 12, 31)
LATE = "late: prorated-transaction"
PEAK = f"adjust: month-end, over: peak, increase: period-start, decrease: next-period, {LATE}"
STAYS_ACTIVE = Behaviour(ended_contract="active")


def renewed(book: Book) -> int:
    """The contract's successor of the same name, from the day after its end."""
    return book.sandbox.add_contract(book.account, "Managed Services", DECEMBER, D(2027, 11, 30))


def takes_over(book: Book, successor: int) -> None:
    """From now on the renewal is what is invoiced."""
    book.contract = book.contracts["Managed Services"] = successor
    book.end = D(2027, 11, 30)


def old_changes(plan: Plan, contract: int) -> list[tuple[date, int, int, str]]:
    return [
        (c.day, c.units_before, c.units_after, c.standing)
        for c in plan.changes
        if c.line.contract_id == contract
    ]


@pytest.mark.parametrize(
    ("policy", "moves"),
    [(PEAK, {D(2026, 11, 10): 14}), ("", {D(2026, 11, 29): 40, END: 41})],
)
def test_a_renewed_contract_that_takes_posts_is_billed_for_its_last_period(
    make_book: MakeBook, policy: str, moves: dict[date, int]
) -> None:
    book = make_book(end=END, at_start=False, policy=policy, behaviour=STAYS_ACTIVE)
    readings = steps({NOVEMBER: 10, **moves}, LAST)
    successor = renewed(book)
    # The night of the last usage day is over when the renewal is in force already.
    book.live(readings, DECEMBER, runs=[D(2026, 11, 12), DECEMBER])
    november = {day: 14 if policy else n for day, n in readings.items() if day <= END}
    assert book.invoiced() == right(november)
    takes_over(book, successor)
    december = {day: n for day, n in readings.items() if day > END}
    book.live(readings, JANUARY, runs=days(D(2026, 12, 2), JANUARY))
    assert book.invoiced() == right({**november, **december})
    assert book.plan().verdict == "in-step"


@pytest.mark.parametrize("at_start", [True, False])
def test_what_an_expired_contract_lacks_is_work_for_a_person_with_its_money(
    make_book: MakeBook, *, at_start: bool
) -> None:
    book = make_book(end=END, at_start=at_start, policy=PEAK)
    old = book.contract
    readings = steps({NOVEMBER: 10, D(2026, 11, 10): 14}, LAST)
    renewed(book)
    for day in days(NOVEMBER, END):
        book.live(readings, day)
    book.live(readings, DECEMBER, runs=[])
    for plan in (book.plan(), book.plan(true_up=NOVEMBER)):
        assert plan.verdict == "person-needed"
        assert old_changes(plan, old) == [(NOVEMBER, 10, 14, "by-hand")]
        (told,) = (found for found in plan.findings if found.code == "BMS014")
        money = right(dict.fromkeys(days(NOVEMBER, END), 4))
        assert f"1 change of {money:+,f} USD in all" in told.message
        (change,) = plan.changes
        assert change.because == ("BMS014",)
        assert (change.money.monthly, change.money.prorated) == (Decimal(0), money)


def test_a_person_settles_the_last_period_and_it_counts_as_done(make_book: MakeBook) -> None:
    book = make_book(end=END, at_start=False, policy=PEAK)
    old = book.contract
    readings = steps({NOVEMBER: 10, D(2026, 11, 10): 14}, LAST)
    renewed(book)
    book.live(readings, END)
    book.sandbox.set_clock(book._at(DECEMBER, NIGHT))
    book.read(SERVICE, {END: 14})
    assert old_changes(book.plan(), old) == [(NOVEMBER, 10, 14, "by-hand")]
    book.sandbox.ui.add_line(old, book.services[SERVICE], 4, NOVEMBER, price=book.price)
    done = book.plan()
    assert (done.changes, done.verdict) == ((), "in-step")
    assert "KNW004" in {found.code for found in done.findings}
    book.bill(DECEMBER)
    assert book.invoiced() == right(dict.fromkeys(days(NOVEMBER, END), 14))


def test_without_a_renewal_the_last_period_is_told_beside_the_missing_contract(
    make_book: MakeBook,
) -> None:
    book = make_book(end=END, at_start=False, policy=PEAK)
    old = book.contract
    book.live(steps({NOVEMBER: 10, D(2026, 11, 10): 14}, LAST), DECEMBER, runs=days(NOVEMBER, END))
    for plan in (book.plan(), book.plan(true_up=NOVEMBER)):
        assert old_changes(plan, old) == [(NOVEMBER, 10, 14, "by-hand")]
        assert {"BMS007", "BMS014"} <= {found.code for found in plan.findings}
        assert plan.verdict == "person-needed"


def test_the_last_period_is_looked_at_as_long_as_any_period_before_the_current_one(
    make_book: MakeBook,
) -> None:
    book = make_book(end=END, at_start=False, policy=PEAK)
    old = book.contract
    renewed(book)
    book.live(steps({NOVEMBER: 10, D(2026, 11, 10): 14}, D(2027, 1, 2)), D(2027, 1, 2), runs=[])
    # On 1 January the last closed usage day is one of December still.
    assert old_changes(book.plan(as_of=JANUARY), old) == [(NOVEMBER, 10, 14, "by-hand")]
    assert old_changes(book.plan(), old) == []
