from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.finding import Finding
from tests.engine import builders as make
from tests.engine.play import World, brass

DAY, NEXT = date(2026, 1, 3), date(2026, 1, 4)


def agreed(units: int = 10, cycle: str = "Monthly", price: Decimal | None = None) -> World:
    world = brass(units, units, units, units, units=units)
    world.contracts = [replace(world.contracts[0], billing_cycle=cycle)]
    world.accounts = [make.desired_account(make.line(make.settings(price=price)))]
    world.plan(DAY)
    return world


def reprice(world: World, price: Decimal) -> list[Finding]:
    row, units = world.rows[0]
    world.rows[0] = (replace(row, price=price), units)
    return said(world)


def said(world: World) -> list[Finding]:
    return [f for f in world.plan(NEXT).plan.findings if f.code == "KNW013"]


@given(st.integers(1, 30), st.decimals("0.01", "90", places=2).filter(lambda price: price != 20))
def test_a_price_that_a_person_changed_holds_its_contract_until_one_looked(
    units: int, price: Decimal
) -> None:
    world = agreed(units)
    (found,) = reprice(world, price)
    assert found.money == units * (price - 20)
    assert f"from 20.00 to {price:.2f}, " in found.message
    assert found.blocks
    assert said(world) == [found]


def test_a_price_has_the_digits_of_its_currency_at_least() -> None:
    (found,) = reprice(agreed(600), Decimal(99))
    assert "changed in BMS from 20.00 to 99.00, +47,400.00 USD a month" in found.message
    (found,) = reprice(agreed(), Decimal("20.125"))
    assert "from 20.00 to 20.125, +1.25 USD a month" in found.message


@pytest.mark.parametrize(("cycle", "money"), [("Quarterly", "10.00"), ("Yearly", "2.50")])
def test_the_money_is_of_a_month(cycle: str, money: str) -> None:
    (found,) = reprice(agreed(cycle=cycle), Decimal(23))
    assert found.money == Decimal(money)


def test_an_edit_of_units_beside_it_is_not_part_of_it() -> None:
    world = agreed()
    row, units = world.rows[0]
    world.rows[0] = (row, units + 5)
    (found,) = reprice(world, Decimal(21))
    assert found.money == 10
    assert "KNW002" in {other.code for other in world.plan(NEXT).plan.findings}


def test_the_price_that_the_configuration_wants_is_no_surprise() -> None:
    world = agreed(price=Decimal(22))
    assert reprice(world, Decimal(22)) == []
    assert reprice(world, Decimal(25)) == []  # the plan has the change back to it


def test_our_own_change_of_a_price_is_not_said() -> None:
    world = agreed(price=Decimal(22))
    assert world.apply(world.plan(DAY)) == 1
    assert said(world) == []
