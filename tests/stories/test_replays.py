"""A replay of the readings that were billed, under the same configuration, bills the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from reconciler.engine.simulated import Simulation
from reconciler.runs.simulating import SimulateOptions, run_simulation
from tests.stories.book import DECEMBER, JANUARY, NOVEMBER, Book, days, steps
from tests.stories.conftest import MakeBook

D = date
END = D(2026, 12, 31)
MOVES = {NOVEMBER: 10, D(2026, 11, 10): 12, D(2026, 11, 20): 9, D(2026, 12, 5): 11}
NIGHTS = [night for day in (*MOVES, DECEMBER, JANUARY) for night in days(day, JANUARY)[:2]]
PEAK = "adjust: month-end, over: peak, increase: period-start, decrease: next-period"


def lived(make_book: MakeBook, policy: str, *, at_start: bool = True) -> Book:
    book = make_book(policy=policy, at_start=at_start)
    book.live(steps(MOVES, END), JANUARY, runs=NIGHTS)
    return book


def replayed(book: Book) -> Simulation:
    return run_simulation(book.around, book.ledger, SimulateOptions(NOVEMBER, DECEMBER))


@pytest.mark.parametrize("at_start", [True, False])
@pytest.mark.parametrize(
    "policy",
    [
        "credits: hold",
        "late: next-period",
        "late: next-period, decrease: never",
        f"{PEAK}, late: next-period",
        f"{PEAK}, late: prorated-transaction, carry: last, credits: hold",
    ],
)
def test_what_is_invoiced_is_left_alone_by_a_replay_too(
    make_book: MakeBook, policy: str, at_start: bool
) -> None:
    found = replayed(lived(make_book, policy, at_start=at_start))
    assert found.not_replayed == ()
    assert [(month.base_units, month.base) for month in found.months] == [
        (month.would_units, month.would) for month in found.months
    ]


def test_a_policy_that_holds_credits_is_tried_before_it_bills(make_book: MakeBook) -> None:
    now, hold = (lived(make_book, f"credits: {when}") for when in ("now", "hold"))
    now.configure(endpoint="credits: hold")
    assert replayed(now).difference == hold.invoiced() - now.invoiced() == Decimal(1023)


@pytest.mark.parametrize("at_start", [True, False])
@pytest.mark.parametrize("named", ["price: 930.00, ", ""])
@pytest.mark.parametrize("since", ["2026-12-01", "2026-11-15"])
def test_a_price_from_a_day_on_is_replayed_as_it_was_billed(
    make_book: MakeBook, at_start: bool, named: str, since: str
) -> None:
    """What leaves on 5 December is credited at what it was billed at, on both sides."""
    moves = {**MOVES, D(2026, 11, 25): 13, D(2026, 12, 5): 8}
    nights = [*NIGHTS, D(2026, 11, 15), D(2026, 11, 26), D(2026, 12, 6)]
    policy = f"late: prorated-transaction, {named}changes: [{{from: {since}, price: 1860.00}}]"
    book = make_book(policy=policy, at_start=at_start)
    book.live(steps(moves, END), JANUARY, runs=nights)
    found = replayed(book)
    assert [month.base for month in found.months] == [month.would for month in found.months]
    # In advance January's first invoice is of a month that is not replayed yet.
    begun = 8 * Decimal(1860) if at_start else Decimal(0)
    assert found.base == book.invoiced() - begun
