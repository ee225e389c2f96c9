from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.count import Tally, tallies
from reconciler.engine.day_runs import Input
from reconciler.engine.periods import Schedule
from reconciler.engine.readings import filled, readings
from reconciler.engine.summed import total
from reconciler.engine.units import units_of, whole
from reconciler.model.reading import Series
from reconciler.model.settings import LineSettings, Over, Rounding
from tests.engine import builders as make
from tests.engine import naive

FIRST, LAST = date(2026, 1, 1), date(2026, 3, 10)
MONTH = date(2026, 1, 31)
LENGTH = (LAST - FIRST).days + 1

QUANTITIES = st.none() | st.integers(0, 9)
VALUES = st.lists(QUANTITIES, min_size=LENGTH, max_size=LENGTH) | st.lists(
    st.integers(0, 9), min_size=LENGTH, max_size=LENGTH
)
SINCE = st.none() | st.dates(FIRST, LAST)
"""The day after an exclusion."""
ORGANIZATIONS = st.lists(st.tuples(VALUES, st.booleans(), SINCE), min_size=1, max_size=3)


@st.composite
def line_settings(draw: st.DrawFn) -> LineSettings:
    return make.settings(
        over=draw(st.sampled_from(get_args(Over))),
        gap_days=draw(st.integers(0, 3)),
        multiply=draw(st.sampled_from([Decimal(1), Decimal("0.5"), Decimal(3)])),
        per=draw(st.sampled_from([Decimal(1), Decimal(10), Decimal("2.5")])),
        included=draw(st.sampled_from([Decimal(0), Decimal(2), Decimal("1.5")])),
        minimum=draw(st.none() | st.integers(0, 5)),
        maximum=draw(st.none() | st.integers(5, 20)),
        round=draw(st.sampled_from(get_args(Rounding))),
    )


def _by_day(found: list[Tally]) -> dict[date, tuple[int | None, bool]]:
    out: dict[date, tuple[int | None, bool]] = {}
    for tally in found:
        for day in make.days(tally.first, tally.last):
            assert day not in out
            out[day] = (tally.units, tally.sure)
    return out


@settings(max_examples=60)
@given(ORGANIZATIONS, line_settings())
def test_counts_are_those_of_a_day_by_day_reckoning(
    organizations: list[tuple[list[int | None], bool, date | None]], wanted: LineSettings
) -> None:
    schedule = make.monthly()
    inputs = [
        make.an_input(
            make.series(*values) if any(v is not None for v in values) else None,
            subtract=subtract,
            since=since,
        )
        for values, subtract, since in organizations
    ]
    parts = [
        naive.Part(
            {
                day: Decimal(value)
                for day, value in zip(make.days(FIRST, LAST), values, strict=True)
                if value is not None
            },
            subtract,
            since or date.min,
        )
        for values, subtract, since in organizations
    ]
    found = _by_day(list(tallies(inputs, wanted, schedule, FIRST, LAST)))
    for day in make.days(FIRST, LAST):
        expected = naive.over_period(parts, wanted, schedule, day)
        units, sure = found[day]
        assert units == units_of(expected.value, wanted)
        assert sure == expected.sure or units is None


@given(st.lists(st.integers(0, 9), min_size=31, max_size=31), st.dates(FIRST, date(2026, 1, 31)))
def test_an_organization_counts_after_its_exclusion_as_if_it_had_used_nothing_before(
    values: list[int], since: date
) -> None:
    """Over a period, and so as it would beside another that uses nothing."""
    excluded = make.series(*values)
    unused = make.series(*[0] * (since - FIRST).days, *values[(since - FIRST).days :])
    for over in get_args(Over):
        alone, beside, zero = (
            _by_day(list(tallies(inputs, make.settings(over=over), make.monthly(), FIRST, MONTH)))
            for inputs in (
                [make.an_input(excluded, since=since)],
                [make.an_input(excluded, since=since), make.an_input(make.series(*[0] * 31))],
                [make.an_input(unused)],
            )
        )
        for day in make.days(since, MONTH):
            assert alone[day] == beside[day] == zero[day]
        for day in make.days(FIRST, since - make.ONE_DAY):
            assert alone[day] == (None, False)


@pytest.mark.parametrize(
    ("over", "units"), [("last", None), ("peak", 8), ("average", 4), ("sum", 16)]
)
def test_a_day_of_which_all_is_excluded_lowers_nothing_by_itself(
    over: Over, units: int | None
) -> None:
    """Eight on each of two days, then two that are excluded, then two days of two."""
    series = make.series(8, 8, 9, 9, 2, 2)
    inputs = [
        replace(make.an_input(series), until=date(2026, 1, 2)),
        make.an_input(series, since=date(2026, 1, 5)),
    ]
    found = _by_day(
        list(tallies(inputs, make.settings(over=over), make.monthly(), FIRST, date(2026, 1, 6)))
    )
    assert found[date(2026, 1, 4)] == (units, False)
    after = {"last": 2, "peak": 8, "average": 4, "sum": 20}[over]
    assert found[date(2026, 1, 6)] == (after, True)


@given(st.fractions(0, 1000), line_settings())
def test_more_usage_is_never_fewer_units(quantity: Fraction, wanted: LineSettings) -> None:
    fewer, more = units_of(quantity, wanted), units_of(quantity + 1, wanted)
    assert fewer is not None
    assert more is not None
    assert 0 <= fewer <= more


def test_packs_are_opened_on_the_whole_quantity_never_slice_by_slice() -> None:
    packs = make.settings(over="sum", per=Decimal(1000))
    inputs = [make.an_input(make.series(1400, 1300))]
    found = list(tallies(inputs, packs, make.monthly(), FIRST, date(2026, 1, 2)))
    assert [tally.units for tally in found] == [2, 3]


@pytest.mark.parametrize(("used", "packs"), [(0, 0), (1, 1), (9, 1), (10, 1), (11, 2)])
def test_a_pack_begun_is_a_pack(used: int, packs: int) -> None:
    assert units_of(Decimal(used), make.settings(per=Decimal(10))) == packs


def test_included_units_come_off_after_packing_and_before_the_minimum() -> None:
    wanted = make.settings(per=Decimal(10), included=Decimal(1), minimum=2)
    assert units_of(Decimal(45), wanted) == 4
    assert units_of(Decimal(15), wanted) == 2


def test_unknown_stays_unknown_even_with_a_minimum() -> None:
    assert units_of(None, make.settings(minimum=5)) is None


@pytest.mark.parametrize(
    ("rounding", "expected"), [("up", [3, 3, 3, 2]), ("nearest", [2, 3, 3, 2]), ("down", [2] * 4)]
)
def test_rounding(rounding: Rounding, expected: list[int]) -> None:
    quantities = [Decimal("2.4"), Decimal("2.5"), Decimal("2.6"), Decimal(2)]
    assert [whole(quantity, rounding) for quantity in quantities] == expected


@given(st.fractions(0, 1000))
def test_rounding_up_is_never_below_rounding_down(quantity: Fraction) -> None:
    down, near, up = (whole(quantity, mode) for mode in ("down", "nearest", "up"))
    assert down <= near <= up <= down + 1
    assert up == math.ceil(quantity)


def test_a_type_missing_from_a_complete_answer_counts_nothing() -> None:
    found = make.dimensioned({"Desktop": [3, 3], "Laptop": [2, None]})
    entry = make.an_input(found, of=("Desktop", "Laptop", "Server"))
    (run, last) = list(readings(entry))
    assert (run.quantity, last.quantity) == (Decimal(5), Decimal(3))


def test_a_type_named_twice_counts_once() -> None:
    entry = make.an_input(make.dimensioned({"Desktop": [3, 4]}), of=("Desktop", "Desktop"))
    assert [run.quantity for run in readings(entry)] == [3, 4]


def test_all_types_count_where_none_is_named() -> None:
    entry = make.an_input(make.dimensioned({"Desktop": [3], "Server": [1]}))
    assert [run.quantity for run in readings(entry)] == [4]


def test_a_filled_day_is_never_sure_and_a_gap_beyond_what_is_allowed_is_unknown() -> None:
    entry = make.an_input(make.series(4, None, None, None, 5))
    runs = filled(readings(entry), 2, FIRST, date(2026, 1, 6))
    assert [(r.first.day, r.last.day, r.quantity, r.sure) for r in runs] == [
        (1, 1, 4, True),
        (2, 3, 4, False),
        (4, 4, None, False),
        (5, 5, 5, True),
        (6, 6, 5, False),
    ]


def test_a_gap_is_filled_from_readings_before_the_period() -> None:
    entry = make.an_input(make.series(7, first=date(2025, 12, 31)))
    (run, rest) = filled(readings(entry), 1, FIRST, date(2026, 1, 5))
    assert (run.last, run.quantity, rest.quantity) == (FIRST, Decimal(7), None)


def test_one_organization_without_a_reading_makes_the_sum_unknown() -> None:
    inputs = [make.an_input(make.series(4, 4)), make.an_input(make.series(1, None))]
    assert [run.quantity for run in total(inputs, 0, FIRST, date(2026, 1, 2))] == [5, None]


def test_an_organization_that_was_never_read_is_unknown_not_zero() -> None:
    inputs = [make.an_input(make.series(4)), make.an_input(None)]
    assert [run.quantity for run in total(inputs, 0, FIRST, FIRST)] == [None]


@pytest.mark.parametrize("inputs", [[], [make.an_input(make.series(3, 3), subtract=True)]])
def test_nothing_to_count_is_unknown_not_zero(inputs: list[Input]) -> None:
    (run,) = total(inputs, 3, FIRST, date(2026, 1, 2))
    assert (run.quantity, run.sure) == (None, False)


def test_an_organization_counts_from_the_day_after_its_exclusion_ended() -> None:
    inputs = [
        make.an_input(make.series(4, 4, 4)),
        make.an_input(make.series(2, 2, 2), since=date(2026, 1, 3)),
    ]
    runs = total(inputs, 0, FIRST, date(2026, 1, 3))
    assert [(run.last.day, run.quantity) for run in runs] == [
        (2, Decimal(4)),
        (3, Decimal(6)),
    ]


def test_an_unknown_day_leaves_the_peak_unsure_and_the_average_unknown() -> None:
    inputs = [make.an_input(make.series(4, None, 5))]

    def last(over: Over) -> Tally:
        found = tallies(inputs, make.settings(over=over), make.monthly(), FIRST, date(2026, 1, 3))
        return list(found)[-1]

    assert (last("peak").units, last("peak").sure) == (5, False)
    assert last("average").units is None
    assert last("sum").units is None
    assert (last("last").units, last("last").sure) == (5, True)


def test_windows_start_again_with_the_period() -> None:
    schedule = Schedule(FIRST, "weekly")
    inputs = [make.an_input(make.series(*[9] * 7, *[2] * 7))]
    found = _by_day(
        list(tallies(inputs, make.settings(over="peak"), schedule, FIRST, date(2026, 1, 14)))
    )
    assert found[date(2026, 1, 7)] == (9, True)
    assert found[date(2026, 1, 8)] == (2, True)


def test_no_days_give_no_counts() -> None:
    assert total([make.an_input(Series((), {}))], 0, date(2026, 1, 2), FIRST) == []
