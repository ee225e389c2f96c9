"""The whole way: usage, applies, the sandbox's invoices, and what a person reads about them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

import pytest

from reconciler.model.assumptions import PartPeriod
from reconciler.model.verification import Verification
from reconciler.runs.accepting import accept, accept_prices
from reconciler.runs.verifying import VerifyOptions, verify_month
from reconciler.sandbox import Behaviour, InvoiceItem
from tests.runs.conftest import MakeWorld
from tests.runs.world import World

NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
DAY = timedelta(days=1)

Convention: TypeAlias = tuple[Literal["actual", "fixed-30", "30-360"], Literal["billed", "free"]]
"""How an invoice counts the days of a part of a period, and the day of a change."""


def at(world: World, day: date, hour: int) -> None:
    """Go on to that hour of that day."""
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("America/New_York"))
    world.sandbox.set_clock(moment)


def bill(world: World, first: date, lines: list[InvoiceItem] | None = None) -> int:
    last = (first + timedelta(days=31)).replace(day=1) - DAY
    return world.sandbox.add_invoice(world.contract, first, last, lines)


def verify(world: World, month: date) -> Verification:
    return verify_month(world.around, world.ledger, VerifyOptions(month))


def two_lines(world: World) -> None:
    """Alphas from before us, and betas that the first apply adds."""
    world.service("alpha", "7.05")
    world.service("beta", "19.99")
    world.row("alpha", 10)
    world.configure()
    world.baseline()


@pytest.mark.parametrize(
    ("line_update", "convention"),
    [
        ("append", ("actual", "billed")),
        ("upsert", ("actual", "free")),
        ("upsert", ("fixed-30", "billed")),
        ("append", ("fixed-30", "free")),
        ("append", ("30-360", "billed")),
        ("upsert", ("30-360", "free")),
    ],
)
def test_two_months_of_applies_are_billed_as_expected(
    make_world: MakeWorld, line_update: Literal["append", "upsert"], convention: Convention
) -> None:
    day_count, change_day = convention
    behaviour = Behaviour(line_update=line_update, day_count=day_count, change_day=change_day)
    world = make_world(behaviour=behaviour)
    two_lines(world)
    at(world, NOVEMBER, 6)
    bill(world, NOVEMBER)
    days = [NOVEMBER + n * DAY for n in range(60)]
    for service, step in (("alpha", 4), ("beta", 7)):
        world.read(service, {day: 12 + (n // step * 5) % 9 for n, day in enumerate(days)})
    for number, day in enumerate((*days[9:60:10], JANUARY)):
        if day > DECEMBER and number == 3:
            at(world, DECEMBER, 6)
            bill(world, DECEMBER)
        at(world, day, 4)
        world.apply()
    at(world, JANUARY, 6)
    bill(world, JANUARY)
    for month in (NOVEMBER, DECEMBER, JANUARY):
        found = verify(world, month)
        assert [(f.code, f.message) for f in found.findings] == []
        assert found.count("matched") == (1 if month == NOVEMBER else 2)
        assert (found.day_count, found.change_day) == convention
    january = verify(world, JANUARY).invoices[0].services[0]
    assert any(part.kind == "late" for part in january.parts)


@pytest.mark.parametrize("side", ["prorated", "full"])
def test_a_last_period_that_is_cut_short_is_judged_by_the_side_that_is_set(
    make_world: MakeWorld, side: PartPeriod
) -> None:
    world = make_world(behaviour=Behaviour(part_period=side))
    for name, price in (("alpha", "7.05"), ("beta", "19.99")):
        world.service(name, price)
        world.row(name, 4)
    world.configure()
    world.baseline()
    world.sandbox.ui.end_contract(world.contract, date(2026, 12, 13))
    at(world, DECEMBER, 6)
    world.sandbox.bill()
    found = verify(world, DECEMBER)
    assert (found.count("matched"), found.findings) == (2, ())
    other = {"prorated": "full", "full": "prorated"}[side]
    world.assume = {"part_period": other}
    world.configure()
    assert [f.code for f in verify(world, DECEMBER).findings] == ["VER009"]


def test_a_tampered_invoice_is_found(make_world: MakeWorld) -> None:
    world = make_world()
    two_lines(world)
    at(world, NOVEMBER, 6)
    bill(world, NOVEMBER, [InvoiceItem("alpha", Decimal(9), Decimal("7.05"), NOVEMBER)])
    found = verify(world, NOVEMBER)
    assert [f.code for f in found.findings] == ["VER002"]
    assert "1 unit fewer" in found.findings[0].message


def test_verifying_writes_nothing_to_bms_and_no_units_to_the_ledger(
    make_world: MakeWorld,
) -> None:
    world = make_world()
    world.service("alpha", "7.05")
    world.service("beta", "3.00")
    world.row("alpha", 10)
    world.row("beta", 4)
    world.configure()
    at(world, NOVEMBER, 6)
    bill(world, NOVEMBER)
    history = world.sandbox.tables().history()
    found = verify(world, NOVEMBER)
    shown = {(p.line.service, p.units, p.closes) for p in found.proposals}
    assert shown == {("alpha", 10, True), ("beta", 4, True)}
    assert [f.code for f in found.findings] == ["VER007"]
    assert world.sandbox.tables().history() == history
    assert world.ledger.remember().facts == ()


def test_services_that_the_configuration_does_not_name_are_counted_and_not_judged(
    make_world: MakeWorld,
) -> None:
    world = make_world()
    two_lines(world)
    other = world.sandbox.add_service("Old Backup", "99.00")
    world.sandbox.add_line(world.contract, other, 1, world.start)
    at(world, NOVEMBER, 6)
    bill(world, NOVEMBER)
    found = verify(world, NOVEMBER)
    assert found.findings == ()
    assert (found.invoices[0].outside, found.invoices[0].outside_amount) == (1, Decimal(99))


def test_a_contract_that_cannot_be_looked_at_is_no_match(make_world: MakeWorld) -> None:
    world = make_world()
    two_lines(world)
    at(world, NOVEMBER, 6)
    bill(world, NOVEMBER)
    world.sandbox.ui.rename_contract(world.contract, "Something Else")
    found = verify(world, NOVEMBER)
    assert [f.code for f in found.findings] == ["BMS003", "VER008"]


def test_a_service_renamed_in_the_catalogue_is_still_its_line(make_world: MakeWorld) -> None:
    world = make_world()
    two_lines(world)
    world.sandbox.ui.rename_service(world.services["alpha"], "Alpha Plus")
    at(world, NOVEMBER, 6)
    bill(world, NOVEMBER)
    found = verify(world, NOVEMBER)
    assert found.findings == ()
    assert found.invoices[0].services[0].service == "Alpha Plus"


def test_an_edit_by_hand_that_was_taken_over_counts_from_when_a_person_said_so(
    make_world: MakeWorld,
) -> None:
    world = make_world()
    two_lines(world)
    at(world, NOVEMBER, 6)
    world.steady("alpha", 10, date(2026, 10, 1))
    world.apply()
    bill(world, NOVEMBER)
    at(world, date(2026, 11, 10), 9)
    row = world.sandbox.tables().rows()[0].row_id
    world.sandbox.ui.edit_units(row, 12, date(2026, 11, 10))
    accept(world.around, world.ledger, str(world.contract), {"alpha": 12}, "by phone")
    at(world, DECEMBER, 6)
    bill(world, DECEMBER)
    assert [verify(world, month).findings for month in (NOVEMBER, DECEMBER)] == [(), ()]


def test_an_invoice_of_before_a_price_was_changed_by_hand_is_right_as_it_is(
    make_world: MakeWorld,
) -> None:
    world = make_world()
    world.service("alpha", "12.00")
    row = world.row("alpha", 6)
    world.configure()
    world.baseline()
    world.steady("alpha", 6)
    at(world, NOVEMBER, 6)
    bill(world, NOVEMBER)
    at(world, date(2026, 11, 20), 6)
    world.steady("alpha", 6)
    world.apply()
    world.sandbox.ui.reprice(row, "13.50")
    at(world, date(2026, 11, 27), 6)
    accept_prices(world.around, world.ledger, "raised in November")
    assert verify(world, NOVEMBER).findings == ()
    at(world, DECEMBER, 6)
    bill(world, DECEMBER)
    assert verify(world, DECEMBER).findings == ()
