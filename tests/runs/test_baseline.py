"""Starting units: the template holds what nobody knows; a file is taken whole or not at all."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from reconciler.runs.baseline import COLUMNS, BaselineError, import_baseline, template
from reconciler.sandbox import Behaviour
from tests.runs.conftest import MakeWorld
from tests.runs.world import World


@pytest.fixture(params=["append", "upsert"])
def world(request: pytest.FixtureRequest, make_world: MakeWorld) -> World:
    world = make_world(behaviour=Behaviour(line_update=request.param))
    for name in ("alpha", "beta"):
        world.service(name)
        world.row(name, 10)
    world.configure()
    for name in world.services:
        world.steady(name, 12)
    return world


def filled(world: World) -> str:
    """The template, filled as a person would from the screens."""
    lines = list(csv.DictReader(template(world.around, world.ledger).splitlines()))
    units = {str(row.row_id): str(row.units) for row in world.sandbox.ui.read_units()}
    rows = (",".join({**line, "units": units[line["row_id"]]}.values()) for line in lines)
    return "\n".join([",".join(COLUMNS), *rows]) + "\n"


def take(world: World, text: str) -> None:
    path = world.folder / "baseline.csv"
    path.write_text(text, encoding="utf-8")
    import_baseline(world.around, world.ledger, path)


def test_the_template_names_every_row_nobody_knows(world: World) -> None:
    lines = list(csv.DictReader(template(world.around, world.ledger).splitlines()))
    assert [(line["service"], line["contract"], line["units"]) for line in lines] == [
        ("alpha", "Managed Services", ""),
        ("beta", "Managed Services", ""),
    ]
    assert {line["date"] for line in lines} == {"2026-01-01"}


def test_after_the_import_the_plan_goes_on(world: World) -> None:
    assert "KNW001" in {found.code for found in world.plan().findings}
    take(world, filled(world))
    plan = world.plan()
    assert [(c.units_before, c.units_after, c.standing) for c in plan.changes] == [
        (10, 12, "ready"),
        (10, 12, "ready"),
    ]
    world.apply()
    assert world.plan().verdict == "in-step"
    assert template(world.around, world.ledger).splitlines() == [",".join(COLUMNS)]


def test_what_the_screens_export_is_taken_as_it_is(world: World) -> None:
    path = world.folder / "screens.csv"
    foreign = world.sandbox.add_service("Firewall", "30.00")
    world.sandbox.add_line(world.contract, foreign, 1, date(2026, 1, 1))
    world.sandbox.write_baseline(path)
    done = import_baseline(world.around, world.ledger, path)
    assert (done.taken, done.known_already, done.not_managed) == (2, 0, 1)
    again = import_baseline(world.around, world.ledger, path)
    assert (again.taken, again.known_already) == (0, 2)


@pytest.mark.parametrize(
    ("column", "value", "mistake"),
    [
        ("units", "", "units is empty"),
        ("units", "many", "is not a number"),
        ("units", "1.5", "is not a whole number"),
        ("units", "Infinity", "is not a number that BMS can hold"),
        ("units", "NaN", "is not a number that BMS can hold"),
        ("row_id", "x", "is not a whole number"),
        ("row_id", "999999", "BMS has no row 999999"),
        ("date", "yesterday", "is not a day"),
        ("date", "2026-02-02", "is dated 2026-01-01 in BMS"),
    ],
)
def test_every_mistake_is_named_and_nothing_is_taken(
    world: World, column: str, value: str, mistake: str
) -> None:
    head, first, second = filled(world).splitlines()
    cells = first.split(",")
    cells[COLUMNS.index(column)] = value
    with pytest.raises(BaselineError) as caught:
        take(world, "\n".join([head, ",".join(cells), second]))
    assert len(caught.value.details) == 1
    assert caught.value.details[0].startswith("row 2: ")
    assert mistake in caught.value.details[0]
    assert not world.ledger.remember().facts


def test_a_row_given_twice_is_a_mistake(world: World) -> None:
    head, first, second = filled(world).splitlines()
    with pytest.raises(BaselineError) as caught:
        take(world, "\n".join([head, first, second, first]))
    assert "given twice" in caught.value.details[0]
    assert not world.ledger.remember().facts


@pytest.mark.parametrize("text", ["", "row_id,date\n1,2026-01-01\n"])
def test_a_file_without_its_columns_is_refused(world: World, text: str) -> None:
    with pytest.raises(BaselineError) as caught:
        take(world, text)
    assert "columns missing" in caught.value.details[0]


def test_a_file_that_cannot_be_read_is_refused(world: World) -> None:
    with pytest.raises(BaselineError, match="not taken"):
        import_baseline(world.around, world.ledger, Path(world.folder / "nowhere.csv"))
    path = world.folder / "latin.csv"
    path.write_bytes(b"row_id,date,units\n\xff,1,2\n")
    with pytest.raises(BaselineError, match="not taken"):
        import_baseline(world.around, world.ledger, path)
