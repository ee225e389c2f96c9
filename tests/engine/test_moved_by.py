"""A change is the configuration's where settings move the line, however long it waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reconciler.engine.caused import caused
from reconciler.engine.plan import Planned, make_plan
from reconciler.model.bms import LineKey
from reconciler.model.desired import OrganizationRef
from reconciler.model.rules import LineRule
from reconciler.model.settings import DatedSettings, LineSettings
from tests.engine import builders as make
from tests.engine.play import World, brass

EDITED = date(2026, 1, 10)
DAYS = 20
RAISED = make.settings(minimum=15)


def rule(day: date, settings: LineSettings) -> LineRule:
    return LineRule(LineKey(1, 10, 100), day, settings, (("datto-rmm", "Brass"),))


def planned(world: World, as_of: date, *rules: LineRule) -> Planned:
    entry = world.entry(as_of)
    return make_plan(replace(entry, remembered=replace(entry.remembered, rules=rules)))


def edited(values: list[int], as_of: date, before: LineSettings, after: LineSettings) -> Planned:
    """A line whose settings were edited on the 10th, with nothing written since."""
    world = brass(*values, accounts=[make.desired_account(make.line(after))])
    return planned(world, as_of, rule(date.min, before), rule(EDITED, after))


def told(found: Planned) -> list[tuple[str, int, str]]:
    return [(str(c.day), c.units_after, c.cause) for c in found.plan.changes]


def after(days: int) -> date:
    return make.START + make.ONE_DAY * days


@pytest.mark.parametrize("days", [10, 15, 20])
def test_an_edit_that_waits_is_the_configurations_however_long(days: int) -> None:
    found = edited([10] * days, after(days), make.settings(), make.settings(minimum=15))
    assert told(found) == [("2026-01-10", 15, "config")]


def test_what_counts_from_the_next_period_on_is_the_edits_too() -> None:
    policy: dict[str, Any] = {"increase": "next-period", "decrease": "next-period"}
    settings = make.settings(**policy), make.settings(minimum=15, **policy)
    waits = edited([10] * DAYS, after(DAYS), *settings)
    assert told(waits) == [("2026-02-01", 15, "config")]
    comes = edited([10] * 33, after(33), *settings)
    assert told(comes) == [("2026-02-01", 15, "config")]


def test_usage_that_moves_after_an_edit_is_usage() -> None:
    values = [*[10] * 14, *[12] * 6]
    found = edited(values, after(DAYS), make.settings(), make.settings(maximum=100))
    assert told(found) == [("2026-01-15", 12, "usage")]


def test_each_step_has_the_cause_of_its_own() -> None:
    values = [*[10] * 4, *[11] * 10, *[12] * 6]
    found = edited(values, after(DAYS), make.settings(), make.settings(multiply=2))
    assert told(found) == [
        ("2026-01-05", 11, "usage"),
        ("2026-01-10", 22, "config"),
        ("2026-01-15", 24, "usage"),
    ]


def test_an_edit_that_is_undone_before_it_was_written_is_twice_the_configurations() -> None:
    world = brass(*[10] * DAYS)
    rules = (
        rule(date.min, make.settings()),
        rule(EDITED, make.settings(minimum=15)),
        rule(date(2026, 1, 12), make.settings()),
    )
    found = told(planned(world, after(DAYS), *rules))
    assert found == [("2026-01-10", 15, "config"), ("2026-01-12", 10, "config")]


def test_once_an_edit_is_written_what_comes_after_is_usage() -> None:
    """Also where the policy dates both back: each day by its own settings."""
    policy: dict[str, Any] = {"increase": "period-start", "multiply": 2}
    after_it = make.settings(**policy)
    world = brass(*[10] * 14, *[11] * 6, accounts=[make.desired_account(make.line(after_it))])
    rules = rule(date.min, make.settings(increase="period-start")), rule(EDITED, after_it)
    first = planned(world, date(2026, 1, 11), *rules)
    assert told(first) == [("2026-01-10", 20, "config")]
    world.apply(first)
    assert told(planned(world, after(DAYS), *rules)) == [
        ("2026-01-01", 11, "usage"),
        ("2026-01-10", 22, "usage"),
    ]


def test_settings_of_a_day_move_the_line_on_that_day() -> None:
    dated = DatedSettings(EDITED, make.settings(minimum=15))
    line = make.line(make.settings(), dated)
    world = brass(*[10] * DAYS, accounts=[make.desired_account(line)])
    assert told(world.plan(after(DAYS))) == [("2026-01-10", 15, "config")]


def test_an_organization_that_is_mapped_moves_the_line() -> None:
    world = brass(*[10] * DAYS)
    world.series["Copper", "total-devices"] = make.series(*[3] * DAYS)
    now = (("datto-rmm", "Brass"), ("datto-rmm", "Copper"))
    two = tuple(OrganizationRef(name=name) for name in ("Brass", "Copper"))
    world.accounts = [make.desired_account(organizations={"datto-rmm": two})]
    both = replace(rule(EDITED, make.settings()), organizations=now)
    found = planned(world, after(DAYS), rule(date.min, make.settings()), both)
    assert told(found) == [("2026-01-10", 13, "config")]


def test_what_an_edit_left_to_be_written_is_not_what_usage_moves() -> None:
    """The configuration that undoes it is compared with the one that has it."""
    raised = make.settings(minimum=15)
    has = brass(*[10] * DAYS, accounts=[make.desired_account(make.line(raised))])
    rules = rule(date.min, make.settings()), rule(EDITED, raised)
    new, old = (
        replace(entry, remembered=replace(entry.remembered, rules=rules))
        for entry in (brass(*[10] * DAYS).entry(after(DAYS)), has.entry(after(DAYS)))
    )
    found = caused(new, old)
    assert [(c.units_after, c.cause) for c in found.anyway] == [(15, "config")]


def test_what_usage_leaves_for_the_next_period_is_usage_whatever_was_edited() -> None:
    values, policy = [*[10] * 14, *[8] * 6], {"decrease": "next-period"}
    settings = make.settings(decrease="next-period"), make.settings(maximum=100, **policy)
    assert told(edited(values, after(DAYS), *settings)) == [("2026-02-01", 8, "usage")]


def test_an_edit_that_waits_behind_a_later_row_is_the_configurations() -> None:
    """A person added a unit in BMS two days after it."""
    world = brass(*[10] * DAYS, accounts=[make.desired_account(make.line(RAISED))])
    world.rows.append((make.a_row(id=2, date=date(2026, 1, 12)), 1))
    world.facts.clear()
    world.baseline()
    found = planned(world, after(DAYS), rule(date.min, make.settings()), rule(EDITED, RAISED))
    assert told(found)[0] == ("2026-01-10", 15, "config")
