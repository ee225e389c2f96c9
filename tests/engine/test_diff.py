from __future__ import annotations

from datetime import date
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.diff import (
    ByHand,
    Difference,
    Later,
    Post,
    Rules,
    TooEarly,
    UnitsUnknown,
    difference,
)
from reconciler.model.assumptions import Assumptions
from reconciler.model.timeline import Timeline
from tests.engine.builders import ONE_DAY, days

FIRST, AS_OF = date(2026, 1, 1), date(2026, 2, 1)
STEPS = st.dictionaries(st.dates(FIRST, AS_OF), st.integers(0, 20), max_size=6)
Mode = Literal["append", "upsert"]


def rules(mode: Mode | None = "append", **values: Any) -> Rules:
    newest = values.pop("newest_reply", None)
    return Rules(Assumptions(line_update=mode, **values), FIRST, AS_OF, newest)


def timeline(steps: dict[date, int], before: int | None = 10) -> Timeline:
    start = [] if before is None else [(FIRST - ONE_DAY, before)]
    return Timeline.of([*start, *steps.items()])


def played(known: Timeline, steps: tuple[Difference, ...], mode: Mode) -> Timeline:
    for step in steps:
        assert isinstance(step, Post)
        if mode == "append":
            known = known.adding(step.day, step.posts)
        else:
            known = known.setting(step.day, step.posts)
    return known


@pytest.mark.parametrize("mode", ["append", "upsert"])
@given(wanted=STEPS, had=STEPS)
def test_carrying_out_the_differences_gives_what_is_desired(
    wanted: dict[date, int], had: dict[date, int], mode: Mode
) -> None:
    desired, known = timeline(wanted), timeline(had)
    steps = difference(desired, known, rules(mode))
    after = played(known, steps, mode)
    assert all(after.at(day) == desired.at(day) for day in days(FIRST, AS_OF))
    assert difference(desired, after, rules(mode)) == ()


@pytest.mark.parametrize("mode", ["append", "upsert"])
@given(steps=STEPS)
def test_what_is_as_desired_needs_nothing(steps: dict[date, int], mode: Mode) -> None:
    assert difference(timeline(steps), timeline(steps), rules(mode)) == ()


@given(STEPS, STEPS)
def test_steps_come_in_order_of_day_one_per_day(
    wanted: dict[date, int], had: dict[date, int]
) -> None:
    found = [step.day for step in difference(timeline(wanted), timeline(had), rules())]
    assert found == sorted(set(found))


def test_append_posts_differences_and_upsert_posts_totals() -> None:
    wanted = timeline({date(2026, 1, 5): 12, date(2026, 1, 9): 11})
    append = difference(wanted, timeline({}), rules("append"))
    upsert = difference(wanted, timeline({}), rules("upsert"))
    assert [step.posts for step in append if isinstance(step, Post)] == [2, -1]
    assert [step.posts for step in upsert if isinstance(step, Post)] == [12, 11]


def test_without_a_value_differences_are_shown_as_for_append() -> None:
    wanted = timeline({date(2026, 1, 5): 12})
    assert difference(wanted, timeline({}), rules(None)) == (Post(date(2026, 1, 5), 10, 12, 2),)


def test_a_decrease_that_append_cannot_post_is_by_hand_and_not_counted_as_done() -> None:
    wanted = timeline({date(2026, 1, 5): 8, date(2026, 1, 9): 12})
    found = difference(wanted, timeline({}), rules(negative_units="refused"))
    assert found == (ByHand(date(2026, 1, 5), 10, 8), Post(date(2026, 1, 9), 10, 12, 2))


def test_a_zero_that_upsert_cannot_post_is_by_hand() -> None:
    wanted = timeline({date(2026, 1, 5): 0})
    found = difference(wanted, timeline({}), rules("upsert", zero_units="refused"))
    assert found == (ByHand(date(2026, 1, 5), 10, 0),)


def test_negative_units_do_not_matter_where_totals_are_posted() -> None:
    wanted = timeline({date(2026, 1, 5): 8})
    found = difference(wanted, timeline({}), rules("upsert", negative_units="refused"))
    assert found == (Post(date(2026, 1, 5), 10, 8, 8),)


def test_a_day_to_come_is_never_posted_ahead() -> None:
    tomorrow = AS_OF + ONE_DAY
    wanted = Timeline.of([(FIRST - ONE_DAY, 10), (tomorrow, 12)])
    assert difference(wanted, timeline({}), rules()) == (Later(tomorrow, 10, 12),)


def test_totals_are_not_posted_before_the_newest_step() -> None:
    wanted = timeline({date(2026, 1, 5): 12})
    newest = date(2026, 1, 10)
    found = difference(wanted, timeline({newest: 11}), rules("upsert", newest_reply=newest))
    assert found == (
        TooEarly(date(2026, 1, 5), 10, 12, last=date(2026, 1, 9)), Post(newest, 11, 12, 12)
    )  # fmt: skip


def test_each_of_several_totals_before_the_newest_step_is_about_its_own_days() -> None:
    """None of them is done, so each begins from what BMS has."""
    days = {date(2026, 1, 5): 12, date(2026, 1, 7): 13, date(2026, 1, 8): 10}
    newest = date(2026, 1, 10)
    found = difference(timeline(days), timeline({newest: 10}), rules("upsert", newest_reply=newest))
    assert found == (
        TooEarly(date(2026, 1, 5), 10, 12, last=date(2026, 1, 6)),
        TooEarly(date(2026, 1, 7), 10, 13, last=date(2026, 1, 7)),
    )


def test_differences_may_be_posted_before_the_newest_step() -> None:
    wanted = timeline({date(2026, 1, 5): 12})
    found = difference(wanted, timeline({}), rules(newest_reply=date(2026, 1, 10)))
    assert isinstance(found[0], Post)


def test_where_nothing_may_be_back_dated_the_difference_is_that_of_today() -> None:
    wanted = timeline({date(2026, 1, 5): 12, date(2026, 1, 9): 13})
    found = difference(wanted, timeline({}), rules(back_dated="refused"))
    assert found == (Post(AS_OF, 10, 13, 3),)


def test_unknown_units_stop_the_line() -> None:
    known = Timeline.of([(date(2026, 1, 10), 5)])
    assert difference(timeline({}), known, rules()) == (UnitsUnknown(FIRST),)


def test_days_before_the_first_writable_one_are_left_alone() -> None:
    known = Timeline.of([(date(2025, 6, 1), 3), (FIRST, 10)])
    assert difference(Timeline.of([(FIRST, 10)]), known, rules()) == ()


@pytest.mark.parametrize(
    ("wanted_from", "known_from"), [(FIRST, FIRST), (FIRST - ONE_DAY, FIRST - ONE_DAY)]
)
def test_one_level_against_another_is_a_step_on_the_first_day(
    wanted_from: date, known_from: date
) -> None:
    found = difference(Timeline(((wanted_from, 12),)), Timeline(((known_from, 10),)), rules())
    assert found == (Post(FIRST, 10, 12, 2),)


def test_the_same_level_from_a_later_day_is_not_yet_the_same() -> None:
    later = Timeline(((FIRST + ONE_DAY, 10),))
    assert difference(timeline({}), later, rules()) == (UnitsUnknown(FIRST),)
    assert difference(later, timeline({}), rules()) == (UnitsUnknown(FIRST),)


def test_a_line_unknown_on_both_sides_is_not_level() -> None:
    nobody_knows = Timeline(((FIRST, None),))
    assert difference(nobody_knows, nobody_knows, rules()) == (UnitsUnknown(FIRST),)


def test_a_total_posted_replaces_known_steps_after_it_and_a_difference_moves_them() -> None:
    known, wanted = timeline({date(2026, 1, 9): 14}), timeline({date(2026, 1, 5): 12})
    assert difference(wanted, known, rules("upsert")) == (Post(date(2026, 1, 5), 10, 12, 12),)
    assert difference(wanted, known, rules("append")) == (
        Post(date(2026, 1, 5), 10, 12, 2),
        Post(date(2026, 1, 9), 16, 12, -4),
    )
