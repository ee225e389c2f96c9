"""What is measured must be right: generated customers, and the plan that finds their changes."""

from __future__ import annotations

from pathlib import Path

from benchmarks.generate import generate
from benchmarks.run import Size, check


def test_a_generated_plan_finds_exactly_the_lines_that_changed(tmp_path: Path) -> None:
    place = tmp_path / "20-300"
    generate(place, 20, 300)
    check(Size(20, 300, 60), place)
