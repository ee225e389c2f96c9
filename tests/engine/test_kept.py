"""What is said where a missing day keeps a count from lowering a line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.words import days_in_words
from reconciler.model.desired import Reference
from reconciler.model.finding import Finding
from reconciler.model.reading import SourceStatus
from tests.engine import builders as make
from tests.engine.play import World, brass, changes
from tests.engine.test_plan import with_line

D = date
FEBRUARY = D(2026, 2, 1)
PEAK: dict[str, Any] = {
    "adjust": "month-end",
    "over": "peak",
    "increase": "period-start",
    "decrease": "next-period",
}
HOLED = [*[8] * 9, None, *[8] * 21]
"""All of January but the tenth."""


def shop(*values: int | None, **policy: Any) -> World:
    return brass(*values, **with_line(make.settings(**{**PEAK, **policy})))


def said(world: World, as_of: date) -> list[Finding]:
    return [found for found in world.plan(as_of).plan.findings if found.code == "USG015"]


@pytest.mark.parametrize("gap_days", [0, 3])
def test_a_month_end_that_may_not_lower_says_by_which_day_and_what_it_costs(gap_days: int) -> None:
    world = shop(*HOLED, gap_days=gap_days)
    assert changes(world.plan(FEBRUARY)) == []
    (found,) = said(world, FEBRUARY)
    assert found.message == (
        "datto-rmm: no reading of 2026-01-10 of Brass: 1 line keeps its units: Managed Workstation"
        " on Managed Services of Brass Building Supplies at 10, 8 counted"
    )
    assert found.money == Decimal("-40.00")
    assert found.severity == "warning"


@pytest.mark.parametrize("over", ["average", "sum"])
def test_a_count_that_nobody_can_make_is_told_without_money(over: str) -> None:
    (found,) = said(shop(*HOLED, over=over), FEBRUARY)
    assert found.money is None
    assert found.message.endswith("Brass Building Supplies at 10")


def test_it_is_told_as_long_as_the_month_is_looked_at_and_until_the_day_is_there() -> None:
    assert said(shop(*HOLED, *[8] * 15), D(2026, 2, 16))
    assert not said(shop(*[8] * 46), D(2026, 2, 16))
    assert not said(shop(*HOLED[:20]), D(2026, 1, 21))


def test_a_last_day_missing_is_still_told_a_day_later() -> None:
    world = shop(*[8] * 30, None, 8, over="last")
    assert [found.money for found in said(world, D(2026, 2, 2))] == [None]
    # On the day itself it is the newest reading that is missing.
    assert not said(shop(*[8] * 30, over="last"), FEBRUARY)


@pytest.mark.parametrize(
    "policy",
    [{"decrease": "never"}, {"adjust": "daily", "over": "last", "decrease": "change-date"}],
)
def test_nothing_is_told_where_no_decrease_waits(policy: dict[str, Any]) -> None:
    assert not said(shop(*HOLED, **policy), FEBRUARY)


def test_a_count_that_raises_or_stays_is_told_of_by_nobody() -> None:
    assert not said(shop(*[12] * 9, None, *[12] * 21), FEBRUARY)
    assert not said(shop(*[10] * 9, None, *[8] * 21), FEBRUARY)


def test_a_peak_that_moves_daily_is_told_too() -> None:
    (found,) = said(shop(*[8] * 31, None, 6, 6, adjust="daily"), D(2026, 2, 4))
    assert found.money == Decimal("-40.00")


def test_a_person_who_lowered_the_line_in_bms_ends_it() -> None:
    world = shop(*HOLED, *[8] * 5)
    assert said(world, D(2026, 2, 6))
    world.facts.append(make.fact(-2, FEBRUARY, source="accepted"))
    world.rows[0] = (world.rows[0][0], 8)
    assert not said(world, D(2026, 2, 6))


def test_a_start_at_the_newest_reading_ends_what_it_would_have_begun_with() -> None:
    assert not said(shop(*HOLED, 8, carry="last"), D(2026, 2, 2))
    missing = [*[8] * 30, None, 8]
    (found,) = said(shop(*missing, carry="last"), D(2026, 2, 2))
    assert "2026-01-31" in found.message


def test_lines_of_a_failed_source_are_told_of_with_it() -> None:
    world = shop(*HOLED)
    world.sources = (SourceStatus("file a.csv", ("datto-rmm",), None, "no such file", 2),)
    assert not said(world, FEBRUARY)


def test_one_cause_is_told_once_with_its_money_in_all() -> None:
    rules = make.settings(**PEAK)
    lines = (
        make.line(rules),
        make.line(rules, service="server", bms_service=Reference(name="Managed Server")),
    )
    world = brass(*HOLED, accounts=[make.desired_account(*lines)])
    world.rows.append((make.a_row(id=1001, service_id=101, price=Decimal("45.00")), 9))
    world.facts.clear()
    world.agreements.clear()
    world.baseline()
    (found,) = said(world, FEBRUARY)
    assert "2 lines keep their units: Managed Server on" in found.message
    assert found.money == Decimal("-85.00")


def test_days_are_told_in_runs_and_no_more_than_a_few() -> None:
    days = [make.START + make.ONE_DAY * n for n in (0, 2, 3, 4, 6, 8, 9)]
    assert days_in_words(days[:1]) == "2026-01-01"
    assert days_in_words(days[:5]) == "2026-01-01, 2026-01-03 to 2026-01-05, 2026-01-07"
    assert days_in_words(days).endswith("2026-01-07 and 2 days more")
    assert days_in_words(days[:6]).endswith("2026-01-07 and 1 day more")
