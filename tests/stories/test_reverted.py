"""A merge that is reverted some days later is billed as if it never was, to the cent."""

from __future__ import annotations

from datetime import date
from itertools import combinations, product
from typing import Final

import pytest

from reconciler.runs.applying import ApplyOptions, apply
from reconciler.sandbox import Behaviour
from tests.runs.beginnings import repository
from tests.runs.desk import Desk
from tests.stories.book import DAY, DECEMBER, JANUARY, LAST, NOVEMBER, SERVICE, days, right, steps
from tests.stories.conftest import MakeBook

D = date
MERGED: Final = D(2026, 11, 12)
POLICIES: Final = ("decrease: change-date", "decrease: next-period", "decrease: never")
REVERTED: Final = (D(2026, 11, 12), D(2026, 11, 20), D(2026, 12, 9))
USED: Final = {"the same": {NOVEMBER: 10}, "more": {NOVEMBER: 10, D(2026, 11, 15): 18}}
NIGHTS: Final = [
    *days(NOVEMBER, D(2026, 11, 2)),
    *days(MERGED, D(2026, 11, 17)),
    *(day for one in REVERTED for day in days(one, one + DAY)),
    *days(DECEMBER, D(2026, 12, 2)),
    JANUARY,
]
"""Those on which something can move: after the merge, the revert, a change of usage, an invoice."""


CASES: Final = [
    (policy, REVERTED[(n + n // 4) % 3], at_start, used)
    for n, (policy, at_start, used) in enumerate(product(POLICIES, (True, False), USED))
]
"""Any two settings come together at least once."""


@pytest.mark.parametrize(("policy", "reverted", "at_start", "used"), CASES)
def test_a_reverted_merge_is_billed_as_if_it_never_was(
    make_book: MakeBook, policy: str, reverted: date, used: str, *, at_start: bool
) -> None:
    """Invoices are made at a period's start or after its end."""
    book = make_book(policy=policy, at_start=at_start)
    readings = steps(USED[used], LAST)
    book.live(readings, MERGED, runs=NIGHTS)
    repository(book)
    desk = Desk(book)
    made = desk.merge(**{SERVICE: desk.also("minimum: 15")})
    assert book.units(SERVICE) == 15
    book.live(readings, reverted, runs=NIGHTS)
    desk.revert(made)
    book.live(readings, JANUARY, runs=NIGHTS)
    last = D(2027, 1, 31) if at_start else D(2026, 12, 31)
    assert book.invoiced() == right({day: readings[day] for day in days(NOVEMBER, last)})
    assert book.plan().verdict == "in-step"


def test_the_pairs_are_all_there() -> None:
    for one, other in combinations(range(4), 2):
        values = [{case[n] for case in CASES} for n in (one, other)]
        assert {(case[one], case[other]) for case in CASES} == set(product(*values))


@pytest.mark.parametrize("reverted", [D(2026, 11, 20), D(2026, 12, 9)])
@pytest.mark.parametrize("update", ["append", "upsert"])
def test_units_are_credited_at_the_price_that_they_were_billed_at(
    make_book: MakeBook, update: str, reverted: date
) -> None:
    """A merge gave the line a price, too. What an invoice had of that is no matter of units."""
    book = make_book(policy="price: 930.00", behaviour=Behaviour().changed({"line_update": update}))
    readings = steps({NOVEMBER: 10}, LAST)
    book.live(readings, MERGED, runs=NIGHTS)
    repository(book)
    desk = Desk(book)
    made = desk.merge(**{SERVICE: "price: 1860.00, minimum: 15"})
    assert book.units(SERVICE) == 15
    book.live(readings, reverted, runs=NIGHTS)
    desk.revert(made)
    book.live(readings, JANUARY, runs=NIGHTS)
    months = [930, 1860 if reverted > DECEMBER else 930, 930]
    assert book.invoiced() == 10 * sum(months)
    assert book.plan().verdict == "in-step"


@pytest.mark.parametrize("prices", [(930, 1860), (1860, 930)])
@pytest.mark.parametrize("seen", [True, False], ids=["until seen", "until corrected"])
def test_a_correction_over_a_new_price_credits_each_invoice_at_its_own(
    make_book: MakeBook, prices: tuple[int, int], *, seen: bool
) -> None:
    """Its units were billed in two periods, and the second one has another price. The edit is taken
    out with the correction, or was before that."""
    old, new = prices
    policy = f"price: {old}.00, changes: [{{from: 2026-12-01, price: {new}.00}}]"
    book = make_book(policy=policy, price=f"{old}.00")
    readings = steps({NOVEMBER: 10}, LAST)
    nights = [*NIGHTS, *days(DECEMBER, D(2026, 12, 12))]
    book.live(readings, MERGED, runs=nights)
    book.configure(**{SERVICE: f"{policy}, minimum: 14"})
    book.run()
    if seen:
        book.live(readings, D(2026, 11, 20), runs=nights)
        book.configure(**{SERVICE: policy})
    book.live(readings, D(2026, 12, 9), runs=nights)
    book.configure(**{SERVICE: policy})
    (raised,) = (
        one for one, _ in book.ledger.writes() if (one.units_before, one.units_after) == (10, 14)
    )
    options = ApplyOptions("maria", "terminal", correct=(raised.ref,))
    done = apply(book.around, book.ledger, options)
    assert done is not None
    assert {one.result for one in done.applied} == {"done"}
    book.live(readings, JANUARY, runs=nights)
    assert book.invoiced() == 10 * (old + new + new)
    assert book.plan().verdict == "in-step"
