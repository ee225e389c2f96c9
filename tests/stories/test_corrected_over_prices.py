"""A correction over months of several prices: each invoice has its own back, to the cent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import pytest

from reconciler.runs.applying import ApplyOptions, apply
from reconciler.sandbox import Behaviour
from tests.stories.book import DAY, DECEMBER, JANUARY, NOVEMBER, SERVICE, Book, steps
from tests.stories.conftest import MakeBook

D = date
POLICY: Final = "increase: change-date, decrease: change-date, late: prorated-transaction"
EDITED, CORRECTED, LAST = D(2026, 11, 25), D(2027, 2, 10), D(2027, 3, 3)
FIRSTS: Final = (NOVEMBER, DECEMBER, JANUARY, D(2027, 2, 1), D(2027, 3, 1))
READINGS: Final = steps({NOVEMBER: 10}, LAST)
EDITS: Final = ("included: 4", "minimum: 15")
BOTH: Final = pytest.mark.parametrize("update", ["append", "upsert"])
SIDES: Final = pytest.mark.parametrize("at_start", [True, False], ids=["advance", "arrears"])


def nights(*others: date) -> list[date]:
    """Those on which something can move, each with the next."""
    return sorted({day + n * DAY for day in (*FIRSTS, *others) for n in range(2)})


@BOTH
@SIDES
@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("dated", [True, False], ids=["dated", "edited"])
def test_months_later_each_invoice_has_its_own_price_back(
    make_book: MakeBook, update: str, edit: str, *, at_start: bool, dated: bool
) -> None:
    """Two prices have come since, and no plan looks at the first two months any more."""
    book = opened(make_book, f"{POLICY}, price: 930.00", update, at_start=at_start)
    prices = [f"{{from: {DECEMBER}, price: 1860.00}}", f"{{from: {JANUARY}, price: 465.00}}"]
    policy = f"{POLICY}, price: 930.00"
    if dated:
        policy += f", changes: [{', '.join(prices)}]"
    runs = nights(EDITED, CORRECTED)
    book.configure(**{SERVICE: policy})
    book.live(READINGS, EDITED - DAY, runs=runs)
    book.configure(**{SERVICE: f"{policy}, {edit}"})
    if not dated:
        for day, price in ((DECEMBER, "1860.00"), (JANUARY, "465.00")):
            book.live(READINGS, day - DAY, runs=runs)
            policy = f"{POLICY}, price: {price}"
            book.configure(**{SERVICE: f"{policy}, {edit}"})
    book.live(READINGS, CORRECTED, runs=runs)
    book.configure(**{SERVICE: policy})
    correct(book, EDITED)
    book.live(READINGS, LAST, runs=runs)
    assert book.invoiced() == 10 * sum([930, 1860, 465, 465, *([465] if at_start else [])])
    assert book.plan().verdict == "in-step"


def opened(make_book: MakeBook, policy: str, update: str, *, at_start: bool) -> Book:
    behaviour = Behaviour().changed({"line_update": update})
    return make_book(policy=policy, behaviour=behaviour, at_start=at_start)


def correct(book: Book, *wanted: date) -> None:
    """Our writes of units of these days."""
    refs = [one.ref for one, _ in book.ledger.writes() if one.kind == "units" and one.day in wanted]
    book.sandbox.advance(timedelta(hours=3))
    done = apply(book.around, book.ledger, ApplyOptions("maria", "terminal", correct=tuple(refs)))
    assert done is not None
    assert {one.result for one in done.applied} == {"done"}
