"""The prices of units that come or leave: what is right less what BMS has from that day itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.desired import Desired
from reconciler.engine.known import known_line
from reconciler.engine.layers import layers_of
from reconciler.engine.lines import LineWork, work
from reconciler.model.assumptions import Assumptions
from reconciler.model.settings import DatedSettings
from reconciler.model.timeline import Timeline
from tests.engine import builders as make
from tests.engine.test_lines import bound

D = date
FIRST, RISE, END = D(2026, 3, 1), D(2026, 3, 10), D(2026, 3, 31)
OLD, NEW = Decimal(10), Decimal(20)
UNITS = st.integers(0, 12)
CAME, LEFT = (12, 5, NEW), [(20, -5, NEW), (20, -3, OLD)]
"""Day of March, units, price: five came to ten, and eight left."""


def march(day: int) -> date:
    return D(2026, 3, day)


def at(**days: int) -> Timeline:
    """Units from days of March on: ``_10=5``."""
    return Timeline.of([(march(int(day[1:])), units) for day, units in days.items()])


def case(wanted: Timeline, *writes: tuple[int, int, Decimal]) -> LineWork:
    """A line of ten units whose price rises on the tenth of March, and what was written to it."""
    settings = make.settings(price=OLD)
    line = make.line(
        DatedSettings(D.min, settings), DatedSettings(RISE, replace(settings, price=NEW))
    )
    facts = [make.fact(10, D(2025, 6, 1))]
    facts += [make.fact(n, march(day), ref="A", price=price) for day, n, price in writes]
    known = known_line([make.a_row(date=D(2025, 6, 1))], facts, agreed=True)
    found = work(
        replace(bound(), line=line), known, [], FIRST, D(2026, 4, 1), Assumptions("append")
    )
    return replace(found, first=FIRST, desired=Desired(wanted))


def price_on(day: date) -> Decimal:
    return NEW if day >= RISE else OLD


def layers(asked: LineWork, day: int, before: int, after: int) -> list[tuple[int, Decimal]]:
    found = layers_of(asked, march(day), before, after, price_on)
    assert all(on is None or price_on(on) == price for _, price, on in found)
    return [(units, price) for units, price, _ in found]


@pytest.mark.parametrize(
    ("wanted", "writes", "step", "moved"),
    [
        (at(_1=10, _20=14), [], (20, 10, 14), [(4, NEW)]),
        (at(_1=10, _5=12), [], (5, 10, 12), [(2, OLD)]),
        (at(_1=10, _12=15, _20=7), [CAME], (20, 15, 7), [(-5, NEW), (-3, OLD)]),
        (at(_1=10, _5=15, _20=7), [(5, 5, OLD)], (20, 15, 7), [(-8, OLD)]),
        (at(_1=10, _12=12), [CAME], (12, 15, 12), [(-3, NEW)]),
    ],
    ids=["comes", "came-before", "leaves-newest-first", "leaves-all-old", "came-too-many"],
)
def test_what_leaves_does_so_newest_first(
    wanted: Timeline,
    writes: list[tuple[int, int, Decimal]],
    step: tuple[int, int, int],
    moved: list[tuple[int, Decimal]],
) -> None:
    assert layers(case(wanted, *writes), *step) == moved


def test_what_was_credited_comes_back_at_its_prices_the_last_of_it_first() -> None:
    asked = case(at(_1=10, _12=15, _20=12), CAME, *LEFT)
    assert layers(asked, 20, 7, 12) == [(3, OLD), (2, NEW)]


def test_a_run_that_was_ended_between_two_prices_is_gone_on_with() -> None:
    credited = case(at(_1=10, _12=15, _20=7), CAME, LEFT[0])
    assert layers(credited, 20, 10, 7) == [(-3, OLD)]
    back = case(at(_1=10, _12=15, _20=12), CAME, *LEFT, (20, 3, OLD))
    assert layers(back, 20, 10, 12) == [(2, NEW)]


def test_the_end_of_wrong_days_is_undone_at_the_price_it_had() -> None:
    """Fifteen from the 12th to the 19th were ten in truth: what left on the 20th had come then."""
    asked = case(at(_1=10), CAME, (20, -5, NEW))
    assert layers(asked, 12, 15, 10) == [(-5, NEW)]
    assert layers(asked, 20, 5, 10) == [(5, NEW)]


def test_what_left_at_another_price_than_is_right_is_put_right_with_the_next_step() -> None:
    """The five of the 12th were none in truth, so what left on the 20th were old ones."""
    asked = case(at(_1=10, _20=4), (12, 5, NEW), (12, -5, NEW), (20, -5, NEW))
    assert layers(asked, 20, 5, 4) == [(5, NEW), (-6, OLD)]


def test_units_that_nobody_wrote_have_the_price_of_their_day() -> None:
    asked = case(at(_1=10, _12=12))
    hand = make.fact(5, march(12), source="hand")
    known = known_line(asked.known.rows, [*asked.known.facts, hand], agreed=True)
    assert layers(replace(asked, known=known), 12, 15, 12) == [(-3, NEW)]


def test_units_in_all_undo_what_came_after_them() -> None:
    asked = case(at(_1=10, _12=12, _20=12), CAME, (20, -4, NEW))
    whole = make.fact(11, march(12), effect="set", ref="B", price=NEW)
    known = known_line(asked.known.rows, [*asked.known.facts, whole], agreed=True)
    assert layers(replace(asked, known=known), 12, 11, 12) == [(1, NEW)]


def test_where_an_earlier_day_is_left_alone_the_step_itself_is_priced() -> None:
    asked = case(at(_1=10, _12=12, _20=7), CAME)
    assert layers(asked, 20, 15, 7) == [(-5, NEW), (-3, OLD)]


MOVES = st.dictionaries(st.integers(2, 30), UNITS, max_size=4)


@given(had=MOVES, wanted=MOVES)
def test_the_units_of_a_step_are_all_priced(
    had: Mapping[int, int], wanted: Mapping[int, int]
) -> None:
    """Whatever BMS has: the parts of every day's step add up to it."""
    level, writes = 10, []
    for of, units in sorted(had.items()):
        writes.append((of, units - level, price_on(march(of))))
        level = units
    right = Timeline.of([(FIRST, 10), *((march(day), n) for day, n in wanted.items())])
    asked = case(right, *writes)
    have = asked.known.timeline
    for day in make.days(FIRST, END):
        before, after = have.at(day) or 0, right.at(day) or 0
        if before != after:
            assert sum(n for n, _ in layers(asked, day.day, before, after)) == after - before
            have = have.adding(day, after - before)
