"""The prices of units that come or leave: what is right less what BMS has from that day itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.desired import Desired
from reconciler.engine.known import known_line
from reconciler.engine.layers import moved_on
from reconciler.engine.lines import LineWork, work
from reconciler.model.assumptions import Assumptions
from reconciler.model.settings import DatedSettings
from reconciler.model.timeline import Timeline
from tests.engine import builders as make
from tests.engine.test_lines import bound

D = date
FIRST, RISE, END = D(2026, 3, 1), D(2026, 3, 10), D(2026, 3, 31)
OLD = RISE - timedelta(days=1)
"""The newest day with the old price."""
UNITS = st.integers(0, 12)


def at(**days: int) -> Timeline:
    """Units from days of March on: ``_10=5``."""
    return Timeline.of([(D(2026, 3, int(day[1:])), units) for day, units in days.items()])


def case(known: Timeline, wanted: Timeline) -> LineWork:
    """A line whose price rises on the tenth of March."""
    settings = make.settings(price=Decimal(10))
    line = make.line(
        DatedSettings(D.min, settings), DatedSettings(RISE, replace(settings, price=Decimal(20)))
    )
    facts = [make.fact(10, D(2025, 6, 1))]
    have = known_line([make.a_row(date=D(2025, 6, 1))], facts, agreed=True)
    there = work(replace(bound(), line=line), have, [], FIRST, D(2026, 4, 1), Assumptions("append"))
    had = Timeline.of([(D(2025, 6, 1), 10), *known.steps])
    return replace(there, first=FIRST, known=replace(have, timeline=had), desired=Desired(wanted))


@pytest.mark.parametrize(
    ("known", "wanted", "day", "moved"),
    [
        (at(), at(_1=10, _20=14), 20, [(4, D(2026, 3, 20))]),
        (at(_12=15), at(_1=10, _12=15, _20=7), 20, [(-5, D(2026, 3, 20)), (-3, OLD)]),
        (at(_5=15), at(_1=10, _5=15, _20=7), 20, [(-8, OLD)]),
        (at(_12=15), at(_1=10, _12=12, _20=12), 12, [(-3, D(2026, 3, 12))]),
    ],
    ids=["comes", "leaves-newest-first", "leaves-all-old", "came-too-many"],
)
def test_what_leaves_does_so_newest_first(
    known: Timeline, wanted: Timeline, day: int, moved: list[tuple[int, date]]
) -> None:
    asked = case(known, wanted)
    on = D(2026, 3, day)
    before, after = asked.known.timeline.at(on) or 0, wanted.at(on) or 0
    assert moved_on(asked, on, before, after) == moved


def test_what_was_credited_comes_back_at_its_prices_the_last_of_it_first() -> None:
    """Five at the new price and three at the old one were credited on the 20th."""
    asked = case(at(_12=15, _20=7), at(_1=10, _12=15, _20=12))
    assert moved_on(asked, D(2026, 3, 20), 7, 12) == [(3, OLD), (2, D(2026, 3, 20))]


def test_the_end_of_wrong_days_is_undone_at_the_price_it_had() -> None:
    """Fifteen from the 12th to the 19th were ten in truth: what left on the 20th had come then."""
    asked = case(at(_12=15, _20=10), at(_1=10))
    assert moved_on(asked, D(2026, 3, 12), 15, 10) == [(-5, D(2026, 3, 12))]
    assert moved_on(asked, D(2026, 3, 20), 5, 10) == [(5, D(2026, 3, 20))]


def test_where_an_earlier_day_is_left_alone_the_step_itself_is_priced() -> None:
    asked = case(at(_12=15), at(_1=10, _12=12, _20=7))
    assert moved_on(asked, D(2026, 3, 20), 15, 7) == [(-5, D(2026, 3, 20)), (-3, OLD)]


@given(
    had=st.dictionaries(st.integers(2, 30), UNITS, max_size=4),
    wanted=st.dictionaries(st.integers(2, 30), UNITS, max_size=4),
)
def test_the_units_of_a_step_are_all_priced(
    had: Mapping[int, int], wanted: Mapping[int, int]
) -> None:
    """Whatever BMS has: the parts of every day's step add up to it."""
    there = Timeline.of([(D(2026, 3, day), units) for day, units in had.items()])
    right = Timeline.of([(FIRST, 10), *((D(2026, 3, day), n) for day, n in wanted.items())])
    asked = case(there, right)
    have = asked.known.timeline
    for day in make.days(FIRST, END):
        before, after = have.at(day) or 0, right.at(day) or 0
        if before != after:
            assert sum(n for n, _ in moved_on(asked, day, before, after)) == after - before
            have = have.adding(day, after - before)
