from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.calculator import Bill, Case, CaseError, Change, bill, cycle_of
from reconciler.engine.periods import Period, Schedule
from reconciler.engine.proration import DayCount, RoundingMode, exponent

DAY_COUNTS: tuple[DayCount, ...] = ("actual", "fixed-30", "30-360")
NO_DAY = Period(date(2024, 3, 1), date(2024, 3, 1), date(2024, 3, 1), date(2024, 3, 1))
MODES: tuple[RoundingMode, ...] = ("half-up", "half-even", "up", "down")

starts = st.dates(date(2019, 1, 1), date(2030, 12, 31))
periods = st.builds(
    lambda start, cycle: Schedule(start, cycle).containing(start),
    starts,
    st.sampled_from(["weekly", "monthly", "quarterly", "yearly"]),
)
prices = st.decimals(0, 10_000, places=2)
quantities = st.integers(0, 500).map(Decimal)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    period = draw(periods)
    length = (period.end - period.first).days
    changes = st.builds(
        lambda offset, units: Change(period.first + timedelta(offset), units),
        st.integers(0, length + 3),
        quantities,
    )
    return Case(
        period,
        draw(prices),
        draw(quantities),
        draw(st.lists(changes, max_size=5)),
        draw(st.sampled_from(DAY_COUNTS)),
        draw(st.sampled_from(MODES)),
        draw(st.sampled_from(["USD", "JPY", "KWD"])),
    )


def with_changes(case: Case, *changes: Change, units: Decimal | None = None) -> Bill:
    return bill(
        Case(
            case.period,
            case.unit_price,
            case.units if units is None else units,
            changes,
            case.day_count,
            case.rounding,
            case.currency,
        )
    )


@given(cases())
def test_whole_equals_price(case: Case) -> None:
    exact = case.unit_price * case.units
    step = Decimal(1).scaleb(-exponent(case.currency))
    assert abs(with_changes(case).base - exact) < step


@given(cases())
def test_credits_never_exceed_what_was_billed(case: Case) -> None:
    found = bill(case)
    so_far = found.base
    for part in found.adjustments:
        so_far += part.amount
        assert so_far >= 0


@given(cases())
def test_lines_sum_to_the_total_and_are_whole_minor_units(case: Case) -> None:
    found = bill(case)
    assert found.total == found.base + sum(part.amount for part in found.adjustments)
    for money in (found.base, found.total):
        assert money == money.quantize(Decimal(1).scaleb(-exponent(case.currency)))


@given(cases())
def test_the_days_of_a_change_are_between_none_and_all(case: Case) -> None:
    for part in bill(case).adjustments:
        assert 0 <= part.days <= part.of


@given(cases(), quantities)
def test_a_change_on_the_period_end_changes_nothing(case: Case, units: Decimal) -> None:
    assert with_changes(case, Change(case.period.end, units)) == with_changes(case)


@given(cases(), quantities)
def test_the_last_change_of_a_day_wins(case: Case, units: Decimal) -> None:
    day = case.period.first
    both = with_changes(case, Change(day, case.units + 7), Change(day, units))
    assert both == with_changes(case, Change(day, units))


@given(cases(), st.integers(1, 400))
def test_up_and_back_on_one_day_is_nothing(case: Case, offset: int) -> None:
    day = case.period.first + timedelta(offset % (case.period.end - case.period.first).days)
    there_and_back = with_changes(case, Change(day, case.units + 3), Change(day, case.units))
    assert there_and_back.adjustments == ()


@given(cases(), st.integers(0, 400), st.integers(1, 50))
def test_a_credit_mirrors_the_charge_of_the_same_days(case: Case, offset: int, more: int) -> None:
    day = case.period.first + timedelta(offset % (case.period.end - case.period.first).days)
    up = with_changes(case, Change(day, case.units + more))
    down = with_changes(case, Change(day, case.units), units=case.units + more)
    assert up.adjustments[0].amount == -down.adjustments[0].amount


@given(cases(), st.randoms())
def test_the_order_of_changes_on_different_days_does_not_matter(case: Case, random: object) -> None:
    by_day = {change.day: change for change in case.changes}
    changes = list(by_day.values())
    shuffled = sorted(changes, key=lambda change: hash((id(random), change.day)))
    assert with_changes(case, *changes) == with_changes(case, *shuffled)


def march(**more: object) -> Case:
    period = Period(date(2024, 3, 1), date(2024, 4, 1), date(2024, 3, 1), date(2024, 4, 1))
    return Case(period, Decimal("10.00"), Decimal(3), **more)  # type: ignore[arg-type]


def test_a_change_before_the_segment_counts_from_its_start() -> None:
    period = Period(date(2024, 3, 11), date(2024, 4, 1), date(2024, 3, 1), date(2024, 4, 1))
    found = bill(Case(period, Decimal("31.00"), Decimal(1), [Change(date(2024, 3, 2), Decimal(2))]))
    assert found.base == Decimal("21.00")
    assert [(part.day, part.days) for part in found.adjustments] == [(date(2024, 3, 11), 21)]


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (Case(NO_DAY, Decimal(1), Decimal(1)), "before it has begun"),
        (march(changes=[Change(date(2024, 2, 29), Decimal(1))]), "before the period"),
        (march(changes=[Change(date(2024, 3, 9), Decimal(-1))]), "negative"),
        (
            Case(
                Period(date(2024, 2, 1), date(2024, 3, 9), date(2024, 3, 1), date(2024, 4, 1)),
                Decimal(1),
                Decimal(1),
            ),
            "outside the period",
        ),
    ],
)
def test_a_case_that_makes_no_sense_is_an_error_and_not_a_zero(case: Case, why: str) -> None:
    with pytest.raises(CaseError, match=why):
        bill(case)


@given(periods)
def test_a_fixed_day_count_knows_the_cycle_by_the_length(period: Period) -> None:
    days = (period.whole_end - period.whole_first).days
    expected = {7: "weekly"}.get(days) or (
        "monthly" if days < 60 else "quarterly" if days < 200 else "yearly"
    )
    assert cycle_of(period) == expected
