"""Edits of the configuration without a date count from the day they are first applied."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from reconciler.sandbox import Behaviour
from tests.runs.world import TODAY, World

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(params=["append", "upsert"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    world = World(tmp_path, Behaviour(line_update=request.param))
    world.service("edr")
    world.row("edr", 5)
    world.configure()
    world.steady("edr", 5)
    world.baseline()
    world.apply()
    return world


def next_day(world: World, units: int) -> None:
    world.sandbox.set_clock(world.sandbox.today() + timedelta(days=1))
    world.steady("edr", units)


def test_the_first_configuration_counts_from_where_billing_starts(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.service("edr")
    world.row("edr", 5)
    world.configure()
    world.steady("edr", 8)
    world.baseline()
    assert [change.day for change in world.plan().changes] == [date(2026, 11, 1)]


def test_an_undated_edit_counts_from_today_and_stays_so(world: World) -> None:
    world.configure(edr="minimum: 8")
    assert [(c.day, c.units_after) for c in world.plan().changes] == [(TODAY, 8)]
    world.apply()
    assert world.units("edr") == 8
    next_day(world, 5)
    assert world.plan().verdict == "in-step"


def test_an_edit_that_was_only_planned_is_not_remembered(world: World) -> None:
    world.configure(edr="minimum: 8")
    world.plan()
    world.configure()
    assert world.plan().verdict == "in-step"
    assert world.ledger.remember().rules[-1].day == date.min


def test_a_dated_edit_counts_from_its_own_day(world: World) -> None:
    world.configure(edr="changes: [{from: 2026-11-10, minimum: 8}]")
    assert [(c.day, c.units_after) for c in world.plan().changes] == [(date(2026, 11, 10), 8)]


def test_a_maximum_lowers_from_today_only(world: World) -> None:
    world.configure(edr="maximum: 3")
    assert [(c.day, c.units_after) for c in world.plan().changes] == [(TODAY, 3)]


def test_an_organization_taken_away_stops_counting_today(world: World) -> None:
    world.configure(edr="minimum: 1")
    world.apply()
    text = (world.config / "accounts/brass.yaml").read_text(encoding="utf-8")
    text = text.replace(
        "edr: {organizations: {datto-edr: edr}", "edr: {organizations: {datto-edr: []}"
    )
    (world.config / "accounts/brass.yaml").write_text(text, encoding="utf-8")
    # Nothing left to count is not a count of 0: the line keeps its units.
    plan = world.plan()
    assert not [change for change in plan.changes if change.standing != "scheduled"]
    assert "USG009" in {finding.code for finding in plan.findings}


def test_a_policy_edited_in_mid_period_waits_for_the_next_one(world: World) -> None:
    world.read("edr", {YESTERDAY: 7})
    world.apply()
    assert world.units("edr") == 7
    world.configure(edr="policy: month-end")
    # Under the old policy until the end of November: what daily wrote is not taken back.
    assert world.plan().verdict == "in-step"
    world.apply()
    next_day(world, 7)
    world.read("edr", {TODAY: 9})
    world.apply()
    assert world.units("edr") == 9


def test_the_new_policy_rules_the_next_period(world: World) -> None:
    world.configure(edr="policy: month-end")
    world.apply()
    world.sandbox.set_clock(date(2026, 12, 10))
    world.steady("edr", 5, first=date(2026, 11, 23))
    world.read("edr", {date(2026, 12, 3): 9})
    world.apply()
    assert world.units("edr") == 5, "the month's peak counts when the month is over"
    world.sandbox.set_clock(date(2027, 1, 1))
    world.steady("edr", 5, first=date(2026, 12, 4))
    world.apply()
    assert [(c.day, c.units_after) for c in world.plan().changes if c.standing == "ready"] == []
    history = [(entry.date, entry.units) for entry in world.sandbox.tables().history()]
    assert history[-1][0] >= date(2026, 12, 1)


def test_a_line_that_joins_later_is_not_counted_before_it_did(world: World) -> None:
    world.service("late")
    world.row("late", 5)
    world.configure()
    world.steady("late", 9)
    world.baseline()
    assert [(c.day, c.units_after) for c in world.plan().changes] == [(TODAY, 9)]
    world.apply()
    next_day(world, 5)
    world.steady("late", 9)
    assert world.plan().verdict == "in-step"


def test_edited_twice_on_a_day_the_last_word_counts(world: World) -> None:
    world.configure(edr="minimum: 8")
    world.apply()
    world.configure(edr="minimum: 6")
    world.apply()
    assert world.units("edr") == 6
    assert world.plan().verdict == "in-step"
