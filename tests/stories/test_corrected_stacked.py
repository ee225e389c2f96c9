"""Where BMS updates a line, writes that stand on each other are taken back together or not at
all."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest

from reconciler.model.errors import PlanError
from reconciler.report import plan_markdown
from reconciler.runs.applying import ApplyOptions, apply
from reconciler.sandbox import Behaviour
from tests.stories.book import DAY, NOVEMBER, SERVICE, Book, days, steps
from tests.stories.conftest import MakeBook

D = date
POLICY: Final = "increase: change-date, decrease: change-date, late: prorated-transaction"
FELL, ROSE, TODAY = D(2026, 11, 5), D(2026, 11, 9), D(2026, 11, 14)
READINGS: Final = steps({NOVEMBER: 10}, TODAY)


def test_the_good_write_of_two_stays_where_the_other_cannot_be_taken_back(
    make_book: MakeBook,
) -> None:
    """An edit lowers the line, and is undone four days later: BMS has the right units since."""
    book = edited(make_book)
    book.live(READINGS, ROSE - DAY, runs=[FELL])
    book.configure(**{SERVICE: POLICY})
    book.live(READINGS, TODAY, runs=[ROSE])
    named = refs(book)
    assert len(named) == 2
    planned = book.plan(correct=named)
    assert [(c.standing, c.because) for c in planned.changes] == [("held", ("POL003",))] * 2
    assert "reconciler apply --correct" not in plan_markdown.render(planned)
    assert correct(book, *named) == []
    assert book.units(SERVICE) == 10


def test_nobody_is_told_to_correct_later_writes_too_where_that_cannot_work(
    make_book: MakeBook,
) -> None:
    book = edited(make_book)
    book.live(READINGS, ROSE - DAY, runs=[FELL])
    book.configure(**{SERVICE: POLICY})
    book.live(READINGS, TODAY, runs=[ROSE])
    second, first = refs(book)
    with pytest.raises(PlanError, match=f"stand on it: {second}, of later days") as told:
        correct(book, first)
    assert "by hand" in (told.value.remedy or "")


def test_two_writes_of_one_day_are_taken_back_together(make_book: MakeBook) -> None:
    book = edited(make_book)
    book.live(READINGS, FELL, runs=[FELL])
    book.configure(**{SERVICE: f"{POLICY}, included: 7"})
    book.run()
    second, first = refs(book)
    with pytest.raises(PlanError, match=f"later writes stand on it: {second}; correct those too"):
        correct(book, first)
    book.configure(**{SERVICE: POLICY})
    assert correct(book, first, second) == ["done", "done"]
    assert book.units(SERVICE) == 10


def edited(make_book: MakeBook) -> Book:
    """From the fifth on, four units are included."""
    book = make_book(policy=POLICY, behaviour=Behaviour().changed({"line_update": "upsert"}))
    book.live(READINGS, FELL - DAY, runs=days(NOVEMBER, D(2026, 11, 2)))
    book.configure(**{SERVICE: f"{POLICY}, included: 4"})
    return book


def refs(book: Book) -> tuple[str, ...]:
    """The newest first."""
    return tuple(intent.ref for intent, _ in book.ledger.writes())


def correct(book: Book, *named: str) -> list[str]:
    done = apply(book.around, book.ledger, ApplyOptions("maria", "terminal", correct=named))
    assert done is not None
    return [one.result for one in done.applied]
