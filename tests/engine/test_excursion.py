"""How far a line goes, whatever it comes back to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.excursion import money_moved, units_moved
from reconciler.model.plan import Change, Money
from tests.engine import builders as make
from tests.engine.test_guards import change

LEVELS = st.lists(st.integers(0, 500), min_size=2, max_size=6)


def steps(levels: list[int]) -> list[Change]:
    """At 20 a unit, each on a day of its own."""
    made = [change(str(n), *pair) for n, pair in enumerate(pairwise(levels))]
    return [replace(one, day=one.day + n * make.ONE_DAY) for n, one in enumerate(made)]


def test_parts_of_one_step_are_no_way_of_their_own() -> None:
    """Eight come at another price than the eight that leave have."""
    parts = [change("a", 10, 18), change("b", 18, 10)]
    after = replace(change("c", 10, 8), day=parts[0].day + make.ONE_DAY)
    assert units_moved([*parts, after]) == (10, 8)
    assert money_moved([*parts, after]) == 2 * 20


def test_a_spike_moves_as_far_as_its_top() -> None:
    spike = steps([10, 5000, 10])
    assert units_moved(spike) == (10, 5000)
    assert money_moved(spike) == 4990 * 20


def test_price_and_units_do_not_net() -> None:
    price = change("p", 100, 100, money=1000, kind="price")
    assert money_moved([price, *steps([100, 50])]) == 2000
    assert units_moved([price]) is None


def test_what_is_prorated_counts_where_it_is_more() -> None:
    one = change("a", 10, 11)
    late = replace(one, money=Money(Decimal(20), Decimal("55.00"), 0, 0))
    assert (money_moved([one]), money_moved([late])) == (Decimal(20), Decimal(55))


@given(LEVELS)
def test_nothing_on_the_way_is_farther(levels: list[int]) -> None:
    found = units_moved(steps(levels))
    assert found is not None
    farthest = abs(found[1] - found[0])
    assert farthest == max(abs(level - levels[0]) for level in levels[1:])
    assert money_moved(steps(levels)) == farthest * 20


def test_a_price_alone_moves_only_its_own_money() -> None:
    assert money_moved([change("p", 100, 100, money=-3, kind="price")]) == 3
