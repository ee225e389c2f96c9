from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.expected import billed_for
from reconciler.engine.fitting import Billed, Due, fit, same
from reconciler.engine.proration import half_a_minor_unit
from reconciler.model.bms import InvoiceLine
from reconciler.model.verification import Part, PartKind

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
ZERO = Decimal(0)


def part(kind: PartKind, units: int, price: str = "10.00", days: int = 30, index: int = 0) -> Part:
    bare = Part(kind, FIRST, units, Decimal(price), 0, 1, FIRST, LAST, (index,), ZERO, ZERO)
    return billed_for(bare, days, 30, "USD")


def billed(*lines: tuple[str, str]) -> Billed:
    return Billed(
        tuple(
            InvoiceLine(
                n, 1, 5, "alpha", "", "", Decimal(q), Decimal(p), Decimal(q) * Decimal(p), FIRST
            )
            for n, (q, p) in enumerate(lines)
        )
    )


def due(*parts: Part, early: tuple[Part, ...] = (), left: tuple[Part, ...] = ()) -> Due:
    return Due(parts, frozenset(), early, left)


FULL = part("full", 10)
LATE = part("late", 2, days=15, index=1)
INSIDE = part("prorated", 3, days=9, index=2)


@pytest.mark.parametrize(
    ("currency", "half"), [("USD", "0.005"), ("JPY", "0.5"), ("KWD", "0.0005")]
)
def test_two_amounts_are_the_same_within_half_a_minor_unit(currency: str, half: str) -> None:
    assert half_a_minor_unit(currency) == Decimal(half)


def test_half_a_cent_off_is_the_same_and_a_cent_is_not() -> None:
    assert same([FULL], Decimal("100.005"), "USD")
    assert not same([FULL], Decimal("100.01"), "USD")


def test_either_place_of_rounding_is_the_same() -> None:
    odd = part("prorated", 3, "9.99", days=15)
    assert same([odd], Decimal("14.99"), "USD")
    assert same([odd], Decimal("15.00"), "USD")
    assert not same([odd], Decimal("14.97"), "USD")


def test_all_that_is_due_is_tried_first() -> None:
    found = fit(
        due(FULL, LATE, early=(INSIDE,), left=(INSIDE,)), billed(("12", "0"), ("11", "10")), "USD"
    )
    assert found is not None
    assert (found.parts, found.early, found.caught_up, found.left_open) == (
        (FULL, LATE),
        (),
        (),
        (),
    )


def test_a_change_that_it_may_have_known_fits() -> None:
    found = fit(due(FULL, early=(LATE,)), billed(("10", "10"), ("2", "5")), "USD")
    assert found is not None
    assert found.early == (LATE,)


def test_a_change_that_it_may_have_missed_fits_and_is_not_left_open() -> None:
    asked = Due((FULL, LATE), frozenset({1}), (), ())
    found = fit(asked, billed(("10", "10")), "USD")
    assert found is not None
    assert (found.later, found.left_open) == ((LATE,), ())


def test_what_an_earlier_invoice_left_fits() -> None:
    found = fit(due(FULL, left=(LATE, INSIDE)), billed(("10", "10"), ("3", "3")), "USD")
    assert found is not None
    assert found.caught_up == (INSIDE,)


def test_without_one_change_it_is_left_open() -> None:
    found = fit(due(FULL, LATE, INSIDE), billed(("10", "10"), ("3", "3")), "USD")
    assert found is not None
    assert found.left_open == (LATE,)


def test_money_alone_does_not_leave_a_change_open() -> None:
    assert fit(due(FULL, LATE), billed(("11", "10"), ("-2", "5")), "USD") is None


def test_a_full_line_is_never_left_open() -> None:
    assert fit(due(FULL, LATE), billed(("2", "5")), "USD") is None


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 30)), max_size=5))
def test_what_is_due_always_fits_itself(made: list[tuple[int, int]]) -> None:
    parts = [part("prorated", units, days=days, index=n) for n, (units, days) in enumerate(made)]
    lines = [(str(p.units), str(p.per_unit / p.units)) for p in parts if p.units]
    found = fit(due(*parts), billed(*lines), "USD")
    assert found is not None
    assert not found.left_open
