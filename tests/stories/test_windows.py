"""Counts over a period where a line, billing or a policy begins in the middle of it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.runs.world import PRODUCT
from tests.stories.book import DECEMBER, NOVEMBER, Book, days, right, steps
from tests.stories.conftest import MakeBook

D = date
END = D(2026, 11, 30)
MIDDLE = D(2026, 11, 15)
PEAK = "adjust: month-end, over: peak, increase: period-start, decrease: next-period"
LATE = "late: prorated-transaction"
DAILY = "adjust: daily, over: last, increase: change-date, decrease: change-date"
WHOLE = "increase: period-start, decrease: period-start, late: prorated-transaction"


def each_night(book: Book, readings: dict[date, int]) -> None:
    book.live(readings, DECEMBER, runs=days(NOVEMBER, DECEMBER))


@pytest.mark.parametrize(
    ("over", "before", "after", "billed"),
    [("peak", 20, 5, 5), ("average", 30, 3, 3), ("sum", 10, 1, 16)],
)
def test_what_was_used_before_a_line_begins_is_not_billed_after(
    make_book: MakeBook, over: str, before: int, after: int, billed: int
) -> None:
    book = make_book(at_start=False, at_first=0)
    book.service("backup", book.price)
    begins = f"from: {MIDDLE}, adjust: month-end, over: {over}, {WHOLE}"
    book.configure(backup=begins, endpoint="units: {fixed: 0, reason: not used}")
    book.read("backup", steps({NOVEMBER: before, MIDDLE: after}, END))
    each_night(book, {})
    assert book.invoiced() == right(steps({MIDDLE: billed}, END))


@pytest.mark.parametrize(("over", "billed"), [("peak", 12), ("average", 11), ("last", 12)])
def test_what_was_used_before_billing_starts_is_not_billed_after(
    make_book: MakeBook, over: str, billed: int
) -> None:
    policy = f"adjust: month-end, over: {over}, {WHOLE}"
    book = make_book(at_start=False, policy=policy, billing_starts=MIDDLE)
    each_night(book, steps({NOVEMBER: 20, MIDDLE: 10, D(2026, 11, 23): 12}, END))
    assert book.invoiced() == right(steps({NOVEMBER: 10, MIDDLE: billed}, END))


@pytest.mark.parametrize(("over", "billed"), [("peak", 3), ("average", 2), ("sum", 48)])
def test_what_is_excluded_until_the_middle_of_a_period_is_no_part_of_its_count(
    make_book: MakeBook, over: str, billed: int
) -> None:
    """Six until the 14th, all left out, then three on each of sixteen days of thirty."""
    book = make_book(at_start=False, policy=f"adjust: month-end, over: {over}, {WHOLE}")
    file = book.config / "accounts" / "brass.yaml"
    rule = f"exclude:\n  - {{product: {PRODUCT}, reason: a trial, until: 2026-11-14}}\n"
    file.write_text(file.read_text(encoding="utf-8") + rule, encoding="utf-8")
    each_night(book, steps({NOVEMBER: 6, MIDDLE: 3}, END))
    assert book.invoiced() == right(steps({NOVEMBER: billed}, END))


def test_a_daily_peak_begins_with_the_line(make_book: MakeBook) -> None:
    book = make_book(at_start=False, policy=f"over: peak, from: {MIDDLE}")
    each_night(
        book, steps({NOVEMBER: 20, MIDDLE: 10, D(2026, 11, 23): 12, D(2026, 11, 25): 9}, END)
    )
    assert book.invoiced() == right(steps({NOVEMBER: 10, D(2026, 11, 23): 12}, END))


def test_days_before_a_dated_switch_to_month_end_stay_as_they_were_billed(
    make_book: MakeBook,
) -> None:
    moves = {NOVEMBER: 10, D(2026, 11, 5): 12, D(2026, 11, 10): 8, D(2026, 11, 20): 9}
    moves[D(2026, 11, 22)] = 8
    book = make_book(at_start=False, policy=f"changes: [{{from: {MIDDLE}, {PEAK}, {LATE}}}]")
    each_night(book, steps(moves, END))
    wanted = {NOVEMBER: 10, D(2026, 11, 5): 12, D(2026, 11, 10): 8, MIDDLE: 9}
    assert book.invoiced() == right(steps(wanted, END))


def test_a_month_end_is_billed_up_to_a_dated_switch_to_daily(make_book: MakeBook) -> None:
    moves = {NOVEMBER: 10, D(2026, 11, 5): 14, D(2026, 11, 10): 10, D(2026, 11, 20): 11}
    policy = f"{PEAK}, {LATE}, changes: [{{from: {MIDDLE}, {DAILY}}}]"
    book = make_book(at_start=False, policy=policy)
    each_night(book, steps(moves, END))
    wanted = {NOVEMBER: 14, MIDDLE: 10, D(2026, 11, 20): 11}
    assert book.invoiced() == right(steps(wanted, END))


def test_a_true_up_after_a_dated_switch_is_that_of_its_days(make_book: MakeBook) -> None:
    moves = {NOVEMBER: 10, D(2026, 11, 5): 20, D(2026, 11, 10): 10, D(2026, 11, 16): 13}
    policy = f"{DAILY}, changes: [{{from: {MIDDLE}, {PEAK}, {LATE}}}]"
    book = make_book(at_start=False, policy=policy)
    book.live(steps(moves, END), D(2026, 11, 20), runs=days(NOVEMBER, D(2026, 11, 20)))
    forecast = book.plan(true_up=NOVEMBER)
    assert [(c.day, c.units_before, c.units_after) for c in forecast.changes] == [(MIDDLE, 10, 13)]
    (change,) = forecast.changes
    assert [step.what for step in change.steps][-2:] == [
        f"peak since {MIDDLE}, reached on 2026-11-16",
        "units",
    ]


@pytest.mark.parametrize(("over", "money"), [("peak", "-1860.00"), ("average", None)])
def test_a_decrease_that_a_missing_day_keeps_back_is_told_until_the_day_is_there(
    make_book: MakeBook, over: str, money: str | None
) -> None:
    policy = f"{PEAK}, {LATE}".replace("peak", over)
    book = make_book(at_start=False, policy=policy)
    tenth = D(2026, 11, 10)
    holed = {day: 8 for day in days(NOVEMBER, END) if day != tenth}
    each_night(book, holed)
    (found,) = [one for one in book.plan().findings if one.code == "USG015"]
    assert str(tenth) in found.message
    assert (None if found.money is None else str(found.money)) == money
    book.read("endpoint", {tenth: 8})
    later = book.plan()
    assert [(c.day, c.units_after, c.standing) for c in later.changes] == [(DECEMBER, 8, "ready")]
    assert not [one for one in later.findings if one.code == "USG015"]
