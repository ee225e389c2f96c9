"""A line's last day is carried out whatever is read: it needs no reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconciler.model.desired import Guards
from reconciler.model.reading import SourceStatus
from tests.engine import builders as make
from tests.engine.play import World, brass, changes, codes

D = date
ENDS = D(2026, 1, 20)
END = ("2026-01-21", 10, 0, "ready")
AFTER = [D(2026, 1, 21), D(2026, 2, 5)]
RICH = replace(Guards(), line=Decimal(10**6), account=Decimal(10**6), run=Decimal(10**6))
"""All guards but those of money."""
PEAK: dict[str, Any] = {"adjust": "month-end", "over": "peak", "decrease": "period-start"}
FAILED = SourceStatus("file usage/*.csv", ("datto-rmm",), D(2026, 1, 10), "no answer", 2)


def ending(*values: int | None, **settings: Any) -> World:
    """A line of ten that ends on the 20th, under every guard but those of money."""
    world = brass(*values)
    line = make.line(make.settings(**settings), last_day=ENDS)
    world.accounts = [make.desired_account(line)]
    world.state = {"guards": RICH}
    return world


def elsewhere(world: World) -> World:
    """Another organization of the product goes on."""
    world.series["Other", "total-devices"] = make.series(*[5] * 60)
    return world


@pytest.mark.parametrize("day", AFTER)
def test_a_line_whose_organization_is_gone_from_its_product_ends(day: date) -> None:
    planned = elsewhere(ending(*[10] * 10)).plan(day)
    assert changes(planned) == [END]
    assert [change.cause for change in planned.plan.changes] == ["end"]
    assert "USG012" not in codes(planned)


@pytest.mark.parametrize("day", AFTER)
def test_a_line_whose_source_fell_silent_ends(day: date) -> None:
    planned = ending(*[10] * 10).plan(day)
    assert changes(planned) == [END]
    assert "USG002" not in codes(planned)


def test_a_line_whose_source_failed_ends_and_the_failure_is_still_told() -> None:
    world = ending(*[10] * 10)
    world.sources = (FAILED,)
    planned = world.plan(D(2026, 1, 21))
    assert changes(planned) == [END]
    assert "USG004" in codes(planned)


def test_a_line_whose_mapping_was_taken_out_ends() -> None:
    world = elsewhere(ending(*[10] * 10))
    world.accounts = [replace(world.accounts[0], organizations={})]
    assert changes(world.plan(D(2026, 1, 21))) == [END]


def test_until_its_last_day_is_over_a_line_waits_for_readings_as_any() -> None:
    planned = elsewhere(ending(*[10] * 9, 12)).plan(ENDS)
    held, scheduled = planned.plan.changes
    assert (held.standing, held.because) == ("held", ("USG012",))
    assert (str(scheduled.day), scheduled.units_after, scheduled.standing) == (
        "2026-01-21",
        0,
        "scheduled",
    )


def test_what_was_counted_before_the_end_is_written_with_it() -> None:
    planned = elsewhere(ending(*[10] * 9, 12)).plan(D(2026, 1, 21))
    assert changes(planned) == [
        ("2026-01-10", 10, 12, "ready"),
        ("2026-01-21", 12, 0, "ready"),
    ]


@pytest.mark.parametrize(
    ("policy", "values"),
    [
        ({}, [10] * 5),
        ({}, [10] * 5 + [None] * 10 + [10] * 5),
        (PEAK, [8] * 5),
        (PEAK, [8] * 5 + [None] + [8] * 14),
    ],
)
def test_days_before_the_end_that_nobody_can_count_keep_what_bms_has(
    policy: dict[str, Any], values: list[int | None]
) -> None:
    planned = elsewhere(ending(*values, **policy)).plan(D(2026, 1, 21))
    assert changes(planned) == [END]


def test_an_end_needs_not_a_single_reading() -> None:
    world = elsewhere(ending())
    del world.series["Brass", "total-devices"]
    assert changes(world.plan(D(2026, 1, 21))) == [END]


def test_usage_that_fell_to_zero_before_the_end_waits_until_then_and_no_longer() -> None:
    world = ending(*[10] * 14, *[0] * 40)
    assert changes(world.plan(D(2026, 1, 18)))[0] == ("2026-01-15", 10, 0, "held")
    (change,) = world.plan(D(2026, 1, 21)).plan.changes
    assert (str(change.day), change.units_after, change.standing) == ("2026-01-15", 0, "ready")
    assert change.cause == "end"


def test_a_fall_to_zero_that_did_not_last_is_none_of_the_end() -> None:
    world = ending(*[10] * 9, 0, *[10] * 40)
    planned = world.plan(D(2026, 1, 21))
    found = [(change.cause, change.standing) for change in planned.plan.changes]
    assert found == [("usage", "ready"), ("usage", "ready"), ("end", "ready")]


def test_the_percentage_of_a_line_that_ends_holds_nothing() -> None:
    world = ending(*[10] * 9, *[2] * 40)
    assert {standing for *_, standing in changes(world.plan(D(2026, 1, 21)))} == {"ready"}
    assert changes(world.plan(ENDS))[0] == ("2026-01-10", 10, 2, "held")


def test_the_money_of_a_line_that_ends_is_guarded_as_any() -> None:
    world = ending(*[10] * 10)
    world.state = {"guards": replace(RICH, line=Decimal(100))}
    (change,) = world.plan(D(2026, 1, 21)).plan.changes
    assert (change.standing, change.because) == ("held", ("GRD002",))
    approved = (make.approval(change),)
    assert changes(world.plan(D(2026, 2, 5), approved=approved)) == [END]


def test_units_that_nobody_knows_hold_the_end() -> None:
    world = ending(*[10] * 10)
    world.facts, world.contracts = [], [replace(world.contracts[0], total=Decimal("33.33"))]
    planned = world.plan(D(2026, 1, 21))
    assert not [change for change in planned.plan.changes if change.standing == "ready"]
    assert "KNW001" in codes(planned)


def test_drift_holds_the_end() -> None:
    world = ending(*[10] * 21)
    world.plan(D(2026, 1, 15))
    world.contracts = [replace(world.contracts[0], total=Decimal("33.33"))]
    (change,) = world.plan(D(2026, 1, 21)).plan.changes
    assert (change.standing, change.because) == ("held", ("KNW002",))
