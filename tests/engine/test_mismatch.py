from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from reconciler.engine.expected import Convention, priced
from reconciler.engine.fitting import Billed
from reconciler.engine.mismatch import Mismatch, explain
from reconciler.engine.periods import Schedule
from reconciler.model.bms import InvoiceLine
from reconciler.model.verification import Part, PartKind

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
SCHEDULE = Schedule(date(2026, 1, 1), "monthly", calendar=True)
PLAIN = Convention("actual", change_day_billed=True, currency="USD")
ZERO = Decimal(0)


def part(kind: PartKind, units: int, price: str, day: date = FIRST) -> Part:
    bare = Part(kind, day, units, Decimal(price), 0, 1, FIRST, LAST, (day.day,), ZERO, ZERO)
    return priced(bare, SCHEDULE.containing(FIRST), SCHEDULE, PLAIN)


def told(parts: list[Part], *lines: tuple[int | str, str]) -> tuple[str, ...]:
    """What is said of parts, when these quantities and unit prices were billed."""
    items = tuple(
        InvoiceLine(
            n, 1, 5, "alpha", "", "", Decimal(q), Decimal(p), Decimal(q) * Decimal(p), FIRST
        )
        for n, (q, p) in enumerate(lines)
    )
    return explain(Mismatch(parts, Billed(items), SCHEDULE, PLAIN))


TEN = part("full", 10, "20.00")
TWO = part("prorated", 2, "20.00", date(2026, 11, 16))


@given(st.integers(1, 99), st.integers(1, 99))
def test_other_units_are_counted(has: int, bills: int) -> None:
    assume(has != bills)
    off = abs(bills - has)
    word, sense = ("unit" if off == 1 else "units"), ("more" if bills > has else "fewer")
    (said,) = told([part("full", has, "7.05")], (bills, "7.05"))
    assert said == f"units: {off} {word} {sense} than the ledger knows, over a whole period"


@given(st.integers(2, 30), st.integers(0, 29))
def test_other_days_of_one_change_are_counted(day: int, days: int) -> None:
    change = part("prorated", 3, "300.00", date(2026, 11, day))
    assume(days != change.days)
    said = told([TEN, change], (10, "20.00"), (3, f"{10 * days}.00"))
    assert any(f"{days} days of 30, not {change.days}" in one for one in said) or any(
        "would give it" in one for one in said
    )


def test_a_price_is_named_only_where_the_units_are_right() -> None:
    assert told([TEN], (10, "21.00")) == ("price: 21.00 for a unit, where the line has 20.00",)
    assert told([TEN], (9, "21.00")) == ()


def test_another_price_is_named_where_part_of_it_is_prorated_too() -> None:
    whole, more = part("full", 10, "110.00"), part("prorated", 2, "110.00", date(2026, 11, 16))
    other = ("price: 95.00 for a unit, where the line has 110.00",)
    assert told([whole, more], (10, "95.00"), (2, "47.50")) == other
    assert told([whole, more], (12, "95.00")) != other
    assert told([whole, more], (11, "95.00"), (2, "47.50")) != other


def test_the_one_of_two_prices_that_was_billed_for_both_is_named() -> None:
    parts = [part("full", 8, "95.00"), part("full", 2, "110.00")]
    other = "price: 95.00 for a unit, where the line has 110.00"
    assert told(parts, (10, "95.00")) == (other,)


def test_the_other_side_of_an_assumption_is_named() -> None:
    said = told([TEN, TWO], (10, "20.00"), (2, "9.33"))
    assert "days: `day_count: actual` with `change_day: free` would give it" in said


def test_a_cent_is_rounding_only_where_something_is_prorated() -> None:
    said = told([TEN, TWO], (10, "20.00"), (2, "10.005"))
    assert said[0] == "rounding: the prorated lines were rounded in another way"
    assert told([part("full", 1, "20.00")], (1, "20.01")) == (
        "price: 20.01 for a unit, where the line has 20.00",
    )


def test_a_change_twice_is_named_unless_the_quantity_says_otherwise() -> None:
    twice = "units: the change of +2 from 2026-11-16 is billed twice"
    assert twice in told([TEN, TWO], (10, "20.00"), (2, "10.00"), (2, "10.00"))
    assert twice not in told([TEN, TWO], (11, "20.00"), (2, "10.00"))


def test_a_broken_quantity_contradicts_no_number_of_units() -> None:
    """Some systems bill part of a unit where others bill part of a price."""
    (said,) = told([TEN, TWO], ("12.5", "20.00"), ("1", "30.00"))
    assert said == "units: 3 units more than the ledger knows, over a whole period"


def test_never_more_than_two_are_named() -> None:
    assert len(told([TEN, TWO], (10, "20.00"), (2, "9.67"))) <= 2


def test_where_nothing_explains_it_nothing_is_said() -> None:
    assert told([TEN], (7, "23.71")) == ()
