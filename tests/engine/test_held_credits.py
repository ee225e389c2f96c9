"""What an invoice leaves of the days before it, where the policy holds credits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.desired import desired
from reconciler.engine.invoiced import Closing
from reconciler.engine.nightly import nightly
from reconciler.engine.periods import Schedule
from reconciler.engine.question import Question
from reconciler.model.settings import Adjust, DatedSettings, Decrease, Increase, Over
from reconciler.model.timeline import Timeline
from tests.engine import builders as make

D = date
JANUARY, FEBRUARY, END = D(2026, 1, 1), D(2026, 2, 1), D(2026, 1, 31)
UNITS = st.integers(0, 9)
TWO_MONTHS = st.lists(st.tuples(UNITS, st.integers(1, 12)), min_size=1, max_size=8).map(
    lambda runs: [units for units, days in runs for _ in range(days)][:58]
)
"""Readings of at most that many days."""
POLICY = st.fixed_dictionaries(
    {
        "over": st.sampled_from(get_args(Over)),
        "increase": st.sampled_from(get_args(Increase)),
        "decrease": st.sampled_from(get_args(Decrease)),
    }
)


def question(
    *values: int | None, had: int = 12, closed: date | None = END, **policy: Any
) -> Question:
    settings = make.settings(credits="hold", late="prorated-transaction", **policy)
    return Question(
        line=make.line(settings),
        inputs=[make.an_input(make.series(*values))],
        schedule=make.monthly(),
        first=JANUARY,
        as_of=JANUARY + len(values) * make.ONE_DAY,
        known=Timeline.of([(JANUARY - make.ONE_DAY, had)]),
        exists=True,
        closed=closed,
    )


def test_a_count_that_came_down_again_before_the_invoice_is_not_raised_to_after_it() -> None:
    """It was written from the month's start each day that it fell, and invoiced at the last."""
    asked = question(*[15] * 8, *[6] * 25, closed=None, over="average", decrease="period-start")
    written = desired(replace(asked, as_of=FEBRUARY)).timeline
    assert written.at(JANUARY) == written.at(END) == 9
    asked = replace(asked, closed=END, known=Timeline.of([*asked.known.steps, *written.steps]))
    found = desired(asked)
    assert (found.timeline.at(JANUARY), found.timeline.at(END)) == (9, 9)
    assert found.timeline.at(FEBRUARY) == 6


def test_what_is_held_begins_after_the_invoice() -> None:
    found = desired(question(12, 12, 8, 8))
    assert found.timeline.steps == ((JANUARY, 12),)
    assert [(one.day, one.units) for one in found.scheduled] == [(FEBRUARY, 8)]


def test_nothing_that_is_held_begins_after_its_contract() -> None:
    asked = replace(
        question(12, 12, 8, 8), schedule=Schedule(JANUARY, "monthly", calendar=True, end=END)
    )
    assert desired(asked).scheduled == ()


def test_credits_are_held_on_the_days_alone_whose_settings_say_so() -> None:
    asked = question(12, 12, *[8] * 20)
    later = make.settings(late="prorated-transaction")
    dated = make.line(asked.line.settings[0].settings, DatedSettings(D(2026, 1, 10), later))
    found = desired(replace(asked, line=dated)).timeline
    assert found.steps == ((JANUARY, 12), (D(2026, 1, 10), 8))


def test_a_decrease_of_days_before_the_setting_lowers_no_later_than_it_lasts() -> None:
    """The tenth to the fourteenth were 10 and not 12, and so was a raise of the eighteenth."""
    asked = question(*[10] * 14, *[12] * 6, had=10)
    free = replace(asked.line.settings[0].settings, credits="now")
    hold = DatedSettings(D(2026, 1, 15), asked.line.settings[0].settings)
    had = [*asked.known.steps, (D(2026, 1, 10), 12), (D(2026, 1, 18), 15)]
    asked = replace(asked, line=make.line(free, hold), known=Timeline.of(had))
    assert desired(asked).timeline.steps[1:] == ((D(2026, 1, 15), 12), (D(2026, 1, 18), 15))


@pytest.mark.parametrize("adjust", get_args(Adjust))
@given(
    values=st.lists(UNITS, min_size=5, max_size=50),
    over=st.sampled_from(get_args(Over)),
    decrease=st.sampled_from(get_args(Decrease)),
    had=UNITS,
    until=st.integers(1, 50),
)
def test_an_invoice_that_holds_credits_leaves_more_and_nothing_else(
    adjust: Adjust, values: list[int], over: Over, decrease: Decrease, had: int, until: int
) -> None:
    """On its days the more of what is there and what would be right; after it what is right."""
    closed = JANUARY + make.ONE_DAY * until
    asked = question(*values, had=had, closed=closed, adjust=adjust, over=over, decrease=decrease)
    free, held = (desired(replace(asked, closed=day)).timeline for day in (None, closed))
    for day in make.days(JANUARY, asked.as_of):
        there, right = asked.known.at(day) or 0, free.at(day) or 0
        assert held.at(day) == (max(there, right) if day <= closed else right)


@pytest.mark.parametrize("adjust", get_args(Adjust))
@pytest.mark.parametrize("arrears", [False, True])
@given(
    values=TWO_MONTHS,
    policy=POLICY,
    had=UNITS,
    after=st.integers(0, 5),
)
def test_one_late_run_gives_what_one_each_night_would(
    adjust: Adjust,
    arrears: bool,
    values: list[int],
    policy: dict[str, str],
    had: int,
    after: int,
) -> None:
    """But for what was to be lowered before an invoice: after it that would be a credit."""
    asked = question(*values, had=had, closed=None, adjust=adjust, **policy)
    months = [(JANUARY, END), (FEBRUARY, D(2026, 2, 28))]
    made = [(last + make.ONE_DAY if arrears else first, last) for first, last in months]
    found = [Closing(day + after * make.ONE_DAY, last) for day, last in made]
    found = [one for one in found if one.day < asked.as_of]
    closed = max((one.last for one in found), default=None)
    each = nightly(asked, found)
    late = desired(replace(asked, closed=closed, closings=found)).timeline
    for day in make.days(JANUARY, asked.as_of):
        nights = each.at(day) or 0
        invoiced = closed is not None and day <= closed
        assert late.at(day) == (max(nights, had) if invoiced else nights), day


@pytest.mark.parametrize("adjust", get_args(Adjust))
@given(
    values=TWO_MONTHS,
    policy=POLICY,
    had=UNITS,
    since=st.integers(1, 50),
    holds_first=st.booleans(),
)
def test_a_setting_that_begins_within_an_invoice_holds_what_begins_from_then_on(
    adjust: Adjust,
    values: list[int],
    policy: dict[str, str],
    had: int,
    since: int,
    holds_first: bool,
) -> None:
    """Invoiced in advance, each on its day. A run that comes after one invoice more than nightly
    ones finds it made at what the line had."""
    asked = question(*values, had=had, closed=None, adjust=adjust, **policy)
    hold = asked.line.settings[0].settings
    now = replace(hold, credits="now")
    first, then = (hold, now) if holds_first else (now, hold)
    dated = make.line(first, DatedSettings(JANUARY + since * make.ONE_DAY, then))
    asked = replace(asked, line=dated)
    found = [Closing(JANUARY, END), Closing(FEBRUARY, D(2026, 2, 28))]
    found = [one for one in found if one.day < asked.as_of]
    each = nightly(asked, found)
    late = desired(replace(asked, closed=found[-1].last, closings=found)).timeline
    for day in make.days(JANUARY, asked.as_of):
        nights, there = each.at(day) or 0, late.at(day) or 0
        assert nights <= there <= (nights if day < FEBRUARY else max(nights, had)), day
