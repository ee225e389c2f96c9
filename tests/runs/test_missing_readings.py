"""What is not known never lowers a line."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reconciler.runs.asked import PlanRun
from tests.runs.conftest import MakeWorld
from tests.runs.truth import Rules, Story, billed, posts, wrong
from tests.runs.world import TODAY, World, small_world

FIRST = date(2026, 11, 1)
CLOSED = [FIRST + timedelta(n) for n in range((TODAY - FIRST).days)]


def stand(world: World, units: int, readings: dict[date, int], settings: str = "") -> World:
    """One line with units from January and these readings."""
    world.service("alpha")
    world.row("alpha", units)
    world.configure(alpha=settings)
    world.read("alpha", readings)
    world.baseline()
    return world


def codes(run: PlanRun) -> set[str]:
    return {found.code for found in run.planned.plan.findings}


@given(
    units=st.lists(st.integers(0, 6), min_size=len(CLOSED), max_size=len(CLOSED)),
    missing=st.sets(st.sampled_from(CLOSED)),
    base=st.integers(0, 6),
    decrease=st.sampled_from(["change-date", "next-period", "never"]),
)
@settings(
    max_examples=8,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
def test_a_line_only_falls_on_days_that_have_a_reading(
    units: list[int], missing: set[date], base: int, decrease: str
) -> None:
    readings = {d: n for d, n in zip(CLOSED, units, strict=True) if d not in missing}
    story = Story([(date(2026, 1, 1), base)], readings, Rules(decrease=decrease))
    with small_world(max_age=40) as world:
        stand(world, base, readings, story.rules.yaml())
        world.apply()
        fell = {p.date for p in world.sandbox.tables().posts() if p.units < p.units_before}
        assert not fell & missing
        if readings:
            assert not wrong(world, "alpha", story)


def test_readings_that_stop_keep_the_units_and_hold_the_line(make_world: MakeWorld) -> None:
    readings = dict.fromkeys(CLOSED[:10], 2)
    world = stand(make_world(), 5, readings)
    run = world.run_plan()
    assert "USG002" in codes(run)
    assert {c.standing for c in run.planned.plan.changes} <= {"held"}
    world.apply()
    assert posts(world) == 0
    assert world.units("alpha") == 5


def test_a_line_without_any_reading_keeps_its_units(make_world: MakeWorld) -> None:
    world = stand(make_world(), 5, {})
    world.service("beta")
    world.configure()
    world.steady("beta", 1)
    world.apply()
    assert world.units("alpha") == 5
    assert world.units("beta") == 1


def test_a_failed_source_holds_its_lines_whatever_was_read_before(make_world: MakeWorld) -> None:
    world = stand(make_world(), 5, dict.fromkeys(CLOSED, 2))
    world.ledger.record_failed_pull("file usage/*.csv", "no such file", world.sandbox.now())
    run = world.run_plan()
    assert "USG004" in codes(run)
    world.apply()
    assert posts(world) == 0
    assert world.units("alpha") == 5
    world.steady("alpha", 2)
    world.apply()
    assert world.units("alpha") == 2


def test_a_filled_gap_does_not_lower(make_world: MakeWorld) -> None:
    readings = dict.fromkeys(CLOSED[:-2], 5) | {CLOSED[-3]: 2}
    world = stand(make_world(), 5, readings, "gaps: {allow: 3d}")
    world.apply()
    assert [billed(world, "alpha", day) for day in CLOSED[-4:]] == [5, 2, 2, 2]
    world = stand(make_world(), 5, dict.fromkeys(CLOSED[3:], 5), "gaps: {allow: 3d}")
    world.apply()
    assert posts(world) == 0


@pytest.mark.parametrize("mapping", ["{}", "{datto-edr: [somebody-else]}"])
def test_an_organization_that_is_not_mapped_any_more_lowers_nothing(
    make_world: MakeWorld, mapping: str
) -> None:
    world = stand(make_world(), 5, dict.fromkeys(CLOSED, 5))
    assert world.plan().verdict == "in-step"
    world.configure()
    path = world.config / "accounts" / "brass.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("\n  datto-edr: [alpha]", f" {mapping}")
    path.write_text(text.replace("alpha: {organizations: {datto-edr: alpha}}", "alpha: {}"))
    world.apply()
    assert posts(world) == 0
    assert world.units("alpha") == 5
    assert "USG003" in codes(world.run_plan())
