"""A dated switch of policy inside a period: each part is billed as if it stood alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.desired import Desired, desired
from reconciler.engine.periods import Schedule
from reconciler.engine.question import Question, part_of
from reconciler.model.settings import (
    Adjust,
    Carry,
    DatedSettings,
    Decrease,
    Increase,
    LineSettings,
    Over,
)
from reconciler.model.timeline import Timeline
from tests.engine import builders as make

D = date
MIDDLE = D(2026, 1, 15)
PEAK: dict[str, Any] = {
    "adjust": "month-end",
    "over": "peak",
    "increase": "period-start",
    "decrease": "next-period",
}

policies = st.builds(
    make.settings,
    adjust=st.sampled_from(get_args(Adjust)),
    over=st.sampled_from(get_args(Over)),
    increase=st.sampled_from(get_args(Increase)),
    decrease=st.sampled_from(get_args(Decrease)),
    carry=st.sampled_from(get_args(Carry)),
)


def switched(before: LineSettings, after: LineSettings, day: date = MIDDLE) -> Any:
    return make.line(DatedSettings(date.min, before), DatedSettings(day, after))


def ask(line: Any, values: list[int], as_of: date, **more: Any) -> Desired:
    given: dict[str, Any] = {
        "line": line,
        "inputs": [make.an_input(make.series(*values))],
        "schedule": make.monthly(),
        "first": make.START,
        "as_of": as_of,
        "known": Timeline(((D(2025, 12, 1), 10),)),
        "exists": True,
    }
    return desired(Question(**{**given, **more}))


def _policy(rules: LineSettings) -> tuple[str, ...]:
    return rules.adjust, rules.over, rules.increase, rules.decrease


@settings(max_examples=200)
@given(
    policies,
    policies,
    st.lists(st.integers(0, 9), min_size=70, max_size=70),
    st.integers(1, 30),
    st.integers(1, 40),
)
def test_each_part_is_billed_as_if_it_stood_alone(
    before: LineSettings, after: LineSettings, values: list[int], switch: int, more: int
) -> None:
    day = make.START + make.ONE_DAY * switch
    as_of = day + make.ONE_DAY * more
    both = ask(switched(before, after, day), values, as_of).timeline
    if _policy(before) == _policy(after):
        return
    last = day - make.ONE_DAY
    earlier = ask(make.line(before), values, day, schedule=make.monthly(end=last)).timeline
    for past in make.days(make.START, last):
        assert both.at(past) == earlier.at(past)
    later = ask(
        make.line(after),
        values,
        as_of,
        schedule=Schedule(day, "monthly", calendar=True),
        first=day,
        known=Timeline(((last, both.at(last)),)),
    ).timeline
    for past in make.days(day, as_of - make.ONE_DAY):
        assert both.at(past) == later.at(past)


@pytest.mark.parametrize(
    "change",
    [
        {"multiply": Decimal(2)},
        {"minimum": 3},
        {"price": Decimal("24.00")},
        {"late": "prorated-transaction"},
        {"carry": "last"},
    ],
)
def test_what_is_no_policy_leaves_the_period_whole(change: dict[str, Any]) -> None:
    line = switched(make.settings(**PEAK), make.settings(**{**PEAK, **change}))
    assert part_of(line, make.monthly(), D(2026, 1, 20)) == make.monthly().containing(MIDDLE)
    values = [*[10] * 4, 14, *[10] * 26]
    found = ask(line, values, D(2026, 2, 1)).timeline
    assert found.at(make.START) == 14
    assert found.at(D(2026, 1, 31)) == (28 if "multiply" in change else 14)


def test_what_waits_at_a_switch_waits_for_a_period() -> None:
    before, after = make.settings(**PEAK), make.settings(**{**PEAK, "over": "last"})
    found = ask(switched(before, after), [8] * 20, D(2026, 1, 21))
    assert found.timeline.steps == ((make.START, 10),)
    assert [(entry.day, entry.units) for entry in found.scheduled] == [(D(2026, 2, 1), 8)]


def test_parts_are_those_of_every_switch_in_the_period() -> None:
    line = make.line(
        DatedSettings(date.min, make.settings()),
        DatedSettings(D(2026, 1, 10), make.settings(over="peak")),
        DatedSettings(D(2026, 1, 12), make.settings(over="peak", minimum=2)),
        DatedSettings(D(2026, 1, 20), make.settings(over="average")),
        DatedSettings(D(2026, 2, 1), make.settings()),
    )
    parts = {part_of(line, make.monthly(), day) for day in make.days(make.START, D(2026, 2, 28))}
    assert sorted((str(part.first), str(part.last)) for part in parts) == [
        ("2026-01-01", "2026-01-09"),
        ("2026-01-10", "2026-01-19"),
        ("2026-01-20", "2026-01-31"),
        ("2026-02-01", "2026-02-28"),
    ]
