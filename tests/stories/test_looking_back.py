"""Past days of a contract that has ended or been renewed since."""

from __future__ import annotations

from datetime import date

import pytest

from reconciler.runs.explaining import ExplainOptions, explain
from reconciler.runs.simulating import SimulateOptions, run_simulation
from reconciler.runs.verifying import VerifyOptions, verify_month
from tests.stories.book import DECEMBER, NOVEMBER, SERVICE, right, steps
from tests.stories.conftest import MakeBook
from tests.stories.test_endings import END, LAST, renewed

D = date


@pytest.mark.parametrize("has_renewal", [True, False])
@pytest.mark.parametrize("until", [DECEMBER, D(2027, 2, 20)])
def test_a_month_of_an_ended_contract_is_verified_and_replayed(
    make_book: MakeBook, until: date, *, has_renewal: bool
) -> None:
    book = make_book(end=END, at_start=False)
    old = book.contract
    readings = steps({NOVEMBER: 10, D(2026, 11, 10): 12}, LAST)
    if has_renewal:
        renewed(book)
    book.live(readings, until, runs=[D(2026, 11, 12)])
    book.plan()
    found = verify_month(book.around, book.ledger, VerifyOptions(NOVEMBER))
    assert [check.contract_id for check in found.invoices] == [old]
    assert found.findings == ()
    assert found.invoices[0].services[0].status == "matched"
    again = run_simulation(book.around, book.ledger, SimulateOptions(NOVEMBER, NOVEMBER))
    assert again.not_replayed == ()
    (month,) = again.months
    november = {day: n for day, n in readings.items() if day <= END}
    assert month.base == month.would == book.invoiced() == right(november)


def test_a_day_before_the_end_is_explained_by_the_contract_of_that_day(
    make_book: MakeBook,
) -> None:
    book = make_book(end=END, at_start=False)
    old = book.contract
    renewed(book)
    book.live(steps({NOVEMBER: 10, D(2026, 11, 10): 12}, LAST), D(2026, 12, 3))
    options = ExplainOptions("Brass Building Supplies", SERVICE, as_of=D(2026, 11, 20))
    (then,) = explain(book.around, book.ledger, options)
    assert (then.line.contract_id, then.units) == (old, 12)
    both = explain(book.around, book.ledger, ExplainOptions("Brass Building Supplies", SERVICE))
    ended = next(one for one in both if one.line.contract_id == old)
    assert (ended.as_of, ended.units, ended.wanted) == (END, 12, 12)
