"""A row of others that only moved does not excuse an edit of a line of ours."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.runs.world import World


def test_a_moved_row_of_others_does_not_hide_an_edit_of_ours(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.service("edr")
    ours = world.row("edr", 10)
    legacy = world.sandbox.add_service("Legacy", "0.50")
    other = world.sandbox.add_line(world.contract, legacy, 4, world.start)
    world.configure()
    world.steady("edr", 10)
    world.baseline()
    world.apply()
    world.sandbox.ui.edit_units(ours, 60)
    world.sandbox.ui.move_date(other, date(2026, 11, 2))
    plan = world.plan()
    assert "KNW002" in {finding.code for finding in plan.findings}
    assert plan.verdict == "person-needed"
    world.close()
