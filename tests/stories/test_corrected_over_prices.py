"""A correction over months of several prices: each invoice has its own back, to the cent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import pytest

from reconciler.model.plan import Plan
from reconciler.report import plan_markdown
from reconciler.runs.applying import ApplyOptions, apply
from reconciler.sandbox import Behaviour
from tests.runs.beginnings import repository
from tests.runs.desk import Desk
from tests.stories.book import (
    DAY,
    DECEMBER,
    JANUARY,
    NOVEMBER,
    SERVICE,
    Book,
    days,
    right,
    steps,
)
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


def test_nights_finish_a_correction_of_months_ago_that_was_ended_half_way(
    make_book: MakeBook,
) -> None:
    prices = f"{{from: {DECEMBER}, price: 1860.00}}, {{from: {JANUARY}, price: 465.00}}"
    policy = f"{POLICY}, price: 930.00, changes: [{prices}]"
    book = make_book(policy=policy)
    runs = nights(EDITED, CORRECTED)
    book.live(READINGS, EDITED - DAY, runs=runs)
    book.configure(**{SERVICE: f"{policy}, included: 4"})
    book.live(READINGS, CORRECTED, runs=runs)
    book.configure(**{SERVICE: policy})
    path = "/v2/finance/contracts/recurringservices/*/services"
    book.sandbox.faults.arm("http-429", path=path, after=1, times=9, retry_after=3000)
    options = ApplyOptions("maria", "terminal", correct=refs(book, EDITED))
    done = apply(book.around, book.ledger, options)
    assert done is not None
    assert done.stopped is not None
    assert len([one for one in done.applied if one.result == "done"]) == 1
    book.sandbox.faults.clear()
    book.live(READINGS, LAST, runs=runs)
    assert book.invoiced() == 10 * sum([930, 1860, 465, 465, 465])


@BOTH
@SIDES
@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("named", ["", ", price: 930.00"], ids=["no-price", "named"])
def test_an_edit_that_also_named_a_price_is_taken_back_at_what_was_billed(
    make_book: MakeBook, update: str, edit: str, named: str, *, at_start: bool
) -> None:
    """What invoices had of that price is no matter of units; no night brings rows to a price that
    nobody names."""
    book = opened(make_book, POLICY + named, update, at_start=at_start)
    merged, corrected = D(2026, 11, 12), D(2026, 12, 5)
    runs = nights(merged, corrected)
    book.live(READINGS, merged - DAY, runs=runs)
    book.configure(**{SERVICE: f"{POLICY}, price: 1860.00, {edit}"})
    book.live(READINGS, corrected, runs=runs)
    book.configure(**{SERVICE: POLICY + named})
    planned = correct(book, merged)
    assert not [one for one in planned.findings if one.code == "POL011"]
    book.live(READINGS, D(2027, 1, 3), runs=runs)
    assert book.invoiced() == 10 * sum(begun(book))
    assert book.plan().verdict == "in-step"
    assert len({row.price for row in book.sandbox.tables().rows()}) == 1


def test_a_plan_says_what_stays_where_bms_takes_no_units_to_another_price(
    make_book: MakeBook,
) -> None:
    """Five units more were billed from the twelfth on, and the line costs twice as much now."""
    policy = f"{POLICY}, price: 930.00, changes: [{{from: {DECEMBER}, price: 1860.00}}]"
    book = make_book(policy=policy, behaviour=Behaviour().changed({"negative_units": "refused"}))
    merged, corrected = D(2026, 11, 12), D(2026, 12, 5)
    runs = nights(merged, corrected)
    book.live(READINGS, merged - DAY, runs=runs)
    book.configure(**{SERVICE: f"{policy}, minimum: 15"})
    book.live(READINGS, corrected, runs=runs)
    book.configure(**{SERVICE: policy})
    planned = book.plan(correct=refs(book, merged))
    (told,) = (one for one in planned.findings if one.code == "POL011")
    assert "+12,245.00 USD of what is taken back" in told.message
    assert "comes to -15,190.00 USD" in told.message
    assert told.message.endswith(" -2,945.00 USD stays")
    assert told.message in plan_markdown.render(planned)


def test_what_brings_a_correction_to_an_invoices_price_is_no_count_of_its_period(
    make_book: MakeBook,
) -> None:
    """It is dated on the period's first day, and the units of a wrong edit do not enter it."""
    policy = "decrease: never, late: prorated-transaction, price: 930.00"
    policy += f", changes: [{{from: {DECEMBER}, price: 1860.00}}]"
    book = make_book(policy=policy)
    merged, undone, corrected = D(2026, 11, 12), D(2026, 11, 17), D(2027, 1, 3)
    runs = nights(merged, undone, corrected)
    book.live(READINGS, merged - DAY, runs=runs)
    book.configure(**{SERVICE: f"{policy}, multiply: 2"})
    book.live(READINGS, undone - DAY, runs=runs)
    book.configure(**{SERVICE: policy})
    book.live(READINGS, corrected, runs=runs)
    correct(book, merged)
    book.live(READINGS, D(2027, 2, 3), runs=runs)
    assert book.invoiced() == 10 * sum([930, 1860, 1860, 1860])


@BOTH
def test_what_was_counted_under_a_wrong_edit_is_written_after_its_correction(
    make_book: MakeBook, update: str
) -> None:
    """Two units left on the tenth of December: where BMS sets a total, none of later days may be
    there before that is written."""
    prices = f"{{from: {DECEMBER}, price: 1860.00}}, {{from: {JANUARY}, price: 465.00}}"
    policy = f"{POLICY}, price: 930.00, changes: [{prices}]"
    book = opened(make_book, policy, update, at_start=True)
    merged, left, corrected = D(2026, 11, 5), D(2026, 12, 10), D(2027, 1, 3)
    readings = steps({NOVEMBER: 10, left: 8}, LAST)
    runs = nights(merged, left, corrected)
    book.live(readings, merged - DAY, runs=runs)
    book.configure(**{SERVICE: f"{policy}, units: {{fixed: 6, reason: agreed}}"})
    book.live(readings, corrected, runs=runs)
    book.configure(**{SERVICE: policy})
    correct(book, merged)
    book.live(readings, D(2027, 2, 3), runs=runs)
    in_december = right({day: readings[day] for day in days(DECEMBER, JANUARY - DAY)}, "1860.00")
    assert book.invoiced() == 10 * 930 + in_december + 8 * (465 + 465)


@pytest.mark.parametrize("edit", EDITS)
@BOTH
@SIDES
@pytest.mark.parametrize("reverted", [D(2026, 11, 20), D(2026, 12, 9)])
def test_a_revert_leaves_no_row_at_a_price_that_nobody_names(
    make_book: MakeBook, reverted: date, edit: str, update: str, *, at_start: bool
) -> None:
    """The merge named one, and its writes are credited at that; then the line has its old one."""
    book = opened(make_book, "", update, at_start=at_start)
    merged = D(2026, 11, 12)
    runs = nights(merged, reverted)
    book.live(READINGS, merged, runs=runs)
    repository(book)
    desk = Desk(book)
    made = desk.merge(**{SERVICE: f"price: 1860.00, {edit}"})
    book.live(READINGS, reverted, runs=runs)
    desk.revert(made)
    book.live(READINGS, D(2027, 1, 3), runs=runs)
    assert book.invoiced() == 10 * sum(begun(book))
    assert book.plan().verdict == "in-step"
    assert len({row.price for row in book.sandbox.tables().rows()}) == 1


def opened(make_book: MakeBook, policy: str, update: str, *, at_start: bool) -> Book:
    behaviour = Behaviour().changed({"line_update": update})
    return make_book(policy=policy, behaviour=behaviour, at_start=at_start)


def begun(book: Book) -> list[Decimal]:
    """The price that each invoice has of the units that were always there."""
    with book.around.client(book.around.desired()) as client:
        issued = client.issued_invoices()
    return [next(one.unit_price for one in found.lines if one.quantity >= 6) for found in issued]


def correct(book: Book, *wanted: date) -> Plan:
    """Takes back our writes of units of these days."""
    book.sandbox.advance(timedelta(hours=3))
    done = apply(
        book.around, book.ledger, ApplyOptions("maria", "terminal", correct=refs(book, *wanted))
    )
    assert done is not None
    assert {one.result for one in done.applied} == {"done"}
    return done.plan


def refs(book: Book, *wanted: date) -> tuple[str, ...]:
    found = (one for one, _ in book.ledger.writes() if one.kind == "units")
    return tuple(one.ref for one in found if one.day in wanted)
