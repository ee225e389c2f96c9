"""The short way for steady lines against the walk over the days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.desired import desired, walked
from reconciler.engine.question import Question
from reconciler.engine.steady import steady
from reconciler.model.settings import Adjust, Decrease, FixedUnits, Increase, Late, Over
from reconciler.model.timeline import Timeline
from tests.engine import builders as make

AS_OF = date(2026, 3, 20)
QUIET = make.series(*[7] * 120)
AT_SEVEN = Timeline(((make.START, 7),))


def a_question(**values: Any) -> Question:
    given: dict[str, Any] = {
        "line": make.line(),
        "inputs": [make.an_input(QUIET)],
        "schedule": make.monthly(),
        "first": date(2026, 2, 1),
        "as_of": AS_OF,
        "known": AT_SEVEN,
        "exists": True,
    }
    return Question(**{**given, **values})


def after(days: int) -> date:
    return make.START + make.ONE_DAY * days


def mostly(usual: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 11).flatmap(lambda n: other if n == 11 else st.just(usual))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Mostly steady, and off in one place or another."""
    units = draw(st.integers(0, 3))
    counts = st.integers(0, 3)
    rules = make.settings(
        adjust=draw(mostly("daily", st.sampled_from(get_args(Adjust)))),
        over=draw(mostly("last", st.sampled_from(get_args(Over)))),
        increase=draw(st.sampled_from(get_args(Increase))),
        decrease=draw(st.sampled_from(get_args(Decrease))),
        late=draw(st.sampled_from(get_args(Late))),
        gap_days=draw(st.sampled_from([0, 2])),
        included=draw(mostly(0, st.just(1))),
        minimum=draw(mostly(None, st.just(2))),
        fixed=draw(mostly(None, st.builds(FixedUnits, counts, st.just("agreed")))),
    )
    values: list[int | None] = [units] * 90
    for _ in range(draw(mostly(0, st.integers(1, 2)))):
        at = draw(st.integers(0, 89))
        values[at:] = [draw(st.none() | counts)] * draw(st.integers(1, 90 - at))
    first = after(draw(st.integers(0, 70)))
    steps = draw(mostly([], st.lists(st.tuples(st.integers(-40, 80), counts), max_size=2)))
    begins = st.sampled_from([date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)])
    entry = make.an_input(make.series(*values), subtract=draw(mostly(False, st.just(True))))
    return a_question(
        line=make.line(rules, last_day=draw(mostly(None, st.just(after(60))))),
        inputs=[entry] * draw(mostly(1, st.sampled_from([0, 2]))),
        schedule=make.monthly(end=draw(mostly(None, st.just(first + make.ONE_DAY * 25)))),
        first=first,
        as_of=min(first + make.ONE_DAY * draw(st.integers(0, 40)), after(90)),
        known=Timeline.of([(after(-40), units), *((after(n), more) for n, more in steps)]),
        exists=draw(mostly(True, st.just(False))),
        closed=draw(st.none() | st.just(after(45))),
        edited=draw(mostly(False, st.just(True))),
        counts_from=draw(st.sampled_from([date.min, first])),
        begun=draw(mostly({}, st.dictionaries(begins, st.none() | counts))),
        ours=draw(st.sets(begins)),
    )


@settings(max_examples=600)
@given(questions())
def test_the_short_way_gives_what_the_walk_gives(question: Question) -> None:
    long = walked(question)
    assert desired(question) == long
    if steady(question) is not None:
        # So no run needs to remember with what it was entered.
        assert long.entered is not None
        assert all(question.known.at(day) == units for day, units in long.entered.items())


@settings(max_examples=200)
@given(st.integers(0, 9), st.integers(0, 80), st.integers(1, 39))
def test_a_line_at_its_one_reading_goes_the_short_way(units: int, first: int, more: int) -> None:
    begin = after(first)
    question = a_question(
        inputs=[make.an_input(make.series(*[units] * 120))],
        first=begin,
        as_of=begin + make.ONE_DAY * more,
        known=Timeline(((make.START, units),)),
    )
    found = steady(question)
    assert found is not None
    assert (found[0], found[1]) == (walked(question).timeline, walked(question).newest)


def test_dimensions_may_go_the_short_way_too() -> None:
    found = make.dimensioned({"Desktop": [7] * 120, "Server": [3] * 120})
    question = a_question(inputs=[make.an_input(found, of=("Desktop",))])
    assert steady(question) is not None
    assert desired(question) == walked(question)


@pytest.mark.parametrize("closed", [date(2026, 1, 31), date(2026, 2, 15), date(2026, 3, 19)])
@pytest.mark.parametrize("late", get_args(Late))
def test_what_is_invoiced_begins_a_count_anew_as_on_the_walk(closed: date, late: Late) -> None:
    question = a_question(line=make.line(make.settings(late=late)), closed=closed)
    assert steady(question) is not None
    assert desired(question) == walked(question)


LONG_WAY: dict[str, dict[str, Any]] = {
    "a line BMS lacks": {"exists": False},
    "rules edited today": {"edited": True},
    "a last day": {"line": make.line(last_day=AS_OF)},
    "other units": {"known": Timeline(((make.START, 8),))},
    "units known later": {"known": Timeline(((date(2026, 2, 2), 7),))},
    "units unknown": {"known": Timeline()},
    "a step of BMS's own": {"known": Timeline(((make.START, 6), (date(2026, 3, 1), 7)))},
    "another reading once": {"inputs": [make.an_input(make.series(*[7] * 60, 8, *[7] * 59))]},
    "a missing day": {"inputs": [make.an_input(make.series(*[7] * 60, None, *[7] * 59))]},
    "readings that stop": {"inputs": [make.an_input(make.series(*[7] * 70))]},
    "readings that start late": {"inputs": [make.an_input(make.series(7, first=AS_OF))]},
    "no reading": {"inputs": [make.an_input(None)]},
    "nothing mapped": {"inputs": []},
    "two organizations": {"inputs": [make.an_input(QUIET), make.an_input(QUIET)]},
    "a term to subtract": {"inputs": [make.an_input(QUIET, subtract=True)]},
    "an exclusion that ended": {"inputs": [make.an_input(QUIET, since=date(2026, 3, 1))]},
    "fixed units": {"line": make.line(make.settings(fixed=FixedUnits(7, "agreed")))},
    "a true-up": {"line": make.line(make.settings(adjust="month-end"))},
    "a peak": {"line": make.line(make.settings(over="peak"))},
    "a contract that ended": {"schedule": make.monthly(end=date(2026, 3, 10))},
    "nothing writable yet": {"first": AS_OF},
}


@pytest.mark.parametrize("what", LONG_WAY)
def test_anything_else_is_walked(what: str) -> None:
    assert steady(a_question()) is not None
    assert steady(replace(a_question(), **LONG_WAY[what])) is None
