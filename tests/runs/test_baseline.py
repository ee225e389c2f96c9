"""Starting units: the template holds what nobody knows; each contract is held to its total."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.model.baseline import Edit, Imported, TooMuch
from reconciler.model.errors import LedgerLocked
from reconciler.runs.baseline import import_baseline
from reconciler.runs.baseline_file import COLUMNS, BaselineError
from reconciler.runs.baseline_template import template
from reconciler.runs.leased import LEASE
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


def take(world: World, text: str) -> Imported:
    path = world.folder / "baseline.csv"
    path.write_text(text, encoding="utf-8")
    return import_baseline(world.around, world.ledger, path)


def with_units(text: str, service: str, units: int) -> str:
    """The file with another number for one service."""
    lines = list(csv.DictReader(text.splitlines()))
    cells = [{**one, "units": str(units)} if one["service"] == service else one for one in lines]
    return "\n".join([",".join(COLUMNS), *(",".join(one.values()) for one in cells)]) + "\n"


def units_known(world: World) -> dict[int, int | None]:
    """By BMS service."""
    works = world.run_plan().planned.examined.works
    return {work.bound.service.id: work.known.timeline.at(date(2026, 11, 23)) for work in works}


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
        ("service_id", "1", "in BMS and of 1 in the file"),
        ("contract_id", "7", "in BMS and of 7 in the file"),
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


@pytest.mark.parametrize(
    ("service", "mistake"),
    [("", "BMS shows no row 999999"), ("4711", "BMS has no service 4711"), ("foreign", "")],
)
def test_a_row_that_nobody_saw_is_only_of_a_service_that_nobody_looked_for(
    world: World, service: str, mistake: str
) -> None:
    foreign = world.sandbox.add_service("Firewall", "30.00")
    named = str(foreign) if service == "foreign" else service
    text = f"row_id,date,units,service_id\n999999,2026-01-01,3,{named}\n"
    if not mistake:
        assert take(world, text).not_managed == 1
        return
    with pytest.raises(BaselineError) as caught:
        take(world, text)
    assert caught.value.details[0].startswith(f"row 2: {mistake}")


def test_a_row_that_is_known_already_is_held_to_its_day_until_a_write_moves_it(
    world: World,
) -> None:
    right = filled(world)
    take(world, right)
    wrong = right.replace("2026-01-01", "2026-02-02", 1)
    with pytest.raises(BaselineError) as caught:
        take(world, wrong)
    assert "is dated 2026-01-01 in BMS and 2026-02-02 in the file" in caught.value.details[0]
    assert take(world, right).known_already == 2
    world.apply()
    now = 12 if world.behaviour.line_update == "upsert" else 10
    same = with_units(with_units(right, "alpha", now), "beta", now)
    assert take(world, same).known_already == 2


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


def test_a_contract_that_a_slip_keeps_from_its_total_is_left_out_and_the_others_are_taken(
    world: World,
) -> None:
    for name in ("gamma", "delta"):
        world.service(name, price="7.00", contract="Hosting")
        world.row(name, 5)
    world.configure()
    done = take(world, with_units(filled(world), "alpha", 9))
    assert (done.taken, len(done.left_out)) == (2, 1)
    (out,) = done.left_out
    assert (out.contract, out.account, out.rows) == (
        "Managed Services",
        "Brass Building Supplies",
        2,
    )
    assert out.difference == 10
    assert out.slip == Edit("alpha", 9, 10, 2)
    assert [units_known(world)[world.services[name]] for name in ("alpha", "beta", "gamma")] == [
        None,
        None,
        5,
    ]


def test_the_mended_file_is_taken_after_the_slip(world: World) -> None:
    right = filled(world)
    assert take(world, with_units(right, "alpha", 9)).left_out
    done = take(world, right)
    assert (done.taken, done.left_out) == (2, ())
    world.apply()
    assert world.plan().verdict == "in-step"


def test_a_contract_with_a_line_nobody_knows_is_taken_as_far_as_it_goes(world: World) -> None:
    world.service("gamma")
    world.row("gamma", 5)
    world.configure()
    head, first, *_ = with_units(filled(world), "alpha", 9).splitlines()
    done = take(world, "\n".join([head, first]))
    assert (done.taken, done.left_out) == (1, ())


def test_units_that_leave_less_than_nothing_to_a_line_nobody_knows_are_left_out(
    world: World,
) -> None:
    world.service("gamma")
    world.row("gamma", 5)
    world.configure()
    head, first, *_ = with_units(filled(world), "alpha", 26).splitlines()
    (out,) = take(world, "\n".join([head, first])).left_out
    assert (out.difference, out.slip) == (Decimal(-10), TooMuch())


def test_units_that_leave_less_than_nothing_to_a_stranger_are_left_out(world: World) -> None:
    right = filled(world)
    firewall = world.sandbox.add_service("Firewall", "40.00")
    world.sandbox.ui.add_line(world.contract, firewall, 1, date(2026, 11, 1))
    (out,) = take(world, with_units(right, "alpha", 15)).left_out
    assert (out.rows, out.difference, out.slip) == (2, Decimal(-10), TooMuch())
    assert take(world, right).taken == 2


def test_a_discount_beside_the_lines_may_take_the_rest_below_zero(world: World) -> None:
    right = filled(world)
    discount = world.sandbox.add_service("Discount", "-15.00")
    world.sandbox.ui.add_line(world.contract, discount, 1, date(2026, 11, 1))
    done = take(world, right)
    assert (done.taken, done.left_out) == (2, ())


def screens(world: World) -> str:
    """Every row as the screens show it, whosever it is."""
    path = world.folder / "screens.csv"
    world.sandbox.write_baseline(path)
    return path.read_text(encoding="utf-8")


def with_strangers(world: World) -> None:
    for name, price, day in (("Firewall", "40.00", 1), ("Phone", "12.50", 2)):
        service = world.sandbox.add_service(name, price)
        world.sandbox.ui.add_line(world.contract, service, 3, date(2026, 11, day))


def test_with_every_row_of_a_contract_all_of_them_come_to_its_total(world: World) -> None:
    with_strangers(world)
    right = screens(world)
    (out,) = take(world, with_units(right, "alpha", 9)).left_out
    assert (out.rows, out.difference, out.slip) == (2, Decimal(10), Edit("alpha", 9, 10, 2))
    (out,) = take(world, with_units(right, "Phone", 2)).left_out
    assert (out.difference, out.slip) == (Decimal("12.50"), Edit("Phone", 2, 3, 5))
    (out,) = take(world, with_units(right, "Phone", 30)).left_out
    assert (out.difference, out.slip) == (Decimal("-337.50"), Edit("Phone", 30, 3, 5))
    done = take(world, right)
    assert (done.taken, done.left_out, done.unproved) == (2, (), ())


def test_a_row_that_has_not_begun_is_no_part_of_the_total(world: World) -> None:
    service = world.sandbox.add_service("Firewall", "40.00")
    world.sandbox.ui.add_line(world.contract, service, 3, date(2026, 12, 24))
    assert take(world, screens(world)).taken == 2


def test_without_every_row_it_says_that_nothing_proves_the_units(world: World) -> None:
    with_strangers(world)
    assert take(world, filled(world)).unproved == ("Managed Services of Brass Building Supplies",)


def test_a_correction_is_held_against_every_row_too(world: World) -> None:
    """Of a contract that was agreed on, the other rows are those of then."""
    with_strangers(world)
    right = screens(world)
    rows = right.splitlines(keepends=True)
    take(world, with_units("".join(rows[:3]), "alpha", 9))
    assert not world.run_plan().seen.wide
    (out,) = take(world, with_units(right, "alpha", 8)).left_out
    assert (out.difference, out.slip) == (Decimal(20), Edit("alpha", 8, 10, 2))
    done = take(world, right)
    assert (done.corrected, done.left_out, done.unproved) == (1, (), ())
    assert units_known(world)[world.services["alpha"]] == 10


def test_what_an_earlier_file_had_wrong_is_corrected_while_nothing_rests_on_it(
    world: World,
) -> None:
    world.service("gamma")
    world.row("gamma", 5)
    world.configure()
    right = filled(world)
    head, first, *_ = with_units(right, "alpha", 9).splitlines()
    take(world, "\n".join([head, first]))
    assert units_known(world)[world.services["alpha"]] == 9
    done = take(world, right)
    assert (done.taken, done.corrected, done.left_out) == (2, 1, ())
    assert units_known(world)[world.services["alpha"]] == 10
    again = take(world, right)
    assert (again.taken, again.corrected, again.known_already) == (0, 0, 3)
    world.apply()
    assert world.units("alpha") == 12


def test_units_that_do_not_close_the_total_are_corrected_too(world: World) -> None:
    world.baseline()
    right = world.ledger.remember().facts
    effect = "set" if world.behaviour.line_update == "upsert" else "add"
    slip = 9 if effect == "set" else -1
    world.ledger.append_facts([replace(right[0], units=slip)])
    assert "KNW009" in {found.code for found in world.plan().findings}
    path = world.folder / "screens.csv"
    world.sandbox.write_baseline(path)
    done = import_baseline(world.around, world.ledger, path)
    assert (done.corrected, done.known_already, done.left_out) == (1, 1, ())
    world.apply()
    assert world.plan().verdict == "in-step"


def test_after_a_write_only_a_person_who_accepts_corrects_units(world: World) -> None:
    right = filled(world)
    take(world, right)
    world.apply()
    with pytest.raises(BaselineError) as caught:
        take(world, with_units(right, "alpha", 11))
    assert "units in the ledger and 11 in the file" in caught.value.details[0]


def test_a_credit_row_is_counted_with_what_its_line_is_known_to_have(
    make_world: MakeWorld,
) -> None:
    world = make_world()
    world.service("alpha")
    world.service("beta")
    world.row("alpha", 10)
    world.row("beta", 10)
    world.configure()
    take(world, filled(world))
    world.row("alpha", -3, date(2026, 3, 1))
    credit = filled(world)
    assert credit.splitlines()[1].endswith(",-3")
    assert (take(world, credit).taken, units_known(world)[world.services["alpha"]]) == (1, 7)


def test_a_line_that_would_fall_below_zero_is_a_mistake(make_world: MakeWorld) -> None:
    world = make_world()
    world.service("alpha")
    world.row("alpha", 10)
    world.row("alpha", -3, date(2026, 3, 1))
    world.configure()
    head, first, second = filled(world).splitlines()
    with pytest.raises(BaselineError) as caught:
        take(world, "\n".join([head, first.replace(",10", ",2"), second]))
    assert {text.partition(": ")[2] for text in caught.value.details} >= {
        f"row {first.split(',')[5]}: the line would have -1 units in all"
    }


def test_two_imports_at_once_take_the_units_once(world: World, tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    world.sandbox.ui.write_baseline(path)
    other = world.ledger.lease("another import", LEASE, world.sandbox.now)
    with other, pytest.raises(LedgerLocked, match="another import"):
        import_baseline(world.around, world.ledger, path)
    assert world.ledger.remember().facts == ()
