"""What is written late, where later months were invoiced at another price: BMS bills it in each of
them at the price of the write, and so it is brought to theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from reconciler.desired.approving import approve
from reconciler.model.plan import Change
from reconciler.runs.applying import ApplyOptions, apply
from reconciler.runs.simulating import SimulateOptions, run_simulation
from reconciler.runs.verifying import VerifyOptions, verify_month
from reconciler.sandbox import Behaviour
from tests.stories.book import DAY, DECEMBER, JANUARY, LAST, NOVEMBER, Book, days, right, steps
from tests.stories.conftest import MakeBook

D = date
NEW = "1860.00"
BOTH = pytest.mark.parametrize("update", ["append", "upsert"])
OWN = pytest.mark.parametrize("first", ["price: 930.00, ", ""], ids=["named", "the-lines-own"])
FROM_DECEMBER = "changes: [{from: 2026-12-01, price: 1860.00}]"
FROM_MID_NOVEMBER = "changes: [{from: 2026-11-14, price: 1860.00}]"
PEAK = (
    "adjust: month-end, over: peak, increase: period-start, decrease: next-period,"
    " late: prorated-transaction"
)
SEVENTH = D(2026, 12, 7)
NIGHTS = [NOVEMBER, D(2026, 11, 14), DECEMBER, SEVENTH]
TEN = steps({NOVEMBER: 10}, LAST)
FALL, RISE = ({**TEN, **steps({D(2026, 11, 25): units}, LAST)} for units in (4, 16))
DIP = {**TEN, D(2026, 11, 16): 4}


def booked(make_book: MakeBook, update: str, policy: str, *, at_start: bool = True) -> Book:
    """Ten units, and November and December as they were invoiced."""
    behaviour = Behaviour().changed({"line_update": update})
    return make_book(policy=policy, behaviour=behaviour, at_start=at_start)


def put_right(book: Book, readings: Mapping[date, int]) -> None:
    """Those that are there already; the next run finds it."""
    book.read("endpoint", {day: n for day, n in readings.items() if day < book.sandbox.today()})


def begun(units: int, months: int = 2) -> Decimal:
    """December and January, at the new price."""
    return units * months * Decimal(NEW)


WRONG = pytest.mark.parametrize(
    ("rise", "readings", "november"),
    [
        (FROM_DECEMBER, FALL, right({day: FALL[day] for day in days(NOVEMBER, D(2026, 11, 30))})),
        (FROM_DECEMBER, RISE, right({day: RISE[day] for day in days(NOVEMBER, D(2026, 11, 30))})),
        (
            FROM_MID_NOVEMBER,
            DIP,
            # Six leave at the old price, which they were billed at, and come back at the new one.
            right(
                {
                    **steps({NOVEMBER: 10}, D(2026, 11, 15)),
                    **steps({D(2026, 11, 16): 4}, D(2026, 11, 30)),
                }
            )
            + right(steps({D(2026, 11, 17): 6}, D(2026, 11, 30)), NEW),
        ),
        (
            FROM_MID_NOVEMBER,
            FALL,
            right({day: FALL[day] for day in days(NOVEMBER, D(2026, 11, 30))}),
        ),
    ],
    ids=["fall", "rise", "dip", "fall-after-the-price"],
)


@BOTH
@OWN
@WRONG
def test_readings_put_right_after_an_invoice_are_billed_at_its_price(
    make_book: MakeBook,
    update: str,
    first: str,
    rise: str,
    readings: Mapping[date, int],
    november: Decimal,
) -> None:
    book = booked(make_book, update, f"{first}{rise}")
    book.live(TEN, D(2026, 12, 6), runs=NIGHTS)
    put_right(book, readings)
    book.live(readings, JANUARY, runs=NIGHTS)
    assert book.invoiced() == november + begun(readings[DECEMBER])
    assert book.plan().verdict == "in-step"
    assert len({row.price for row in book.sandbox.tables().rows()}) == 1


@WRONG
def test_and_put_right_again_they_leave_nothing(
    make_book: MakeBook, rise: str, readings: Mapping[date, int], november: Decimal
) -> None:
    book = booked(make_book, "append", f"price: 930.00, {rise}")
    book.live(TEN, D(2026, 12, 6), runs=NIGHTS)
    put_right(book, readings)
    book.live(readings, SEVENTH, runs=NIGHTS)
    put_right(book, TEN)
    book.live(TEN, JANUARY, runs=[D(2026, 12, 9)])
    assert book.invoiced() == right(steps({NOVEMBER: 10}, D(2026, 11, 30))) + begun(10)
    assert november != right(steps({NOVEMBER: 10}, D(2026, 11, 30)))
    assert book.plan().verdict == "in-step"


@BOTH
@OWN
def test_a_true_up_that_is_approved_after_the_invoice_is_billed_at_each_months_price(
    make_book: MakeBook, update: str, first: str
) -> None:
    book = late_true_up(make_book, update, first)
    found = book.plan()
    approve(book.config, [c for c in found.changes if c.kind == "units"], found.as_of, "late")
    book.run()
    assert book.plan().verdict == "in-step"
    book.live(dict.fromkeys(TEN, 14), JANUARY, runs=[D(2026, 12, 6), D(2026, 12, 20)])
    assert book.invoiced() == 14 * Decimal("930.00") + begun(14)


def late_true_up(make_book: MakeBook, update: str, first: str = "price: 930.00, ") -> Book:
    """The price is let through before December's invoice, and November's true-up waits."""
    guards = "{percent: 30, line: 1000000, account: 1000000, run: 1000000}"
    behaviour = Behaviour().changed({"line_update": update})
    policy = f"{PEAK}, {first}{FROM_DECEMBER}"
    book = make_book(policy=policy, behaviour=behaviour, guards=guards)
    readings = steps({NOVEMBER: 10, D(2026, 11, 10): 14}, LAST)
    book.live(readings, D(2026, 11, 30), runs=[NOVEMBER])
    book.sandbox.set_clock(book._at(DECEMBER, time(2)))
    book.read("endpoint", {D(2026, 11, 30): 14})
    found = book.plan()
    approve(book.config, [c for c in found.changes if c.kind == "price"], found.as_of, "alone")
    book.run()
    book.live(readings, D(2026, 12, 5), runs=[])
    return book


@BOTH
def test_a_guard_sees_the_step_and_not_the_parts_of_it(make_book: MakeBook, update: str) -> None:
    found = late_true_up(make_book, update).plan()
    told = [(str(c.day), c.units_before, c.units_after, str(c.price)) for c in found.changes[:3]]
    assert told == [
        ("2026-11-01", 10, 14, "930.00"),
        ("2026-12-01", 14, 18, NEW),
        ("2026-12-01", 18, 14, "930.00"),
    ]
    held = [one.message for one in found.findings if one.code == "GRD001"]
    assert held == ["endpoint of Brass Building Supplies moves from 10 to 14, by 40 %"]
    assert found.totals.waiting_monthly == 4 * Decimal(NEW)
    assert [step.value for step in found.changes[1].steps if "price" in step.what] == [
        "4 of the invoice from 2026-12-01"
    ]


@BOTH
@pytest.mark.parametrize("may", [True, False])
def test_what_a_fall_to_nothing_comes_to_is_told_as_one(
    make_book: MakeBook, update: str, *, may: bool
) -> None:
    """Ten credited from 25 November on: six days of it, and all of December at its own price."""
    behaviour = Behaviour().changed({"line_update": update})
    book = make_book(
        policy=f"price: 930.00, {FROM_DECEMBER}", behaviour=behaviour, may_fall_to_zero=may
    )
    book.live(TEN, SEVENTH, runs=NIGHTS[:3])
    put_right(book, {**TEN, **steps({D(2026, 11, 25): 0}, LAST)})
    found = book.plan()
    assert sum(change.money.prorated for change in found.changes) == -10 * Decimal("2046.00")
    told = {one.code: (one.message, one.money) for one in found.findings}
    if not may:
        assert told["GRD006"][1] == -10 * Decimal(NEW)
    else:
        assert "nothing but a credit of 20,460.00 USD" in told["POL004"][0]


@BOTH
@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("moment", ["intended", "posted", "settled"])
@pytest.mark.parametrize("readings", [FALL, RISE], ids=["fall", "rise"])
def test_a_run_that_is_ended_between_two_parts_is_gone_on_with(
    make_book: MakeBook, update: str, readings: Mapping[date, int], moment: str, nth: int
) -> None:
    book = booked(make_book, update, f"price: 930.00, {FROM_DECEMBER}")
    book.live(TEN, SEVENTH, runs=NIGHTS[:3])
    put_right(book, readings)
    ended(book, moment, nth)
    book.sandbox.set_clock(book.sandbox.now() + timedelta(hours=2))
    book.run()
    assert book.plan().verdict == "in-step"
    book.live(readings, JANUARY, runs=[])
    november = right({day: readings[day] for day in days(NOVEMBER, D(2026, 11, 30))})
    assert book.invoiced() == november + begun(readings[DECEMBER])


@BOTH
def test_a_run_that_is_ended_between_the_price_and_the_last_part_is_gone_on_with(
    make_book: MakeBook, update: str
) -> None:
    book = booked(make_book, update, f"price: 930.00, {FROM_DECEMBER}")
    book.live(TEN, SEVENTH, runs=NIGHTS[:3])
    put_right(book, FALL)
    ended(book, "settled", 1, kind="price")
    book.sandbox.set_clock(book.sandbox.now() + timedelta(hours=2))
    book.run()
    book.live(FALL, JANUARY, runs=[])
    november = right({day: FALL[day] for day in days(NOVEMBER, D(2026, 11, 30))})
    assert book.invoiced() == november + begun(4)


def ended(book: Book, moment: str, nth: int, kind: str = "units") -> None:
    """A run, ended at the nth such moment of it."""
    told: list[str] = []

    def watch(now: str, change: Change) -> None:
        if change.kind == kind:
            told.append(now)
        if told.count(moment) == nth:
            raise Ended

    with pytest.raises(Ended):
        apply(book.around, book.ledger, ApplyOptions("reconciler", "schedule"), watch=watch)


class Ended(BaseException):
    """The run's process, by somebody else."""


def test_where_a_total_is_set_the_days_before_the_month_wait_for_a_person(
    make_book: MakeBook,
) -> None:
    """Nothing is dated before the newest total: what BMS makes of that is not documented."""
    book = booked(make_book, "upsert", f"price: 930.00, {FROM_DECEMBER}")
    book.live(TEN, D(2026, 12, 6), runs=NIGHTS)
    put_right(book, FALL)
    book.live(FALL, SEVENTH, runs=NIGHTS)
    put_right(book, TEN)
    (change,) = book.plan().changes
    assert (change.standing, change.because) == ("held", ("POL003",))
    assert (str(change.day), change.units_before, change.units_after) == ("2026-11-25", 4, 10)


def test_writes_that_are_taken_back_leave_nothing(make_book: MakeBook) -> None:
    book = booked(make_book, "append", f"price: 930.00, {FROM_DECEMBER}")
    book.live(TEN, D(2026, 12, 6), runs=NIGHTS)
    put_right(book, FALL)
    book.live(FALL, SEVENTH, runs=NIGHTS)
    put_right(book, TEN)
    facts = book.ledger.remember().facts
    refs = tuple(fact.ref for fact in facts if fact.ref is not None and fact.price is not None)
    assert apply(book.around, book.ledger, ApplyOptions("reconciler", "terminal", correct=refs))
    book.live(TEN, JANUARY, runs=[SEVENTH + DAY])
    assert book.invoiced() == right(steps({NOVEMBER: 10}, D(2026, 11, 30))) + begun(10)
    assert book.plan().verdict == "in-step"


@BOTH
def test_on_the_day_of_the_invoice_what_comes_after_it_is_late(
    make_book: MakeBook, update: str
) -> None:
    """The night's run comes before it, and bills the month at the row's price as it is then."""
    book = booked(make_book, update, f"price: 930.00, {FROM_DECEMBER}")
    book.live(TEN, DECEMBER, runs=NIGHTS)
    put_right(book, FALL)
    book.sandbox.set_clock(book._at(DECEMBER, time(10)))
    # What is dated today is proved tomorrow.
    assert {one.result for one in book.apply("schedule").applied} <= {"done", "unproved"}
    book.live(FALL, JANUARY, runs=[D(2026, 12, 2)])
    assert book.plan().verdict == "in-step"
    november = right({day: FALL[day] for day in days(NOVEMBER, D(2026, 11, 30))})
    assert book.invoiced() == november + begun(4)


@BOTH
def test_a_month_that_was_invoiced_before_its_price_was_let_has_the_old_one(
    make_book: MakeBook, update: str
) -> None:
    """The price is merged on the fifth, from the first on: December stays as it was billed."""
    book = booked(make_book, update, "price: 930.00")
    book.live(TEN, D(2026, 12, 5), runs=NIGHTS)
    book.configure(endpoint=f"price: 930.00, {FROM_DECEMBER}")
    book.live(TEN, D(2026, 12, 6))
    put_right(book, FALL)
    book.live(FALL, JANUARY, runs=NIGHTS)
    november = right({day: FALL[day] for day in days(NOVEMBER, D(2026, 11, 30))})
    assert book.invoiced() == november + 4 * Decimal("930.00") + begun(4, 1)
    assert book.plan().verdict == "in-step"


@BOTH
@OWN
@pytest.mark.parametrize("readings", [FALL, RISE], ids=["fall", "rise"])
def test_in_arrears_two_invoices_have_their_own_prices(
    make_book: MakeBook, update: str, first: str, readings: Mapping[date, int]
) -> None:
    """On the first of January November may still be put right, and December is invoiced too."""
    book = booked(make_book, update, f"{first}{FROM_DECEMBER}", at_start=False)
    book.live(TEN, JANUARY, runs=[NOVEMBER, DECEMBER, D(2026, 12, 2), JANUARY])
    put_right(book, readings)
    book.sandbox.set_clock(book._at(JANUARY, time(10)))
    book.run()
    assert book.plan().verdict == "in-step"
    book.live(readings, D(2027, 2, 1), runs=[])
    november = right({day: readings[day] for day in days(NOVEMBER, D(2026, 11, 30))})
    assert book.invoiced() == november + begun(readings[DECEMBER])


@BOTH
@WRONG
def test_a_replay_and_the_invoices_agree(
    make_book: MakeBook, update: str, rise: str, readings: Mapping[date, int], november: Decimal
) -> None:
    book = booked(make_book, update, f"price: 930.00, {rise}")
    book.live(TEN, D(2026, 12, 6), runs=NIGHTS)
    put_right(book, readings)
    book.live(readings, D(2027, 1, 2), runs=NIGHTS)
    for month in (NOVEMBER, DECEMBER, JANUARY):
        found = verify_month(book.around, book.ledger, VerifyOptions(month))
        assert (found.findings, found.count()) == ((), 0), month
    months = run_simulation(book.around, book.ledger, SimulateOptions(NOVEMBER, DECEMBER)).months
    assert [month.would for month in months] == [november, begun(readings[DECEMBER], 1)]
    assert [month.base for month in months] == [month.would for month in months]
