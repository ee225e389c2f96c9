"""The desired timeline against a walk day by day, and what a missing reading may never do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.desired import desired
from reconciler.engine.diff import Post, Rules, difference
from reconciler.engine.question import Question
from reconciler.engine.units import units_of
from reconciler.model.assumptions import Assumptions
from reconciler.model.settings import Adjust, Carry, Decrease, Increase, LineSettings, Over
from reconciler.model.timeline import Timeline
from tests.engine import builders as make
from tests.engine import naive

FIRST = date(2026, 1, 1)
SPAN = 75


@st.composite
def policies(draw: st.DrawFn) -> LineSettings:
    return make.settings(
        adjust=draw(st.sampled_from(get_args(Adjust))),
        over=draw(st.sampled_from(get_args(Over))),
        increase=draw(st.sampled_from(get_args(Increase))),
        decrease=draw(st.sampled_from(get_args(Decrease))),
        gap_days=draw(st.sampled_from([0, 0, 2])),
    )


@st.composite
def timelines(draw: st.DrawFn, first: date) -> Timeline:
    """Known from the day before ``first``, or from it, with steps of its own."""
    begin = first - make.ONE_DAY * draw(st.integers(0, 1))
    offsets = draw(st.lists(st.integers(0, SPAN), max_size=4))
    steps = [(first + make.ONE_DAY * n, draw(st.integers(0, 9))) for n in offsets]
    return Timeline.of([(begin, draw(st.integers(0, 9))), *steps])


WHOLE = st.lists(st.integers(0, 9), min_size=SPAN, max_size=SPAN)
HOLED = st.lists(st.none() | st.integers(0, 9), min_size=SPAN, max_size=SPAN)
STEADY = st.lists(
    st.tuples(st.none() | st.integers(0, 9), st.integers(1, 25)), min_size=5, max_size=20
).map(lambda runs: [value for value, length in runs for _ in range(length)][:SPAN])
QUANTITIES = WHOLE | HOLED | STEADY


@st.composite
def questions(draw: st.DrawFn) -> tuple[Question, LineSettings, Sequence[int | None]]:
    values = draw(QUANTITIES)
    wanted = draw(policies())
    first = FIRST + make.ONE_DAY * draw(st.sampled_from([0, 5, 31, 40]))
    as_of = first + make.ONE_DAY * draw(st.integers(1, 70))
    question = Question(
        line=make.line(wanted),
        inputs=[make.an_input(make.series(*values))],
        schedule=make.monthly(FIRST),
        first=first,
        as_of=as_of,
        known=draw(timelines(first)),
        exists=True,
    )
    return question, wanted, values


def _counts(
    question: Question, wanted: LineSettings, values: Sequence[int | None]
) -> dict[date, tuple[int | None, bool]]:
    readings = {
        day: Decimal(value)
        for day, value in zip(make.days(FIRST, date(2027, 1, 1)), values, strict=False)
        if value is not None
    }
    out = {}
    for day in make.days(question.first, question.as_of - make.ONE_DAY):
        count = naive.over_period([naive.Part(readings)], wanted, question.schedule, day)
        out[day] = (units_of(count.value, wanted), count.sure)
    return out


@settings(max_examples=200)
@given(questions())
def test_the_timeline_is_that_of_a_walk_day_by_day(
    case: tuple[Question, LineSettings, Sequence[int | None]],
) -> None:
    question, wanted, values = case
    counts = _counts(question, wanted, values)
    expected, pending = naive.walk(
        counts, wanted, question.schedule, question.first, question.known
    )
    found = desired(question)
    assert {day: found.timeline.at(day) for day in expected} == expected
    period = question.schedule.containing(question.as_of - make.ONE_DAY)
    if pending is None or _is_overtaken(question, counts, pending, max(expected.items())[1]):
        assert found.scheduled == ()
    elif period.end <= question.as_of:
        assert found.timeline.at(question.as_of) == pending
    else:
        assert [(entry.day, entry.units) for entry in found.scheduled] == [(period.end, pending)]


TEN_THEN_TWELVE = Timeline(((date(2025, 12, 1), 10), (date(2026, 2, 1), 12)))
"""A step on the day on which what January left begins."""


def _february_without_its_last_reading(**policy: Any) -> Timeline:
    """January's count is 8, and February's 9 as far as it is known."""
    question = Question(
        line=make.line(make.settings(adjust="month-end", **policy)),
        inputs=[make.an_input(make.series(*[8] * 31, *[9] * 27, None))],
        schedule=make.monthly(FIRST),
        first=FIRST,
        as_of=date(2026, 3, 1),
        known=TEN_THEN_TWELVE,
        exists=True,
    )
    return desired(question).timeline


@pytest.mark.parametrize("over", ["last", "peak"])
@pytest.mark.parametrize("carry", ["level", "last"])
def test_a_true_up_from_the_periods_start_stands_where_its_count_is_no_longer_sure(
    over: Over, carry: Carry
) -> None:
    found = _february_without_its_last_reading(
        over=over, carry=carry, increase="period-start", decrease="next-period"
    )
    assert found.at(date(2026, 1, 31)) == 10
    assert found.at(date(2026, 2, 28)) == found.at(date(2026, 2, 1)) == 12


@pytest.mark.parametrize("increase", ["change-date", "next-period"])
def test_what_waited_for_a_period_begins_where_no_true_up_can_have_made_what_bms_has(
    increase: Increase,
) -> None:
    found = _february_without_its_last_reading(increase=increase, decrease="next-period")
    assert found.at(date(2026, 1, 31)) == 10
    assert found.at(date(2026, 2, 28)) == found.at(date(2026, 2, 1)) == 8


def _is_overtaken(
    question: Question,
    counts: dict[date, tuple[int | None, bool]],
    pending: int,
    level: int,
) -> bool:
    """A step of BMS's on the day of the plan is kept where the last count does not tell."""
    _, sure = counts[question.as_of - make.ONE_DAY]
    if sure or question.as_of not in question.known.days():
        return False
    there = question.known.at(question.as_of)
    return there == pending or there != level


@settings(max_examples=60)
@given(questions())
def test_without_any_reading_bms_keeps_what_it_has(
    case: tuple[Question, LineSettings, Sequence[int | None]],
) -> None:
    question, _, _ = case
    unread = Question(
        question.line,
        [make.an_input(None)],
        question.schedule,
        question.first,
        question.as_of,
        question.known,
        exists=True,
    )
    rules = Rules(Assumptions(line_update="append"), question.first, question.as_of)
    later = question.as_of + make.ONE_DAY
    for step in difference(desired(unread).timeline, question.known, rules):
        assert not isinstance(step, Post), step
        assert step.day >= later


@settings(max_examples=100)
@given(questions(), st.sets(st.integers(0, SPAN - 1), max_size=30))
def test_a_missing_reading_never_lowers_a_daily_line_on_its_day(
    case: tuple[Question, LineSettings, Sequence[int | None]], lost: set[int]
) -> None:
    question, wanted, values = case
    holed = [None if n in lost else value for n, value in enumerate(values)]
    moved = "change-date"
    daily = make.settings(
        over=wanted.over, gap_days=wanted.gap_days, increase=moved, decrease=moved
    )
    found = desired(
        Question(
            make.line(daily),
            [make.an_input(make.series(*holed) if any(v is not None for v in holed) else None)],
            question.schedule,
            question.first,
            question.as_of,
            question.known,
            exists=True,
        )
    ).timeline
    for n in lost:
        day = FIRST + make.ONE_DAY * n
        if not question.first < day < question.as_of:
            continue
        before, now, bms = (
            found.at(day - make.ONE_DAY),
            found.at(day),
            question.known.at(day),
        )
        assert before is not None
        assert now is not None
        assert bms is not None
        assert now >= min(before, bms)
