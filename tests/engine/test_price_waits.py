"""A new price on a contract that is billed in arrears, and the invoice that has to come first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.approvals import APPROVABLE
from reconciler.engine.caused import caused
from reconciler.model.approval import Approval
from reconciler.model.bms import Invoice
from reconciler.model.desired import Billing, DesiredContract, Reference
from reconciler.model.plan import Change
from reconciler.model.settings import DatedSettings
from tests.engine import builders as make
from tests.engine.play import World, brass

D = date
RISES = D(2026, 2, 1)
NEW = Decimal("24.00")
DECEMBER, JANUARY = (D(2025, 12, 1), D(2025, 12, 31)), (D(2026, 1, 1), D(2026, 1, 31))


def shop(*counts: int, invoiced: bool = False, on: str = "end", **more: Any) -> World:
    """Ten workstations at 20.00, and 24.00 from February on; December is invoiced."""
    rises = DatedSettings(more.pop("day", RISES), make.settings(price=NEW))
    old = make.settings(price=more.pop("before", None))
    contract = DesiredContract(
        contract=Reference(name="Managed Services"),
        billing=Billing(invoice=on),  # type: ignore[arg-type]
        lines=(make.line(old, rises),),
        origin=make.ORIGIN,
    )
    account = make.desired_account(contracts=(contract,))
    world = brass(*counts or [10] * 90, accounts=[account], **more)
    for number, (first, last) in enumerate([DECEMBER, JANUARY] if invoiced else [DECEMBER]):
        world.invoices.append(Invoice(number, 10, first, last))
    return world


def prices(world: World, as_of: date, **more: Any) -> list[Change]:
    return [change for change in world.plan(as_of, **more).plan.changes if change.kind == "price"]


def standings(world: World, as_of: date) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(str(c.day), c.standing, c.because) for c in prices(world, as_of)]


@pytest.mark.parametrize("before", [None, Decimal("20.00")])
def test_it_waits_for_the_invoice_of_the_days_before_it(before: Decimal | None) -> None:
    world = shop(before=before)
    for day in (RISES, D(2026, 2, 2), D(2026, 2, 28)):
        assert standings(world, day) == [(str(day), "scheduled", ("POL008",))]
    invoiced = shop(invoiced=True, before=before)
    assert standings(invoiced, D(2026, 2, 6)) == [("2026-02-06", "ready", ())]


def test_it_is_said_what_waits_and_for_which_invoice() -> None:
    def said(world: World, day: date) -> list[str]:
        return [one.message for one in world.plan(day).plan.findings if one.code == "POL008"]

    line = "Managed Workstation on Managed Services of Brass Building Supplies"
    waits = f"{line} is to cost 24.00; that waits for the invoice of the days before"
    assert said(shop(), D(2026, 2, 20)) == [f"{waits} 2026-02-01"]
    assert said(shop(), D(2026, 3, 1)) == [f"{waits} 2026-02-01, and none came for a whole period"]
    assert said(shop(invoiced=True), D(2026, 2, 6)) == []


def test_what_is_billed_in_advance_waits_for_nothing() -> None:
    assert standings(shop(on="start"), RISES) == [("2026-02-01", "ready", ())]


def test_within_a_period_it_waits_for_the_invoice_of_that_period() -> None:
    world = shop(day=D(2026, 1, 15))
    assert standings(world, D(2026, 1, 15)) == [("2026-02-01", "scheduled", ("POL008",))]
    world.invoices.append(Invoice(9, 10, *JANUARY))
    assert standings(world, RISES) == [("2026-02-01", "ready", ())]


def test_where_no_invoice_comes_for_a_whole_period_a_person_is_asked() -> None:
    assert "POL008" in APPROVABLE
    world = shop()
    (change,) = prices(world, D(2026, 3, 1))
    assert (change.standing, change.because) == ("held", ("POL008",))
    line = change.line
    given = Approval(
        change=change.id,
        account=line.account,
        contract=line.contract,
        service=line.service,
        day=change.day,
        from_units=change.units_before,
        to_units=change.units_after,
        monthly=change.money.monthly,
        price=change.price,
        reason="billed by hand",
        origin=make.ORIGIN,
    )
    (approved,) = prices(world, D(2026, 3, 1), approved=(given,))
    assert approved.standing == "ready"
    assert world.apply(world.plan(D(2026, 3, 1), approved=(given,))) == 1
    assert prices(world, D(2026, 3, 2)) == []


def test_units_that_move_meanwhile_keep_the_price_that_the_line_has() -> None:
    world = shop(*[10] * 33, 12, 12)
    found = world.plan(D(2026, 2, 5)).plan.changes
    assert [(c.kind, c.price) for c in found] == [("units", Decimal("20.00")), ("price", NEW)]
    assert world.apply(world.plan(D(2026, 2, 5))) == 1
    world.invoices.append(Invoice(9, 10, *JANUARY))
    assert [(c.units_after, c.standing) for c in prices(world, D(2026, 2, 6))] == [(12, "ready")]


def test_a_line_that_was_not_billed_before_its_price_has_it_at_once() -> None:
    world = brass(*[10] * 40, accounts=shop().accounts)
    world.rows[0] = (make.a_row(date=RISES), 10)
    world.facts.clear()
    world.baseline()
    assert [change.standing for change in prices(world, D(2026, 2, 3))] == ["ready"]


def always(**more: Any) -> World:
    """The configuration has named 24.00 since billing by it starts, on 1 January."""
    line = make.line(make.settings(price=NEW))
    contract = DesiredContract(
        Reference(name="Managed Services"), Billing(invoice="end"), (line,), make.ORIGIN
    )
    return brass(*[10] * 40, accounts=[make.desired_account(contracts=(contract,))], **more)


def test_a_price_that_was_always_named_waits_for_the_days_before_billing_starts() -> None:
    world = always()
    assert standings(world, D(2026, 1, 5)) == [("2026-01-05", "scheduled", ("POL008",))]
    world.invoices.append(Invoice(1, 10, *DECEMBER))
    assert standings(world, D(2026, 1, 5)) == [("2026-01-05", "ready", ())]


def test_of_several_prices_each_is_written_once_its_own_invoice_is_there() -> None:
    """24.00 from 1 February on, and 30.00 from the third."""
    world = shop()
    (account,) = world.accounts
    (contract,) = account.contracts
    (line,) = contract.lines
    third = DatedSettings(D(2026, 2, 3), make.settings(price=Decimal(30)))
    line = replace(line, settings=(*line.settings, third))
    world.accounts = [replace(account, contracts=(replace(contract, lines=(line,)),))]
    world.invoices.append(Invoice(8, 10, *JANUARY))
    found = [(c.price, c.standing) for c in prices(world, D(2026, 2, 6))]
    assert found == [(NEW, "ready"), (Decimal(30), "scheduled")]
    world.apply(world.plan(D(2026, 2, 6)))
    found = [(c.price, c.standing) for c in prices(world, D(2026, 2, 7))]
    assert found == [(Decimal(30), "scheduled")]


def test_a_line_that_is_added_late_begins_at_the_price_of_its_first_day() -> None:
    """The month that it begins in is invoiced at that price."""
    world = shop(before=Decimal(20), units=None)
    world.invoices.clear()
    found = [(c.kind, c.price) for c in world.plan(RISES).plan.changes]
    assert found == [("new-line", Decimal(20))]


def test_a_price_that_waits_is_still_the_configurations() -> None:
    new, old = shop(), shop(day=D(2027, 1, 1))
    caused_ = caused(new.entry(RISES), old.entry(RISES))
    assert [(c.kind, c.standing) for c in caused_.planned.plan.changes] == [("price", "scheduled")]
    assert caused_.prices_kept == ()
