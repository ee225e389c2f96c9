from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.plan import Planned
from reconciler.model.plan import Step
from tests.engine import builders as make
from tests.engine.play import brass
from tests.engine.test_plan import with_line

D = date


def shown(planned: Planned) -> list[tuple[str, str, str]]:
    """Per change its day, the day of the reading shown, and the units that came of it."""
    return [
        (str(change.day), change.steps[0].what[-10:], change.steps[-1].value)
        for change in planned.plan.changes
    ]


def planned(*values: int | None, **policy: Any) -> Planned:
    as_of = make.START + make.ONE_DAY * len(values)
    return brass(*values, **with_line(make.settings(**policy))).plan(as_of)


def test_every_change_shows_the_count_of_its_own_day() -> None:
    assert shown(planned(10, 12, 12, 15)) == [
        ("2026-01-02", "2026-01-02", "12"),
        ("2026-01-04", "2026-01-04", "15"),
    ]


def test_a_change_dated_back_to_the_periods_start_shows_the_day_that_was_counted() -> None:
    assert shown(planned(10, 10, 12, increase="period-start")) == [
        ("2026-01-01", "2026-01-03", "12")
    ]


def test_what_waited_for_the_next_period_shows_the_day_it_was_counted_on() -> None:
    values = [*[10] * 30, 8, *[9] * 3]
    policy = {"decrease": "next-period", "increase": "never"}
    assert shown(planned(*values, **policy)) == [("2026-02-01", "2026-01-31", "8")]
    assert shown(planned(*values[:31], **policy)) == [("2026-02-01", "2026-01-31", "8")]


def test_a_month_end_dated_back_shows_its_last_day() -> None:
    values = [10, 12, *[11] * 28, 12]
    found = planned(*values, adjust="month-end", increase="period-start")
    assert shown(found) == [("2026-01-01", "2026-01-31", "12")]


def test_a_window_that_begins_with_billing_is_shown_from_that_day() -> None:
    begins = make.START + make.ONE_DAY * 2
    more = with_line(make.settings(over="peak"))
    found = brass(90, 90, 12, 11, state={"billing_starts": begins}, **more).plan(D(2026, 1, 5))
    assert [(c.units_after, c.steps[-2]) for c in found.plan.changes] == [
        (12, Step("peak since 2026-01-03", "12"))
    ]


@pytest.mark.parametrize("over", ["last", "peak", "average"])
def test_a_window_is_shown_as_far_as_it_went_on_that_day(over: Any) -> None:
    (first, *_) = planned(10, 20, 40, over=over, round="up").plan.changes
    assert (first.day, first.steps[-1].value) == (D(2026, 1, 2), str(first.units_after))


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 15), min_size=2, max_size=40),
    st.sampled_from(["change-date", "period-start", "next-period"]),
    st.sampled_from(["change-date", "period-start", "next-period", "never"]),
    st.sampled_from(["daily", "month-end"]),
    st.sampled_from(["last", "peak", "average"]),
)
def test_the_steps_of_a_change_lead_to_its_units(
    values: list[int], increase: Any, decrease: Any, adjust: Any, over: Any
) -> None:
    found = planned(*values, increase=increase, decrease=decrease, adjust=adjust, over=over)
    for change in found.plan.changes:
        if change.standing == "ready":
            assert change.steps[-1].value == str(change.units_after)
