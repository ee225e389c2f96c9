from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.question import settings_on
from reconciler.engine.steps import steps_of
from reconciler.engine.units import units_of
from reconciler.model.settings import Commitment, DatedSettings, FixedUnits
from reconciler.model.timeline import Timeline
from tests.engine import builders as make
from tests.engine.play import brass, changes
from tests.engine.test_desired import FEB, JAN, MONTH_END, ask, ten

D = date
UNTIL = D(2026, 1, 4)
EIGHT = Commitment(8, UNTIL, "three-year agreement")


def test_a_count_below_the_commitment_bills_the_floor_up_to_and_including_its_last_day() -> None:
    found = ask(make.settings(commitment=EIGHT), values=[10, 5, 5, 5, 5, 5], known=ten())
    assert found.timeline.steps == ((JAN, 10), (D(2026, 1, 2), 8), (D(2026, 1, 5), 5))


def test_a_count_above_the_commitment_is_the_counts() -> None:
    found = ask(make.settings(commitment=EIGHT), values=[12] * 3, known=ten())
    assert found.timeline.at(D(2026, 1, 3)) == 12


def test_the_higher_of_minimum_and_commitment_counts_and_the_maximum_caps_both() -> None:
    low = make.settings(minimum=9, commitment=EIGHT)
    assert units_of(Decimal(1), low) == 9
    assert units_of(Decimal(1), make.settings(minimum=3, commitment=EIGHT)) == 8
    assert units_of(Decimal(99), make.settings(maximum=12, commitment=EIGHT)) == 12


def test_the_last_day_ends_a_committed_line() -> None:
    found = ask(
        make.settings(commitment=Commitment(8, D(2026, 12, 31))), values=[10] * 6, known=ten(),
        last_day=D(2026, 1, 3),
    )  # fmt: skip
    assert found.timeline.at(D(2026, 1, 4)) == 0


def test_fixed_units_win_over_a_commitment() -> None:
    fixed = make.settings(commitment=EIGHT, fixed=FixedUnits(2, "agreed", None))
    assert ask(fixed, values=[10, 10], known=ten()).timeline.at(JAN) == 2


def test_a_decrease_dated_back_to_the_periods_start_stays_at_the_floor_until_the_end() -> None:
    policy = make.settings(**{**MONTH_END, "decrease": "period-start"}, commitment=EIGHT)
    found = ask(policy, values=[5] * 31, known=ten())
    assert found.timeline.steps == ((JAN, 8), (D(2026, 1, 5), 5))


def test_a_change_that_takes_the_commitment_away_ends_it_there() -> None:
    policy: dict[str, Any] = {**MONTH_END, "decrease": "period-start"}
    dated = DatedSettings(D(2026, 1, 3), make.settings(**policy))
    first = make.settings(**policy, commitment=Commitment(8, D(2026, 6, 30)))
    found = ask(first, dated, values=[5] * 31, known=ten())
    assert found.timeline.steps == ((JAN, 8), (D(2026, 1, 3), 5))


def test_a_commitment_that_ends_with_the_month_is_gone_in_the_next_ones_start() -> None:
    policy = {**MONTH_END, "carry": "last"}
    agreed = Commitment(8, D(2026, 1, 31))
    found = ask(make.settings(**policy, commitment=agreed), values=[5] * 33, known=ten())
    assert found.timeline.at(D(2026, 1, 31)) == 10
    assert found.timeline.at(FEB) == 5


def test_nothing_is_raised_to_the_floor_without_a_reading() -> None:
    low = Timeline.of([(D(2025, 12, 1), 3)])
    found = ask(make.settings(commitment=EIGHT), values=[None, None, None], known=low)
    assert found.timeline.steps == ((JAN, 3),)


def test_explain_shows_what_the_count_alone_would_give() -> None:
    world = brass(5, 5)
    world.accounts = [make.desired_account(make.line(make.settings(commitment=EIGHT)))]
    planned = world.plan(D(2026, 1, 3))
    assert changes(planned) == [("2026-01-01", 10, 8, "ready")]
    shown = {step.what: step.value for step in steps_of(planned.examined.works[0])}
    assert shown["commitment: three-year agreement"] == "8 until 2026-01-04, where 5 are counted"
    assert shown["units"] == "8"


def test_a_commitment_that_is_over_is_no_longer_among_the_days_settings() -> None:
    line = make.line(make.settings(commitment=EIGHT))
    assert settings_on(line, UNTIL).commitment == EIGHT
    assert settings_on(line, D(2026, 1, 5)).commitment is None


@given(
    st.lists(st.integers(0, 12), min_size=3, max_size=40),
    st.integers(0, 12),
    st.integers(0, 40),
    st.sampled_from(["change-date", "period-start", "next-period", "never"]),
    st.sampled_from(["daily", "month-end"]),
)
def test_no_committed_day_is_ever_lowered_below_the_floor(
    values: list[int], floor: int, length: int, decrease: Any, adjust: Any
) -> None:
    agreed = Commitment(floor, JAN + make.ONE_DAY * length)
    policy = make.settings(adjust=adjust, decrease=decrease, commitment=agreed)
    found = ask(policy, values=values, known=ten())
    for day in make.days(JAN, min(agreed.until, JAN + make.ONE_DAY * len(values))):
        units = found.timeline.at(day)
        assert units is not None
        assert units >= min(floor, 10)
