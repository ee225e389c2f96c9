from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.timeline import UNKNOWN, Timeline

FIRST, LAST = date(2026, 1, 1), date(2026, 2, 15)
SOME_DAYS = st.dates(FIRST, LAST)
UNITS = st.none() | st.integers(0, 9)
STEPS = st.lists(st.tuples(SOME_DAYS, UNITS), max_size=8)
EVERY_DAY = [FIRST + timedelta(days=n) for n in range(-1, (LAST - FIRST).days + 2)]


def by_day(steps: list[tuple[date, int | None]]) -> dict[date, int | None]:
    """The last word per day, held until the next."""
    said, level, out = dict(steps), UNKNOWN, {}
    for day in EVERY_DAY:
        level = said.get(day, level)
        out[day] = level
    return out


@given(STEPS)
def test_units_hold_until_the_next_step_and_are_unknown_before_the_first(
    steps: list[tuple[date, int | None]],
) -> None:
    timeline = Timeline.of(steps)
    assert {day: timeline.at(day) for day in EVERY_DAY} == by_day(steps)


@given(STEPS)
def test_only_days_on_which_units_change_are_kept(steps: list[tuple[date, int | None]]) -> None:
    timeline = Timeline.of(steps)
    assert list(timeline.days()) == sorted(timeline.days())
    for day in timeline.days():
        assert timeline.at(day) != timeline.at(day - timedelta(days=1))


@given(STEPS, SOME_DAYS, UNITS)
def test_setting_replaces_everything_from_its_day(
    steps: list[tuple[date, int | None]], day: date, units: int | None
) -> None:
    before, after = Timeline.of(steps), Timeline.of(steps).setting(day, units)
    for each in EVERY_DAY:
        assert after.at(each) == (units if each >= day else before.at(each))


@given(STEPS, SOME_DAYS, st.integers(-5, 5))
def test_adding_moves_every_known_day_from_its_day(
    steps: list[tuple[date, int | None]], day: date, units: int
) -> None:
    before, after = Timeline.of(steps), Timeline.of(steps).adding(day, units)
    for each in EVERY_DAY:
        had = before.at(each)
        moved = had + units if had is not UNKNOWN and each >= day else had
        assert after.at(each) == moved


@given(STEPS, SOME_DAYS, st.integers(-5, 5))
def test_adding_and_taking_away_is_as_before(
    steps: list[tuple[date, int | None]], day: date, units: int
) -> None:
    timeline = Timeline.of(steps)
    back = timeline.adding(day, units).adding(day, -units)
    assert all(back.at(each) == timeline.at(each) for each in EVERY_DAY)


@given(STEPS)
def test_known_from_is_the_first_day_with_units(steps: list[tuple[date, int | None]]) -> None:
    timeline = Timeline.of(steps)
    known = [day for day in EVERY_DAY if timeline.at(day) is not UNKNOWN]
    assert timeline.known_from == (known[0] if known else None)


def test_a_day_said_twice_keeps_the_last_word() -> None:
    assert Timeline.of([(FIRST, 3), (FIRST, 4)]).steps == ((FIRST, 4),)
