from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reconciler.model.assumptions import Assumptions
from reconciler.model.bms import LineKey
from reconciler.model.finding import Finding
from reconciler.model.ledgered import KnownFact
from tests.engine.play import APPEND, UPSERT, World, brass

D = date


def written(assume: Assumptions) -> World:
    """A line that we moved from 10 to 12, agreed on the day after."""
    world = brass(10, 12, 12, 12, 12, assume=assume)
    world.apply(world.plan(D(2026, 1, 3)))
    assert world.plan(D(2026, 1, 3)).plan.verdict == "in-step"
    return world


def said(world: World) -> list[Finding]:
    return [f for f in world.plan(D(2026, 1, 4)).plan.findings if f.code == "KNW010"]


def test_a_row_of_ours_that_something_else_moved_is_said_with_the_likely_cause() -> None:
    world = written(UPSERT)
    row, units = world.rows[-1]
    world.rows[-1] = (replace(row, date=D(2026, 1, 3)), units - 5)
    (found,) = said(world)
    assert "what was written here for 2026-01-02 was changed in BMS" in found.message
    assert "switch the other one off" in found.remedy


def test_a_row_of_ours_that_is_gone_is_said() -> None:
    world = written(APPEND)
    del world.rows[-1]
    assert len(said(world)) == 1


def test_units_that_only_our_line_explains_are_said() -> None:
    world = written(APPEND)
    row, units = world.rows[-1]
    world.rows[-1] = (row, units + 4)
    assert len(said(world)) == 1


@pytest.mark.parametrize("assume", [APPEND, UPSERT])
def test_a_line_nobody_touched_says_nothing(assume: Assumptions) -> None:
    assert said(written(assume)) == []


def test_an_edit_of_a_line_that_we_never_wrote_is_only_drift() -> None:
    world = brass(10, 10, 10, 10)
    world.plan(D(2026, 1, 3))
    row, units = world.rows[0]
    world.rows[0] = (row, units + 4)
    planned = world.plan(D(2026, 1, 4))
    assert "KNW002" in [f.code for f in planned.plan.findings]
    assert said(world) == []


def test_it_says_how_often_a_person_had_to_take_it_over_before() -> None:
    world = written(APPEND)
    key = LineKey(1, 10, 100)
    world.facts.append(KnownFact(key, None, D(2026, 1, 3), "set", 12, "accepted"))
    last = world.rows[-1][0]
    world.facts.append(KnownFact(key, last.id, last.date, "add", 0, "reply"))
    row, units = world.rows[-1]
    world.rows[-1] = (row, units + 4)
    (found,) = said(world)
    assert found.message.endswith("was changed in BMS, as 1 time before")
