"""Between taking in a baseline and the first plan, BMS may be edited too."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.runs.accepted import AcceptError
from reconciler.runs.accepting import accept
from reconciler.runs.baseline import import_baseline
from reconciler.sandbox import Behaviour
from tests.runs.conftest import MakeWorld
from tests.runs.world import World


@pytest.mark.parametrize("others", [0, 2])
@pytest.mark.parametrize("line_update", ["append", "upsert"])
def test_an_edit_right_after_the_baseline_is_found(
    tmp_path: Path, line_update: str, others: int
) -> None:
    world = World(tmp_path, Behaviour(line_update=line_update))  # type: ignore[arg-type]
    for name, price in (("edr", "10.00"), ("mail", "7.50"), ("rmm", "4.00")):
        world.service(name, price)
        world.row(name, 5)
        world.steady(name, 5)
    for number in range(others):
        service = world.sandbox.add_service(f"Legacy {number}", "0.50")
        world.sandbox.add_line(world.contract, service, 3, world.start)
    world.configure()
    world.plan()
    world.baseline()
    row = next(r for r in world.sandbox.tables().rows() if r.service_id == world.services["mail"])
    world.sandbox.ui.edit_units(row.row_id, 8)
    plan = world.plan()
    codes = {finding.code for finding in plan.findings}
    assert codes & {"KNW002", "KNW009"}
    assert "KNW003" not in codes
    assert plan.verdict == "person-needed"
    world.close()


def test_an_edit_right_after_the_baseline_can_be_taken_over(make_world: MakeWorld) -> None:
    """Nobody made a plan between: what is agreed of the contract is what the import saw."""
    world = make_world()
    for name, price in (("edr", "10.00"), ("mail", "7.50")):
        world.service(name, price)
        world.row(name, 5)
        world.steady(name, 5)
    world.configure()
    path = world.folder / "baseline.csv"
    world.sandbox.write_baseline(path)
    import_baseline(world.around, world.ledger, path)
    row = next(r for r in world.sandbox.tables().rows() if r.service_id == world.services["mail"])
    world.sandbox.ui.edit_units(row.row_id, 8)
    assert "KNW002" in {finding.code for finding in world.plan().findings}
    with pytest.raises(AcceptError):
        accept(world.around, world.ledger, "Managed Services", {"mail": 7}, "read wrong")
    accept(world.around, world.ledger, "Managed Services", {"mail": 8}, "read on the screen")
    assert not {finding.code for finding in world.plan().findings} & {"KNW002", "KNW009"}
