"""A correction takes back the edit that brought its write, and no other one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import pytest

from reconciler.engine.known import replay
from reconciler.runs.applying import ApplyOptions, apply
from tests.stories.book import DAY, DECEMBER, NOVEMBER, PRICE, SERVICE, Book, days, steps
from tests.stories.conftest import MakeBook

D = date
LATE: Final = "late: prorated-transaction"
AT_ONCE: Final = f"increase: change-date, decrease: change-date, {LATE}"
WAITS: Final = f"increase: next-period, decrease: next-period, {LATE}"


def edit(book: Book, settings: str) -> None:
    """Merged in the morning, before the night's run of that day."""
    book.configure(**{SERVICE: settings})


def correct(book: Book, *wanted: date) -> None:
    """The newest write of each of these days."""
    newest = {one.day: one for one, _ in reversed(book.ledger.writes()) if one.kind == "units"}
    refs = tuple(newest[day].ref for day in wanted)
    book.sandbox.advance(timedelta(hours=8))
    done = apply(book.around, book.ledger, ApplyOptions("maria", "terminal", correct=refs))
    assert done is not None
    assert {one.result for one in done.applied} == {"done"}


def levels(book: Book) -> list[tuple[date, int | None]]:
    """What BMS has, by the day from which on it does."""
    return list(replay(book.ledger.remember().facts).steps)[1:]


@pytest.mark.parametrize("dated", ["maximum: 100", "price: 1860.00"])
def test_an_edit_stands_where_a_dated_setting_begins_on_the_writes_day(
    make_book: MakeBook, dated: str
) -> None:
    """A wrong reading raised the line on that day, for one day."""
    own = f"{AT_ONCE}, changes: [{{from: 2026-12-01, {dated}}}]"
    book = make_book(policy=AT_ONCE, at_first=20)
    readings = steps({NOVEMBER: 20, DECEMBER: 30, D(2026, 12, 2): 20}, D(2026, 12, 8))
    edit(book, own)
    nights = [*days(NOVEMBER, D(2026, 11, 3)), *days(D(2026, 11, 20), D(2026, 12, 8))]
    book.live(readings, D(2026, 11, 19), runs=nights)
    edit(book, f"{own}, included: 4")
    book.live(readings, D(2026, 12, 3), runs=nights)
    book.read(SERVICE, {DECEMBER: 20})
    correct(book, DECEMBER, D(2026, 12, 2))
    book.live({**readings, DECEMBER: 20}, D(2026, 12, 6), runs=nights)
    assert levels(book) == [(D(2026, 11, 20), 16)]


def test_what_was_written_at_once_did_not_wait_with_what_did(make_book: MakeBook) -> None:
    policy = f"increase: change-date, decrease: next-period, {LATE}"
    book = make_book(policy=policy)
    readings = steps({NOVEMBER: 10}, D(2026, 12, 8))
    book.live(readings, D(2026, 11, 4))
    edit(book, f"{policy}, minimum: 14")
    book.live(readings, D(2026, 11, 19), runs=[D(2026, 11, 5)])
    edit(book, f"{policy}, minimum: 11")
    book.live(readings, D(2026, 12, 2), runs=[D(2026, 11, 20), DECEMBER])
    edit(book, f"{policy}, minimum: 14")
    correct(book, DECEMBER)
    book.live(readings, D(2026, 12, 5))
    assert levels(book) == [(D(2026, 11, 5), 14)]


@pytest.mark.parametrize("first", [D(2027, 1, 20), D(2027, 1, 28)])
def test_an_edit_that_waited_for_another_period_stands(make_book: MakeBook, first: date) -> None:
    """However near to the end of its own it was merged."""
    book = make_book(policy=WAITS)
    readings = steps({NOVEMBER: 10}, D(2027, 3, 8))
    firsts = [NOVEMBER, DECEMBER, D(2027, 1, 1), D(2027, 2, 1), D(2027, 3, 1)]
    book.live(readings, first - DAY, runs=firsts)
    edit(book, f"{WAITS}, minimum: 14")
    book.live(readings, D(2027, 2, 9), runs=[first, *firsts])
    edit(book, f"{WAITS}, minimum: 14, multiply: 2")
    book.live(readings, D(2027, 3, 2), runs=[D(2027, 2, 10), *firsts])
    edit(book, f"{WAITS}, minimum: 14")
    correct(book, D(2027, 3, 1))
    book.live(readings, D(2027, 3, 5))
    assert levels(book) == [(D(2027, 2, 1), 14)]


@pytest.mark.parametrize("undone", [True, False])
def test_where_usage_moved_the_line_too_only_an_edit_that_is_undone_goes(
    make_book: MakeBook, *, undone: bool
) -> None:
    """Else it may be the reading that was wrong."""
    book = make_book(policy=WAITS)
    readings = steps({NOVEMBER: 10, D(2026, 11, 15): 12}, D(2026, 12, 8))
    book.live(readings, D(2026, 11, 9))
    edit(book, f"{WAITS}, multiply: 2")
    book.live(readings, D(2026, 12, 2), runs=[D(2026, 11, 10), DECEMBER])
    assert levels(book) == [(DECEMBER, 24)]
    if undone:
        edit(book, WAITS)
    correct(book, DECEMBER)
    book.live(readings, D(2026, 12, 5))
    assert levels(book) == [(DECEMBER, 12 if undone else 24)]


def test_of_edits_that_waited_together_the_one_that_is_undone_goes(make_book: MakeBook) -> None:
    book = make_book(policy=WAITS)
    readings = steps({NOVEMBER: 10}, D(2026, 12, 8))
    book.live(readings, D(2026, 11, 9))
    edit(book, f"{WAITS}, included: 3")
    book.live(readings, D(2026, 11, 14), runs=[D(2026, 11, 10)])
    edit(book, f"{WAITS}, included: 3, multiply: 3")
    book.live(readings, D(2026, 12, 2), runs=[D(2026, 11, 15), DECEMBER])
    assert levels(book) == [(DECEMBER, 27)]
    edit(book, f"{WAITS}, included: 3")
    correct(book, DECEMBER)
    book.live(readings, D(2026, 12, 5))
    assert levels(book) == [(DECEMBER, 7)]


@pytest.mark.parametrize(
    ("edits", "brought"),
    [
        (("minimum: 14", "minimum: 16"), 16),
        (("minimum: 14", "minimum: 16", "minimum: 18"), 18),
        (("minimum: 140", "minimum: 14"), 14),
        (("units: {fixed: 14, reason: x}", "units: {fixed: 16, reason: x}"), 16),
        (
            (
                "changes: [{from: 2026-11-20, minimum: 14}]",
                "changes: [{from: 2026-11-20, minimum: 14}, {from: 2026-11-22, multiply: 2}]",
            ),
            20,
        ),
    ],
)
@pytest.mark.parametrize("same_day", [False, True])
def test_edits_of_one_setting_that_waited_together_all_go_where_all_are_undone(
    make_book: MakeBook, edits: tuple[str, ...], brought: int, *, same_day: bool
) -> None:
    book = make_book(policy=WAITS)
    readings = steps({NOVEMBER: 10}, D(2027, 1, 3))
    nights = [NOVEMBER, *days(DECEMBER, D(2027, 1, 3))]
    for number, settings in enumerate(edits):
        day = D(2026, 11, 5) if same_day else D(2026, 11, 5) + 5 * number * DAY
        book.live(readings, day - DAY, runs=nights)
        edit(book, f"{WAITS}, {settings}")
        book.run()
    book.live(readings, D(2026, 12, 2), runs=nights)
    assert levels(book) == [(DECEMBER, brought)]
    edit(book, WAITS)
    correct(book, DECEMBER)
    book.live(readings, D(2027, 1, 3), runs=nights)
    assert levels(book) == []
    assert book.invoiced() == 3 * 10 * Decimal(PRICE)


def test_what_is_not_undone_of_an_edit_stands(make_book: MakeBook) -> None:
    book = make_book(policy=WAITS)
    readings = steps({NOVEMBER: 10}, D(2027, 1, 3))
    book.live(readings, D(2026, 11, 4))
    edit(book, f"{WAITS}, minimum: 16, included: 2")
    book.live(readings, D(2026, 12, 2))
    assert levels(book) == [(DECEMBER, 16)]
    edit(book, f"{WAITS}, included: 2")
    correct(book, DECEMBER)
    book.live(readings, D(2027, 1, 3))
    assert levels(book) == [(DECEMBER, 8)]


def test_a_day_of_two_edits_stays_one_though_a_later_write_was_corrected(
    make_book: MakeBook,
) -> None:
    """Nobody knows which of the two brought the write, and one of them still counts."""
    book = make_book(policy=AT_ONCE)
    readings = steps({NOVEMBER: 10}, D(2026, 11, 25))
    book.live(readings, D(2026, 11, 9))
    for more in ("minimum: 15", "minimum: 15, included: 2"):
        edit(book, f"{AT_ONCE}, {more}")
        book.sandbox.advance(timedelta(hours=2))
        book.run()
    book.live(readings, D(2026, 11, 12))
    edit(book, f"{AT_ONCE}, minimum: 15, included: 2, multiply: 2")
    book.live(readings, D(2026, 11, 14))
    edit(book, f"{AT_ONCE}, minimum: 15, included: 2")
    correct(book, D(2026, 11, 12))
    before = book.ledger.remember().rules
    edit(book, f"{AT_ONCE}, included: 2")
    correct(book, D(2026, 11, 9))
    day = D(2026, 11, 9)
    assert [rule for rule in book.ledger.remember().rules if rule.day == day] == [
        rule for rule in before if rule.day == day
    ]


@pytest.mark.parametrize("corrected", [D(2026, 12, 3), D(2027, 1, 20)])
def test_an_edit_that_waited_is_taken_back_though_its_price_was_written_at_once(
    make_book: MakeBook, corrected: date
) -> None:
    """A price is no sign that its units did not wait."""
    book = make_book(policy=f"{WAITS}, price: 930.00")
    readings = steps({NOVEMBER: 10}, D(2027, 2, 2))
    book.live(readings, D(2026, 11, 3))
    edit(book, f"{WAITS}, price: 465.00, minimum: 15")
    book.live(readings, corrected)
    assert levels(book) == [(DECEMBER, 15)]
    edit(book, f"{WAITS}, price: 465.00")
    correct(book, DECEMBER)
    book.live(readings, D(2027, 2, 2))
    assert levels(book) == []
