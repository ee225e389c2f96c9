"""An edit changes nothing before its day but what it dates itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.rules import POLICY
from reconciler.engine.spliced import Edit, in_force_on, spliced
from reconciler.model.settings import DatedSettings
from tests.engine import builders as make

DAY = date(2026, 3, 16)
NEXT = date(2026, 4, 1)


def said(*changes: tuple[int, dict[str, Any]], **base: Any) -> tuple[DatedSettings, ...]:
    """Settings as a configuration resolves them: each change on top of those before it."""
    values = dict(base)
    found = [DatedSettings(date.min, make.settings(**values))]
    for day, more in changes:
        values.update(more)
        found.append(DatedSettings(date(2026, 3, day), make.settings(**values)))
    return tuple(found)


def edited(old: Any, new: Any, day: date = DAY) -> tuple[DatedSettings, ...]:
    return spliced(old, Edit(old, new, day, POLICY, NEXT))


def values(force: Any, name: str, *days: int) -> list[Any]:
    return [getattr(in_force_on(force, date(2026, 3, day)), name) for day in days]


def test_an_undated_edit_leaves_the_days_before_it_alone() -> None:
    force = edited(said((5, {"maximum": 90})), said((5, {"maximum": 90}), minimum=8))
    assert values(force, "minimum", 1, 5, 15, 16, 31) == [None, None, None, 8, 8]
    assert values(force, "maximum", 4, 5, 16) == [None, 90, 90]


def test_a_change_taken_out_held_until_then() -> None:
    force = edited(said((5, {"minimum": 8})), said())
    assert values(force, "minimum", 4, 5, 15, 16) == [None, 8, 8, None]


def test_a_new_dated_change_counts_from_its_own_day() -> None:
    force = edited(said(maximum=50), said((5, {"minimum": 8}), maximum=90))
    assert values(force, "minimum", 4, 5, 16) == [None, 8, 8]
    assert values(force, "maximum", 5, 15, 16) == [50, 50, 90]


def test_a_new_dated_change_ends_where_an_older_one_follows() -> None:
    older = (10, {"minimum": 6})
    force = edited(said(older), said((5, {"minimum": 8}), older))
    assert values(force, "minimum", 4, 5, 9, 10, 16) == [None, 8, 8, 6, 6]


def test_the_policy_waits_for_the_next_period_and_the_rest_does_not() -> None:
    force = edited(said(), said(decrease="never", minimum=8))
    assert values(force, "decrease", 15, 16, 31) == ["change-date"] * 3
    assert values(force, "minimum", 15, 16) == [None, 8]
    assert in_force_on(force, NEXT).decrease == "never"


def test_a_second_edit_waits_with_the_first() -> None:
    first, second = said(decrease="never"), said(decrease="never", minimum=8)
    force = edited(said(), first)
    force = spliced(force, Edit(first, second, DAY + timedelta(2), POLICY, NEXT))
    assert values(force, "decrease", 16, 18, 31) == ["change-date"] * 3
    assert in_force_on(force, NEXT).decrease == "never"


def test_a_dated_policy_does_not_wait() -> None:
    force = edited(said(), said((20, {"decrease": "never"})))
    assert values(force, "decrease", 16, 19, 20, 31) == [
        "change-date",
        "change-date",
        "never",
        "never",
    ]


@pytest.mark.parametrize("day", [20, 31])
def test_a_dated_policy_taken_out_before_its_day_never_comes(day: int) -> None:
    force = edited(said((20, {"decrease": "never"})), said())
    assert values(force, "decrease", day) == ["change-date"]


CHANGES = st.lists(
    st.tuples(
        st.integers(1, 31),
        st.dictionaries(st.sampled_from(["minimum", "maximum"]), st.integers(1, 9), min_size=1),
    ),
    max_size=3,
    unique_by=lambda change: change[0],
).map(sorted)


@given(CHANGES, CHANGES, st.integers(1, 9))
def test_from_the_edit_on_only_the_configuration_speaks(old: Any, new: Any, minimum: int) -> None:
    force = edited(said(*old), said(*new, minimum=minimum))
    for day in range(16, 32):
        when = date(2026, 3, day)
        assert in_force_on(force, when) == in_force_on(said(*new, minimum=minimum), when)


@given(CHANGES, st.integers(1, 9))
def test_before_it_undated_settings_change_nothing(changes: Any, maximum: int) -> None:
    old = said(*changes)
    force = edited(old, said(*changes, included=maximum))
    for day in range(1, 16):
        when = date(2026, 3, day)
        assert in_force_on(force, when) == in_force_on(old, when)
