"""What whole months bill under each policy, by the invoices that BMS itself makes."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.proration import DayCount
from reconciler.model.timeline import Timeline
from reconciler.runs.applying import ApplyOptions, apply
from reconciler.runs.verifying import VerifyOptions, verify_month
from reconciler.sandbox import Behaviour
from tests.stories.book import DECEMBER, JANUARY, LAST, NOVEMBER, Book, days, right, steps
from tests.stories.conftest import MakeBook

D = date
END = D(2026, 12, 31)
MOVES = {NOVEMBER: 10, D(2026, 11, 10): 12, D(2026, 11, 20): 9, D(2026, 12, 5): 11}
LATE = "late: prorated-transaction"
PEAK = "adjust: month-end, over: peak, increase: period-start, decrease: next-period"

FEWER = [d for d in days(NOVEMBER, D(2026, 12, 8)) if d.day % 2 or d.day > 15]


def runs_for(moves: dict[date, int]) -> list[date]:
    """The nights after each move, and those around each invoice: other nights change nothing."""
    edges = [NOVEMBER, D(2026, 11, 2), DECEMBER, D(2026, 12, 2), JANUARY]
    return [*edges, *(day for move in moves for day in days(move, LAST)[1:3])]


def lived(make_book: MakeBook, moves: dict[date, int], policy: str = "", **more: Any) -> Book:
    """From November to the invoice run of the first of January."""
    runs = more.pop("runs", runs_for(moves))
    book = make_book(policy=policy, **more)
    book.live(steps(moves, END), JANUARY, runs=runs)
    return book


@pytest.mark.parametrize("at_start", [True, False])
@pytest.mark.parametrize("upsert", [False, True])
def test_daily_bills_each_day_its_units(make_book: MakeBook, at_start: bool, upsert: bool) -> None:
    behaviour = Behaviour().changed({"line_update": "upsert"}) if upsert else Behaviour()
    book = lived(make_book, MOVES, at_start=at_start, behaviour=behaviour)
    until = LAST if at_start else END
    assert book.invoiced() == right(steps(MOVES, until))


@pytest.mark.parametrize(
    ("name", "runs"),
    [
        ("every night", [*days(NOVEMBER, D(2026, 11, 25)), DECEMBER, D(2026, 12, 7), JANUARY]),
        ("a week without runs", [*(d for d in FEWER if not 8 <= d.day <= 15), JANUARY]),
        ("now and then", [D(2026, 11, 12), D(2026, 11, 23), D(2026, 12, 9), JANUARY]),
        ("all at the end", [JANUARY]),
    ],
)
def test_missed_nights_change_no_invoice_in_the_end(
    make_book: MakeBook, name: str, runs: list[date]
) -> None:
    book = lived(make_book, MOVES, runs=runs)
    assert book.invoiced() == right(steps(MOVES, LAST)), name


def test_10_then_8_then_9_bills_no_8_and_no_10_twice(make_book: MakeBook) -> None:
    moves = {NOVEMBER: 10, D(2026, 11, 10): 8, D(2026, 11, 20): 9}
    book = lived(make_book, moves, "increase: next-period, decrease: next-period")
    assert book.invoiced() == right(steps({NOVEMBER: 10, DECEMBER: 9}, LAST))


@pytest.mark.parametrize("between", [False, True])
def test_10_12_and_11_on_one_day_bill_11(make_book: MakeBook, between: bool) -> None:
    tenth = D(2026, 11, 10)
    book = make_book()
    book.live(steps({NOVEMBER: 10, tenth: 12}, tenth), tenth)
    for units in (10, 12, 11):
        book.read("endpoint", {tenth: units})
        if between:
            book.sandbox.set_clock(book._at(D(2026, 11, 11), book.sandbox.now().time()))
            book.run()
    book.live(steps({D(2026, 11, 11): 11}, END), JANUARY, runs=[D(2026, 11, 12), DECEMBER, JANUARY])
    assert book.invoiced() == right(steps({NOVEMBER: 10, tenth: 11}, LAST))


@pytest.mark.parametrize("corrects", [False, True])
def test_a_peak_of_one_day_is_taken_back_without_fewer_than_no_units(
    make_book: MakeBook, corrects: bool
) -> None:
    tenth = D(2026, 11, 10)
    book = make_book(at_start=False)
    book.live(steps({NOVEMBER: 10, tenth: 50}, tenth), D(2026, 11, 11), runs=[])
    up = book.apply("schedule").applied
    book.live({D(2026, 11, 11): 10}, D(2026, 11, 12), runs=[])
    down = book.apply("schedule").applied
    book.read("endpoint", {tenth: 10})
    refs = tuple(one.ref or "" for one in (*up, *down))
    options = ApplyOptions("a test", "terminal", correct=refs if corrects else ())
    done = apply(book.around, book.ledger, options)
    assert done is not None
    assert [one.result for one in done.applied] == ["done", "done"]
    have = Timeline(((book.start, book.at_first),))
    for entry in book.sandbox.tables().posts():
        have = have.adding(entry.date, entry.units)
        assert min(units or 0 for _, units in have.steps) >= 0
    book.live(steps({NOVEMBER: 10}, END), DECEMBER, runs=[])
    assert book.invoiced() == right(steps({NOVEMBER: 10}, D(2026, 11, 30)))


def test_a_decrease_that_never_counts_gives_no_credit(make_book: MakeBook) -> None:
    moves = {NOVEMBER: 10, D(2026, 11, 5): 8, D(2026, 11, 15): 12, D(2026, 11, 25): 9}
    book = lived(make_book, moves, "decrease: never")
    assert book.invoiced() == right(steps({NOVEMBER: 10, D(2026, 11, 15): 12}, LAST))


def test_an_increase_from_the_start_of_the_period_bills_the_whole_of_it(
    make_book: MakeBook,
) -> None:
    moves = {NOVEMBER: 10, D(2026, 11, 15): 12}
    book = lived(make_book, moves, f"increase: period-start, decrease: next-period, {LATE}")
    assert book.invoiced() == right(steps({NOVEMBER: 12}, LAST))


@pytest.mark.parametrize("at_start", [True, False])
def test_month_end_bills_the_peak_and_lowers_the_next_month(
    make_book: MakeBook, at_start: bool
) -> None:
    moves = {NOVEMBER: 10, D(2026, 11, 10): 14, D(2026, 11, 12): 9, D(2026, 12, 20): 7}
    book = lived(make_book, moves, f"{PEAK}, {LATE}", at_start=at_start)
    # December's own peak is 9; January starts with it.
    wanted = {NOVEMBER: 14, JANUARY: 9}
    assert book.invoiced() == right(steps(wanted, LAST if at_start else END))


@pytest.mark.parametrize("at_start", [True, False])
@pytest.mark.parametrize("more", [LATE, f"{LATE}, credits: hold"])
def test_a_month_that_starts_at_the_newest_reading_is_invoiced_so(
    make_book: MakeBook, more: str, at_start: bool
) -> None:
    moves = {NOVEMBER: 10, D(2026, 11, 10): 14, D(2026, 11, 20): 9}
    book = lived(make_book, moves, f"{PEAK}, {more}, carry: last", at_start=at_start)
    assert book.invoiced() == right(steps({NOVEMBER: 14, DECEMBER: 9}, LAST if at_start else END))


def test_a_month_starts_at_the_newest_reading_where_what_is_late_waits(make_book: MakeBook) -> None:
    moves = {NOVEMBER: 10, D(2026, 11, 10): 14, D(2026, 11, 20): 9}
    book = make_book(policy=f"{PEAK}, late: next-period, carry: last")
    book.live(steps(moves, END), D(2026, 11, 30), runs=[NOVEMBER])
    book.sandbox.set_clock(book._at(DECEMBER, time(2)))
    book.read("endpoint", {D(2026, 11, 30): 9})
    plan = book.plan()
    assert [(c.day, c.units_before, c.units_after) for c in plan.changes] == [(DECEMBER, 10, 9)]
    steps_shown = [(step.what[-10:], step.value) for step in plan.changes[0].steps]
    assert steps_shown == [("2026-11-30", "9"), ("units", "9")]
    book.live(steps(moves, END), JANUARY, runs=days(DECEMBER, JANUARY))
    assert book.invoiced() == right(steps({NOVEMBER: 10, DECEMBER: 9}, LAST))


def test_what_comes_too_late_waits_for_the_next_period_where_the_policy_says_so(
    make_book: MakeBook,
) -> None:
    moves = {NOVEMBER: 10, D(2026, 11, 10): 12, D(2026, 12, 10): 11}
    book = lived(make_book, moves, "late: next-period")
    assert book.invoiced() == right(steps({NOVEMBER: 10, DECEMBER: 12, JANUARY: 11}, LAST))


@pytest.mark.parametrize("runs", [None, [NOVEMBER, D(2026, 11, 28), DECEMBER, END, JANUARY]])
@pytest.mark.parametrize("update", ["append", "upsert"])
def test_held_credits_lower_the_next_month_and_give_nothing_back(
    make_book: MakeBook, update: str, runs: list[date] | None
) -> None:
    """A run that comes late finds what nightly ones would have held."""
    book = lived(
        make_book,
        MOVES,
        "credits: hold",
        runs=runs or runs_for(MOVES),
        behaviour=Behaviour().changed({"line_update": update}),
    )
    # Held at 12 to the end of November; December begins with 9.
    wanted = {NOVEMBER: 10, D(2026, 11, 10): 12, DECEMBER: 9, D(2026, 12, 5): 11}
    assert book.invoiced() == right(steps(wanted, LAST))


@pytest.mark.parametrize("update", ["append", "upsert"])
@pytest.mark.parametrize("lowered", [D(2026, 12, 10), D(2026, 12, 15)])
def test_what_was_lowered_before_credits_are_held_stays_lowered(
    make_book: MakeBook, lowered: date, update: str
) -> None:
    """One late run finds it, too, on the days whose credits are held."""
    book = lived(
        make_book,
        {NOVEMBER: 10, lowered: 8},
        "late: prorated-transaction, changes: [{from: 2026-12-16, credits: hold}]",
        runs=[NOVEMBER, DECEMBER, D(2026, 12, 20), JANUARY],
        behaviour=Behaviour().changed({"line_update": update}),
    )
    assert book.invoiced() == right(steps({NOVEMBER: 10, lowered: 8}, LAST))


def test_a_switch_to_month_end_waits_for_the_next_period(make_book: MakeBook) -> None:
    moves = {NOVEMBER: 10, D(2026, 11, 10): 12, D(2026, 11, 20): 9, D(2026, 12, 10): 15}
    moves[D(2026, 12, 12)] = 11
    readings = steps(moves, END)
    book = make_book()
    book.live(readings, D(2026, 11, 14), runs=runs_for(moves))
    book.configure(endpoint=f"{PEAK}, {LATE}")
    book.live(readings, JANUARY, runs=[*runs_for(moves), D(2026, 11, 15)])
    # November goes on day by day; December bills its peak.
    wanted = {NOVEMBER: 10, D(2026, 11, 10): 12, D(2026, 11, 20): 9, DECEMBER: 15}
    assert book.invoiced() == right(steps(wanted, LAST))


def test_a_true_up_is_what_its_forecast_said(make_book: MakeBook) -> None:
    moves = {NOVEMBER: 10, D(2026, 11, 10): 14}
    book = make_book(policy=f"{PEAK}, {LATE}")
    book.live(steps(moves, END), D(2026, 11, 20), runs=[NOVEMBER])
    forecast = book.plan(true_up=NOVEMBER)
    assert [(c.units_after, c.standing) for c in forecast.changes] == [(14, "scheduled")]
    assert forecast.true_up is not None
    assert str(forecast.true_up.merge_by) == "2026-12-01 06:00:00"
    book.live(steps(moves, END), D(2026, 11, 30), runs=[])
    book.sandbox.set_clock(book._at(DECEMBER, book.sandbox.now().time()))
    book.read("endpoint", {D(2026, 11, 30): 14})
    closed = book.plan(true_up=NOVEMBER)
    assert [c.id for c in closed.changes] == [c.id for c in forecast.changes]
    assert [c.standing for c in closed.changes] == ["ready"]
    done = book.apply(reviewed=closed)
    assert [one.result for one in done.applied] == ["done"]
    book.bill(DECEMBER)
    assert book.invoiced() == right(steps({NOVEMBER: 14}, END))


@pytest.mark.parametrize(
    ("cycle", "price", "first", "a_day"),
    [("Quarterly", "920.00", D(2026, 10, 1), 10), ("Yearly", "3650.00", D(2026, 1, 1), 10)],
)
def test_longer_periods_bill_a_change_from_its_day(
    make_book: MakeBook, cycle: str, price: str, first: date, a_day: int
) -> None:
    tenth = D(2026, 11, 10)
    book = make_book(cycle=cycle, price=price)
    book.billed.update((NOVEMBER, DECEMBER, JANUARY))
    book.sandbox.add_invoice(book.contract, first, END, dated=first)
    book.live(steps({NOVEMBER: 10, tenth: 12}, END), D(2026, 11, 12))
    (following,) = {JANUARY}
    length = 90 if cycle == "Quarterly" else 365
    until = D(2027, 3, 31) if cycle == "Quarterly" else D(2027, 12, 31)
    book.sandbox.add_invoice(book.contract, following, until, dated=following)
    whole = 10 * Decimal(price) + 2 * a_day * len(days(tenth, END))
    assert length == len(days(following, until))
    assert book.invoiced() == whole + 12 * Decimal(price)


@pytest.mark.parametrize("at_start", [True, False])
@pytest.mark.parametrize(("day_count", "of_the_rest"), [("fixed-30", 46), ("30-360", 45)])
@pytest.mark.parametrize(
    ("cycle", "price", "first"),
    [("Quarterly", "900.00", D(2026, 10, 1)), ("Yearly", "3600.00", D(2026, 1, 1))],
)
def test_longer_periods_of_30_day_months_bill_what_the_plan_says(
    make_book: MakeBook, cycle: str, price: str, first: date,
    day_count: DayCount, of_the_rest: int, at_start: bool,
) -> None:  # fmt: skip
    """A quarter has 90 days and a year 360, so that a day of one unit costs 10."""
    middle, noticed = D(2026, 11, 16), D(2026, 11, 17)
    book = make_book(cycle=cycle, price=price, behaviour=Behaviour(day_count=day_count))
    book.billed.update((NOVEMBER, DECEMBER, JANUARY))
    if at_start:
        book.sandbox.add_invoice(book.contract, first, END, dated=first)
    readings = steps({NOVEMBER: 10, middle: 12}, END)
    book.live(readings, noticed, runs=[NOVEMBER])
    (change,) = book.plan().changes
    assert change.money.prorated == 2 * 10 * of_the_rest
    book.live(readings, JANUARY, runs=[noticed])
    until = D(2027, 3, 31) if cycle == "Quarterly" else D(2027, 12, 31)
    period = (JANUARY, until) if at_start else (first, END)
    book.sandbox.add_invoice(book.contract, *period, dated=JANUARY)
    following = 12 * Decimal(price) if at_start else 0
    assert book.invoiced() == 10 * Decimal(price) + change.money.prorated + following
    found = verify_month(book.around, book.ledger, VerifyOptions(period[0]))
    assert (found.findings, found.count("matched")) == ((), 1)
