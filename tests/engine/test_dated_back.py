"""What counts from its period's start: which days it moves, and what a missing reading leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconciler.engine.count import Tally
from reconciler.engine.dated_back import dated_back, kept_back
from reconciler.model.settings import (
    Adjust,
    Commitment,
    DatedSettings,
    Decrease,
    FixedUnits,
    LineSettings,
    Over,
)
from reconciler.model.timeline import Timeline
from tests.engine import builders as make
from tests.engine.test_desired import FEB, JAN, ask, ten

D = date
RAISED = ten((JAN, 12))
"""The twelve of the fifth were written from the period's start."""

RAISES: dict[str, Any] = {"adjust": "month-end", "over": "peak", "increase": "period-start"}

UNITS = st.integers(0, 9)
SPAN = 60


def whole(**more: Any) -> LineSettings:
    return make.settings(**{"increase": "period-start", "decrease": "change-date", **more})


@pytest.mark.parametrize("corrected", [11, 9, None])
@pytest.mark.parametrize("over", ["peak", "last"])
def test_a_raise_from_the_periods_start_stands_while_its_count_is_not_sure(
    over: Over, corrected: int | None
) -> None:
    """The peak misses the fourth day, so what the fifth is corrected to is not sure either."""
    fourth = None if over == "peak" else 10
    fifth = corrected if over == "peak" else None
    found = ask(whole(over=over), values=[10, 10, 10, fourth, fifth], known=RAISED)
    assert found.timeline.steps == ((JAN, 12),)


def test_what_a_sure_count_says_after_it_is_dated_as_any_decrease() -> None:
    found = ask(whole(), values=[10, 10, 10, None, 11], known=RAISED)
    assert found.timeline.steps == ((JAN, 12), (D(2026, 1, 5), 11))


def test_a_decrease_from_the_periods_start_stands_while_its_reading_is_missing() -> None:
    policy = make.settings(decrease="period-start")
    found = ask(policy, values=[10, 10, None], known=ten((JAN, 8)))
    assert found.timeline.steps == ((JAN, 8),)


def test_more_than_it_was_lowered_to_is_counted_though_a_day_is_missing() -> None:
    policy = make.settings(over="peak", decrease="period-start")
    found = ask(policy, values=[9, None, None], known=ten((JAN, 8)))
    assert found.timeline.steps == ((JAN, 9),)


def test_what_a_person_moved_within_the_period_is_no_raise_from_its_start() -> None:
    found = ask(whole(), values=[10, 10, 10, None], known=ten((D(2026, 1, 3), 12)))
    assert found.timeline.steps == ((JAN, 10),)


def test_what_bms_had_before_the_period_is_no_raise_from_its_start() -> None:
    found = ask(whole(), values=[8, None], known=ten())
    assert found.timeline.steps == ((JAN, 8),)


def test_what_waited_for_a_period_gives_way_to_what_bms_has_on_an_unread_first_day() -> None:
    """January left 8 for February, and its first day was 9 until its reading went missing."""
    known = ten((FEB, 9))
    for policy in ({}, {"increase": "period-start"}):
        daily = make.settings(decrease="next-period", **policy)
        found = ask(daily, values=[8] * 31 + [None, None], known=known)
        assert (found.timeline.at(D(2026, 1, 31)), found.timeline.at(FEB)) == (10, 9)


def test_what_waited_for_a_period_begins_where_bms_was_never_told() -> None:
    policy = whole(decrease="next-period")
    found = ask(policy, values=[8] * 31 + [None, 8], known=ten())
    assert found.timeline.steps == ((JAN, 10), (FEB, 8))


@pytest.mark.parametrize("last", [30, 31])
def test_what_a_period_began_with_stands_while_the_days_that_decided_it_are_missing(
    last: int,
) -> None:
    """January's end raised February to 12, and is missing now; what comes after goes by it."""
    policy = make.settings(increase="next-period", decrease="next-period")
    values = [8] * 20 + [None] * 11 + [12] * (last - 30)
    found = ask(policy, values=values, known=ten((FEB, 12)), as_of=JAN + make.ONE_DAY * (last + 1))
    assert found.timeline.steps == ((JAN, 10), (FEB, 12))
    assert found.scheduled == ()


def test_a_raise_that_is_dated_back_lowers_no_invoiced_day_where_credits_are_held() -> None:
    """Two until the fourth and one since: BMS is right there, and three are counted later."""
    known = Timeline.of([(D(2025, 12, 1), 4), (D(2026, 1, 4), 1)])
    found = ask(
        whole(credits="hold", late="prorated-transaction"),
        values=[1] * 6 + [3],
        known=known,
        closed=D(2026, 1, 31),
    )
    assert found.timeline.steps == ((JAN, 4), (D(2026, 1, 4), 3))


timelines = st.dictionaries(st.integers(1, 30), UNITS, max_size=5).map(
    lambda steps: Timeline.of([(JAN, 5), *((D(2026, 1, day), n) for day, n in steps.items())])
)


@given(timelines, st.integers(1, 30), UNITS)
def test_no_day_moves_against_the_way_that_the_last_one_moves(
    steps: Timeline, start: int, units: int
) -> None:
    now = steps.at(D(2026, 1, 31)) or 0
    tally = Tally(D(2026, 1, 31), D(2026, 1, 31), units, sure=True, quantity=Decimal(units))
    found = dated_back(steps, D(2026, 1, start), tally, make.line(), lambda _: False)
    assert found.at(D(2026, 1, 31)) == units
    for day in make.days(JAN, D(2026, 1, 31)):
        before, after = steps.at(day), found.at(day)
        assert before is not None
        assert after is not None
        if day < D(2026, 1, start):
            assert after == before
        elif units < now:
            assert after == min(before, units)
        else:
            assert after == max(before, units)


def test_days_that_no_run_may_lower_keep_what_they_have_and_may_be_raised() -> None:
    """Those before the tenth, whose setting holds credits."""
    tenth, last = D(2026, 1, 10), D(2026, 1, 31)
    line = make.line(whole(credits="hold"), DatedSettings(tenth, whole()))
    steps = Timeline.of([(JAN, 5), (D(2026, 1, 5), 7)])
    for units, before in ((3, 5), (9, 9)):
        tally = Tally(last, last, units, sure=True, quantity=Decimal(units))
        found = dated_back(steps, JAN, tally, line, lambda day: day < tenth)
        assert [found.at(day) for day in (JAN, tenth, last)] == [before, units, units]


@given(timelines, timelines, st.integers(1, 30), st.integers(0, 10))
def test_what_is_kept_is_bms_or_what_was_there(
    steps: Timeline, known: Timeline, start: int, more: int
) -> None:
    first = D(2026, 1, start)
    last = first + make.ONE_DAY * more
    found = kept_back(steps, known, first, last)
    assert all(
        found.at(day) in (steps.at(day), known.at(day) if first <= day else steps.at(day))
        for day in make.days(JAN, last)
    )
    assert found == steps or found.at(last) == known.at(last)


def test_a_decrease_waits_on_though_the_reading_that_took_it_back_goes_missing() -> None:
    """BMS had twelve all the time: it was never told that nine had waited, and no longer do."""
    policy = make.settings(decrease="next-period")
    values = [12] * 29 + [9, 12]
    known = ten((JAN, 12))
    assert ask(policy, values=values, known=known, as_of=FEB).timeline.at(FEB) == 12
    holed = ask(policy, values=[*values[:-1], None], known=known, as_of=FEB)
    assert (holed.timeline.at(D(2026, 1, 31)), holed.timeline.at(FEB)) == (12, 9)


@settings(max_examples=150)
@given(
    values=st.lists(UNITS, min_size=SPAN, max_size=SPAN)
    | st.lists(st.tuples(UNITS, st.integers(1, 25)), min_size=20, max_size=20).map(
        lambda runs: [units for units, length in runs for _ in range(length)][:SPAN]
    ),
    policy=st.fixed_dictionaries(
        {
            "adjust": st.sampled_from(get_args(Adjust)),
            "over": st.sampled_from(get_args(Over)),
            "increase": st.sampled_from(["change-date", "period-start", "next-period"]),
            "decrease": st.sampled_from(get_args(Decrease)),
        }
    ),
    begins=UNITS,
    data=st.data(),
)
def test_readings_that_go_missing_lower_nothing_that_was_written(
    values: list[int], policy: dict[str, Any], begins: int, data: st.DataObject
) -> None:
    wanted = make.settings(**policy)
    closed = data.draw(st.integers(2, len(values)), label="days")
    known = Timeline.of([(JAN - make.ONE_DAY, begins)])
    as_of = JAN + make.ONE_DAY * closed
    found = ask(wanted, values=values[:closed], known=known, as_of=as_of).timeline
    written = Timeline.of([*known.steps, *found.steps])
    if policy["increase"] == "period-start":
        # Nothing tells a raise that met what BMS had from a decrease that was never written.
        assume(JAN in written.days() and closed <= 31)
        assume(not _meets_an_earlier_one(values[:closed], policy["over"], known, as_of))
    lost = data.draw(st.sets(st.integers(0, closed - 1), min_size=1, max_size=5), label="lost")
    if policy["decrease"] == "next-period" and (FEB - JAN).days - 1 in lost:
        # Nor does it tell one from a decrease that waits, and that its last day took back.
        assume(not _meets_an_earlier_one(values[:closed], policy["over"], known, as_of))
    holed = [None if n in lost else units for n, units in enumerate(values[:closed])]
    assume(any(units is not None for units in holed))
    later = ask(wanted, values=holed, known=written, as_of=as_of).timeline
    for day in make.days(JAN, as_of):
        assert (later.at(day) or 0) >= (written.at(day) or 0)


def _meets_an_earlier_one(values: list[int], over: Over, known: Timeline, as_of: date) -> bool:
    """Does a count come down, and up again to no more than before?"""
    moved = make.settings(over=over)
    counts = ask(moved, values=values, known=known, as_of=as_of).timeline.steps
    levels = [units or 0 for _, units in counts]
    return any(
        max(levels[: place - 1], default=-1) >= level > levels[place - 1]
        for place, level in enumerate(levels)
        if place > 1
    )


HALF = D(2026, 1, 16)
AGREED = FixedUnits(44, "dispute", D(2026, 1, 15))


def moves(*dated: Any, count: int, **more: Any) -> tuple[tuple[date, Any], ...]:
    """The steps of January, where that many are counted on each of its days."""
    return ask(*dated, values=[count] * 31, known=ten(), as_of=FEB, **more).timeline.steps


@pytest.mark.parametrize("count", [50, 10])
@pytest.mark.parametrize("adjust", get_args(Adjust))
def test_units_agreed_for_some_days_stay_on_them(adjust: Adjust, count: int) -> None:
    policy = whole(adjust=adjust, decrease="period-start", fixed=AGREED)
    assert moves(policy, count=count) == ((JAN, 44), (HALF, count))


@pytest.mark.parametrize("units", [44, 4])
def test_units_agreed_from_a_day_on_begin_on_it(units: int) -> None:
    policy = {"increase": "period-start", "decrease": "period-start"}
    fixed = make.settings(**policy, fixed=FixedUnits(units, "dispute", None))
    found = moves(make.settings(**policy), DatedSettings(HALF, fixed), count=10)
    assert found == ((JAN, 10), (HALF, units))


@pytest.mark.parametrize(
    ("before", "after", "counted"),
    [
        ({"minimum": 10}, {}, (3, 10, 3)),
        ({}, {"minimum": 20}, (10, 10, 20)),
        ({"maximum": 10}, {"maximum": 20}, (15, 10, 15)),
        ({}, {"commitment": Commitment(20, D(2026, 12, 31))}, (10, 10, 20)),
        ({"included": Decimal(5)}, {}, (15, 10, 15)),
    ],
)
@pytest.mark.parametrize("adjust", get_args(Adjust))
def test_what_is_dated_back_is_counted_by_each_days_own_settings(
    adjust: Adjust, before: dict[str, Any], after: dict[str, Any], counted: tuple[int, int, int]
) -> None:
    policy: dict[str, Any] = {
        "adjust": adjust,
        "increase": "period-start",
        "decrease": "period-start",
    }
    count, first, second = counted
    dated = DatedSettings(HALF, make.settings(**policy, **after))
    found = moves(make.settings(**policy, **before), dated, count=count)
    assert found == ((JAN, first), (HALF, second))


@pytest.mark.parametrize("decrease", ["next-period", "change-date", "never"])
@pytest.mark.parametrize("count", [10, 7])
@pytest.mark.parametrize("agreed", ["commitment", "minimum"])
def test_what_held_for_some_days_is_billed_though_the_months_count_raises_nothing(
    agreed: str, count: int, decrease: Decrease
) -> None:
    policy = make.settings(**RAISES, decrease=decrease)
    dated: tuple[LineSettings | DatedSettings, ...]
    if agreed == "minimum":
        dated = (replace(policy, minimum=12), DatedSettings(HALF, policy))
    else:
        dated = (replace(policy, commitment=Commitment(12, HALF - make.ONE_DAY)),)
    last = {"next-period": FEB, "change-date": D(2026, 1, 31)}.get(decrease)
    fallen = ((last, count),) if last is not None and count < 10 else ()
    assert moves(*dated, count=count) == ((JAN, 12), (HALF, 10), *fallen)


def test_what_held_for_some_days_is_not_dated_back_where_a_raise_is_not() -> None:
    policy = {**RAISES, "increase": "next-period"}
    agreed = make.settings(**policy, commitment=Commitment(12, HALF - make.ONE_DAY))
    assert moves(agreed, count=10) == ((JAN, 10),)


def test_agreed_units_that_were_not_written_yet_are_wanted_after_their_end_too() -> None:
    """BMS's units are known from the middle of the agreed days on."""
    known = Timeline.of([(D(2026, 1, 5), 10)])
    policy = make.settings(adjust="month-end", fixed=AGREED)
    found = ask(policy, values=[10] * 20, known=known, first=D(2026, 1, 5))
    assert found.timeline.at(D(2026, 1, 15)) == 44


@pytest.mark.parametrize("units", [14, 7])
def test_sure_readings_that_bms_was_never_told_of_stand_beside_an_unread_day(units: int) -> None:
    policy = whole(**{"decrease" if units == 14 else "increase": "period-start"})
    found = ask(policy, values=[10] * 5 + [units] * 5 + [None], known=ten(), as_of=D(2026, 1, 12))
    assert found.timeline.at(D(2026, 1, 12)) == units


def test_where_known_units_begin_is_no_step_of_bms() -> None:
    """One unit is known from the first day on, where nothing was used; two since the fourth."""
    policy = make.settings(decrease="period-start")
    known = Timeline.of([(JAN, 1)])
    found = ask(policy, values=[0, 0, 0, 2, None], known=known)
    assert found.timeline.steps == ((JAN, 0), (D(2026, 1, 4), 2))
