"""A merge that is reverted some days later is billed as if it never was, to the cent."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest

from tests.runs.beginnings import repository
from tests.runs.desk import Desk
from tests.stories.book import JANUARY, LAST, NOVEMBER, SERVICE, days, right, steps
from tests.stories.conftest import MakeBook

D = date
MERGED: Final = D(2026, 11, 12)
POLICIES: Final = ("decrease: change-date", "decrease: next-period", "decrease: never")
USED: Final = {"the same": {NOVEMBER: 10}, "more": {NOVEMBER: 10, D(2026, 11, 15): 18}}


@pytest.mark.parametrize("used", USED.values(), ids=USED)
@pytest.mark.parametrize("reverted", [D(2026, 11, 12), D(2026, 11, 20), D(2026, 12, 9)], ids=str)
@pytest.mark.parametrize("at_start", [True, False], ids=["in advance", "in arrears"])
@pytest.mark.parametrize("policy", POLICIES)
def test_a_reverted_merge_is_billed_as_if_it_never_was(
    make_book: MakeBook, policy: str, reverted: date, used: dict[date, int], *, at_start: bool
) -> None:
    book = make_book(policy=policy, at_start=at_start)
    readings = steps(used, LAST)
    book.live(readings, MERGED)
    repository(book)
    desk = Desk(book)
    made = desk.merge(**{SERVICE: desk.also("minimum: 15")})
    assert book.units(SERVICE) == 15
    book.live(readings, reverted)
    desk.revert(made)
    book.live(readings, JANUARY)
    last = D(2027, 1, 31) if at_start else D(2026, 12, 31)
    assert book.invoiced() == right({day: readings[day] for day in days(NOVEMBER, last)})
    assert book.plan().verdict == "in-step"
