"""Contracts whose last day is over, beside their renewals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.ended import is_looked_at
from reconciler.model.bms import Contract, Invoice
from reconciler.model.desired import Billing, DesiredContract, DesiredLine, Reference
from reconciler.model.settings import DatedSettings
from tests.engine import builders as make
from tests.engine.play import World, changes, codes

D = date
END, NEXT = D(2026, 1, 31), D(2026, 2, 1)
OLD = make.a_contract(start=D(2025, 2, 1), end=END)
RENEWAL = make.a_contract(id=11, start=NEXT, end=D(2027, 1, 31))
SERVER = make.line(service="managed-server", bms_service=Reference(name="Managed Server"))
JANUARY_UP_TO_30 = [10] * 30


def wanted(*lines: DesiredLine, **more: Any) -> DesiredContract:
    given: dict[str, Any] = {"contract": Reference(name="Managed Services"), "billing": Billing()}
    return DesiredContract(**{**given, "lines": lines, "origin": make.ORIGIN, **more})


def shop(*readings: int | None, contracts: tuple[Contract, ...] = (OLD, RENEWAL)) -> World:
    """Ten workstations on each contract, and readings from 1 January on."""
    world = World(series={("Brass", "total-devices"): make.series(*readings)})
    world.contracts = list(contracts)
    starts = {contract.id: contract.start for contract in contracts}
    for number, contract in enumerate(starts):
        row = make.a_row(id=1000 + number, contract_id=contract, date=starts[contract])
        world.rows.append((row, 10))
    world.baseline()
    world.plan(END)
    return world


def of_old(world: World, as_of: date = NEXT) -> list[tuple[str, int, int, str]]:
    planned = world.plan(as_of)
    mine = tuple(c for c in planned.plan.changes if c.line.contract_id == OLD.id)
    return changes(replace(planned, plan=replace(planned.plan, changes=mine)))


LAST_DAY_ROSE = ("2026-01-31", 10, 14, "ready")


def test_the_last_usage_day_belongs_to_the_contract_that_was_in_force() -> None:
    world = shop(*JANUARY_UP_TO_30, 14)
    assert of_old(world) == [LAST_DAY_ROSE]
    world.apply(world.plan(NEXT))
    assert of_old(world) == []


def test_usage_after_the_end_is_not_its_own() -> None:
    assert of_old(shop(*JANUARY_UP_TO_30, 10, 14), D(2026, 2, 2)) == []


def test_a_change_that_the_expired_contract_does_not_take_is_by_hand() -> None:
    world = shop(*JANUARY_UP_TO_30, 14, contracts=(replace(OLD, status="Expired"), RENEWAL))
    assert of_old(world) == [(*LAST_DAY_ROSE[:3], "by-hand")]


def test_readings_that_end_with_the_contract_do_not_hold_it() -> None:
    assert of_old(shop(*JANUARY_UP_TO_30, 14), D(2026, 2, 20)) == [LAST_DAY_ROSE]


def test_a_service_named_after_the_end_is_not_added_to_it() -> None:
    world = shop(*JANUARY_UP_TO_30, 10)
    world.accounts = [make.desired_account(make.line(), SERVER)]
    assert of_old(world, D(2026, 2, 3)) == []


def test_a_price_from_after_the_end_is_not_its_own() -> None:
    later = DatedSettings(NEXT, make.settings(price=Decimal("24.00")))
    world = shop(*JANUARY_UP_TO_30, 14)
    world.accounts = [make.desired_account(make.line(make.settings(), later))]
    assert of_old(world) == [LAST_DAY_ROSE]
    (change,) = (c for c in world.plan(NEXT).plan.changes if c.line.contract_id == OLD.id)
    assert change.price == Decimal("20.00")
    assert (change.money.monthly, change.money.prorated) == (Decimal(0), Decimal("2.58"))


@pytest.mark.parametrize("last_day", [END, D(2026, 2, 10)])
def test_a_line_that_ends_with_its_contract_or_later_needs_no_step_there(last_day: date) -> None:
    world = shop(*JANUARY_UP_TO_30, 10, *[10] * 19)
    world.accounts = [make.desired_account(make.line(last_day=last_day))]
    assert of_old(world, NEXT) == []
    assert of_old(world, D(2026, 2, 12)) == []


def test_units_from_a_day_after_an_end_that_was_set_later_give_no_change() -> None:
    world = shop(*JANUARY_UP_TO_30, *[12] * 5, contracts=(replace(OLD, end=D(2026, 12, 31)),))
    world.apply(world.plan(D(2026, 2, 3)))
    world.contracts = [replace(OLD, end=D(2026, 1, 30))]
    assert of_old(world, D(2026, 2, 3)) == []


def test_an_end_before_billing_starts_leaves_nothing_to_look_at() -> None:
    world = shop(*JANUARY_UP_TO_30, *[12] * 5, contracts=(replace(OLD, end=D(2026, 12, 31)),))
    world.apply(world.plan(D(2026, 2, 3)))
    world.contracts = [replace(OLD, end=D(2026, 1, 30))]
    world.state = {"billing_starts": END}
    assert of_old(world, D(2026, 2, 3)) == []


def test_only_the_last_period_is_looked_at_once_it_is_the_one_before() -> None:
    world = shop(*[12] * 31, *[10] * 20)
    world.series["Brass", "total-devices"] = make.series(*[12] * 62, first=D(2025, 12, 1))
    world.invoices.append(Invoice(1, OLD.id, D(2025, 12, 1), END))
    world.state = {"billing_starts": D(2025, 12, 1)}
    assert of_old(world) == [("2025-12-01", 10, 12, "ready")]
    assert of_old(world, D(2026, 2, 2)) == [("2026-01-01", 10, 12, "ready")]


def test_every_service_of_a_contract_and_of_its_renewal_is_not_billed_twice() -> None:
    world = shop(*JANUARY_UP_TO_30, 14)
    other = wanted(SERVER, contract=Reference(name="Other"))
    both = (wanted(make.line(), every_service=True), other)
    world.accounts = [make.desired_account(contracts=both)]
    assert of_old(world) == [LAST_DAY_ROSE]
    assert "BMS012" not in codes(world.plan(NEXT))


@pytest.mark.parametrize(("invoiced", "drifts"), [(False, True), (True, False)])
def test_lines_taken_off_a_settled_contract_are_no_drift(*, invoiced: bool, drifts: bool) -> None:
    world = shop(*JANUARY_UP_TO_30, 10)
    world.plan(NEXT)
    if invoiced:
        world.invoices.append(Invoice(1, OLD.id, D(2026, 1, 1), END))
    world.rows = [(row, units) for row, units in world.rows if row.contract_id != OLD.id]
    assert ("KNW002" in codes(world.plan(D(2026, 2, 3)))) == drifts


def test_a_contract_whose_units_were_never_known_is_left_alone() -> None:
    world = shop(*JANUARY_UP_TO_30, 14)
    world.facts = [fact for fact in world.facts if fact.line.contract_id != OLD.id]
    planned = world.plan(NEXT)
    assert planned.plan.checked.contracts == 1
    assert "KNW001" not in codes(planned)


@pytest.mark.parametrize(
    ("reference", "contracts", "found"),
    [
        (Reference(id=11), (OLD, RENEWAL), {10, 11}),
        (Reference(11, "Managed Services"), (OLD, RENEWAL), {10, 11}),
        (Reference(id=10), (OLD, RENEWAL), {10}),
        (Reference(id=11), (replace(OLD, name="Another"), RENEWAL), {11}),
        # Both were in force in January: neither renews the other.
        (Reference(id=11), (OLD, replace(RENEWAL, start=END)), {11}),
    ],
)
def test_what_the_name_or_id_stood_for_before_is_found(
    reference: Reference, contracts: tuple[Contract, ...], found: set[int]
) -> None:
    world = shop(*JANUARY_UP_TO_30, 10, contracts=contracts)
    world.accounts = [make.desired_account(contracts=(wanted(make.line(), contract=reference),))]
    works = world.plan(NEXT).examined.works
    assert {work.bound.key.contract_id for work in works} == found


def test_a_contract_that_another_entry_means_is_not_taken_for_a_predecessor() -> None:
    world = shop(*JANUARY_UP_TO_30, 10)
    entries = (
        wanted(make.line(), contract=Reference(id=11)),
        wanted(SERVER, contract=Reference(id=10)),
    )
    world.accounts = [make.desired_account(contracts=entries)]
    assert {w.bound.key.contract_id for w in world.plan(NEXT).examined.works} == {11}


@pytest.mark.parametrize(
    ("cycle", "end", "calendar", "last"),
    [
        ("Monthly", END, True, D(2026, 3, 1)),
        ("Monthly", D(2026, 1, 15), True, D(2026, 3, 1)),
        ("Monthly", D(2026, 1, 15), False, D(2026, 3, 1)),
        ("Weekly", D(2026, 1, 17), True, D(2026, 1, 25)),
        ("Quarterly", D(2026, 3, 31), True, D(2026, 7, 1)),
    ],
)
def test_it_is_looked_at_until_the_period_after_its_last_is_over(
    cycle: str, end: date, last: date, *, calendar: bool
) -> None:
    contract = replace(OLD, billing_cycle=cycle, end=end)
    assert is_looked_at(contract, last, calendar=calendar)
    assert not is_looked_at(contract, last + make.ONE_DAY, calendar=calendar)
    assert is_looked_at(contract, D(2030, 1, 1), calendar=calendar, back_to=end)
    assert not is_looked_at(contract, D(2030, 1, 1), calendar=calendar, back_to=end + make.ONE_DAY)
