"""From when on a line counts that BMS does not have yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.plan import Planned
from reconciler.model.bms import Invoice, LineKey
from reconciler.model.desired import DesiredLine, Guards
from reconciler.model.rules import LineRule
from reconciler.model.settings import LineSettings
from tests.engine import builders as make
from tests.engine.play import World, changes, codes

D = date
OLD = D(2025, 10, 1)
MONTH_END: dict[str, Any] = {
    "adjust": "month-end",
    "over": "peak",
    "increase": "period-start",
    "decrease": "next-period",
}


def a_world(settings: LineSettings | None = None, **line: Any) -> World:
    """A contract since October, 12 devices since then, and a line that BMS does not have."""
    world = World(series={("Brass", "total-devices"): make.series(*[12] * 200, first=OLD)})
    world.contracts = [make.a_contract(start=OLD)]
    world.state = {"billing_starts": OLD}
    world.accounts = [make.desired_account(the_line(settings, **line))]
    return world


def the_line(settings: LineSettings | None = None, **line: Any) -> DesiredLine:
    return make.line(settings or make.settings(**MONTH_END), **line)


def applied(world: World, contract: int = 10, service: int = 101, day: date = date.min) -> World:
    """The ledger had another line of the account before, and so an apply."""
    key = LineKey(1, contract, service)
    world.rules.append(LineRule(key, day, make.settings(), (("datto-rmm", "Brass"),)))
    return world


def starts(planned: Planned) -> list[str]:
    return [day for day, *_ in changes(planned)]


def invoiced(world: World, last: date, contract: int = 10) -> None:
    world.invoices = [Invoice(1, contract, OLD, last)]


@pytest.mark.parametrize("day", [D(2026, 2, 1), D(2026, 2, 2), D(2026, 2, 28), D(2026, 3, 9)])
def test_a_line_of_january_keeps_its_first_period_until_it_is_written(day: date) -> None:
    world = applied(a_world())
    assert starts(world.night(D(2026, 1, 10))) == []
    assert starts(world.night(day)) == ["2026-01-01"]
    assert world.units(100, D(2026, 1, 1)) == 12
    assert world.night(day).plan.verdict == "in-step"


def test_what_brings_a_new_line_is_its_usage() -> None:
    world = applied(a_world())
    world.night(D(2026, 1, 10))
    assert [change.cause for change in world.plan(D(2026, 2, 2)).plan.changes] == ["usage"]


def test_what_a_guard_held_on_the_first_is_the_same_change_on_the_second() -> None:
    world = applied(a_world())
    world.state = {**world.state, "guards": replace(Guards(), line=Decimal(100))}
    world.night(D(2026, 1, 20))
    (held,) = world.night(D(2026, 2, 1)).plan.changes
    approved = (make.approval(held),)
    (change,) = world.plan(D(2026, 2, 2), approved=approved).plan.changes
    assert (held.standing, change.standing) == ("held", "ready")
    assert change.id == held.id


@pytest.mark.parametrize("day", [D(2026, 2, 10), D(2026, 3, 1), D(2026, 3, 9)])
def test_a_line_mapped_in_february_does_not_bill_january(day: date) -> None:
    world = applied(a_world(make.settings()))
    assert starts(world.plan(D(2026, 2, 10))) == ["2026-02-01"]
    world.night(D(2026, 2, 10), ())
    assert starts(world.night(day)) == ["2026-02-01"]
    assert starts(world.night(D(2026, 3, 20))) == []


def test_a_line_of_an_account_that_is_new_does_not_bill_january_either() -> None:
    world = a_world(make.settings())
    world.rules.append(LineRule(LineKey(2, 20, 100), date.min, make.settings(), ()))
    assert starts(world.plan(D(2026, 2, 10))) == ["2026-02-01"]


@pytest.mark.parametrize("start", [D(2026, 1, 1), D(2026, 1, 14), D(2025, 11, 1)])
def test_an_earlier_from_counts_however_many_open_periods_back(start: date) -> None:
    world = applied(a_world(make.settings(), start=start))
    assert starts(world.night(D(2026, 2, 10))) == [str(start)]
    assert world.night(D(2026, 2, 11)).plan.verdict == "in-step"


def test_a_from_that_comes_before_the_line_is_written_counts_too_and_is_remembered() -> None:
    world = applied(a_world())
    world.night(D(2026, 2, 10))
    world.accounts = [make.desired_account(the_line(start=D(2026, 1, 1)))]
    assert starts(world.plan(D(2026, 2, 12))) == ["2026-01-01"]
    world.night(D(2026, 2, 12))
    key = world.rules[-1].line
    assert [rule.day for rule in world.rules if rule.line == key] == [D(2026, 1, 1), D(2026, 2, 1)]
    # A late reading of January still counts, since the line is known to be of January.
    world.series = {
        ("Brass", "total-devices"): make.series(*[12] * 100, 15, *[12] * 100, first=OLD)
    }
    assert starts(world.night(D(2026, 2, 13))) == ["2026-01-01"]
    assert world.night(D(2026, 2, 14)).plan.verdict == "in-step"


def test_a_from_of_a_later_day_is_waited_for() -> None:
    world = applied(a_world(make.settings(), start=D(2026, 2, 20)))
    assert starts(world.night(D(2026, 2, 10))) == []
    assert starts(world.night(D(2026, 3, 9))) == ["2026-02-20"]


def test_the_first_plan_of_a_ledger_begins_where_billing_starts() -> None:
    world = a_world()
    assert starts(world.plan(D(2026, 1, 2))) == ["2025-10-01"]


def test_the_first_plan_of_a_ledger_bills_nothing_again_that_is_invoiced() -> None:
    world = a_world(make.settings())
    invoiced(world, D(2025, 12, 31))
    assert starts(world.plan(D(2026, 2, 10))) == ["2026-01-01"]
    invoiced(world, D(2026, 2, 28))
    assert starts(world.plan(D(2026, 2, 10))) == ["2026-02-01"]


def renewed(world: World, end: date, start: date) -> World:
    """The contract ended, and one of the same name goes on; its line has no rows yet."""
    old = replace(world.contracts[0], id=9, end=end)
    world.contracts = [old, make.a_contract(start=start)]
    return world


@pytest.mark.parametrize("day", [D(2026, 2, 1), D(2026, 2, 2), D(2026, 2, 20)])
def test_a_renewed_contract_goes_on_with_its_first_part_of_a_period(day: date) -> None:
    world = applied(a_world(), contract=9, service=100)
    renewed(world, D(2026, 1, 14), D(2026, 1, 15))
    assert starts(world.night(day)) == ["2026-01-15"]
    assert world.night(day).plan.verdict == "in-step"


def test_a_service_that_moves_to_a_contract_beside_it_begins_there_now() -> None:
    world = applied(a_world(make.settings()), contract=9, service=100)
    world.contracts.append(replace(world.contracts[0], id=9, name="Other Services"))
    assert starts(world.plan(D(2026, 2, 10))) == ["2026-02-01"]


@pytest.mark.parametrize(
    ("late", "standing"), [("hold", "held"), ("prorated-transaction", "ready")]
)
def test_what_is_invoiced_since_is_written_as_the_policy_says(late: Any, standing: str) -> None:
    world = applied(a_world(make.settings(**MONTH_END, late=late)))
    world.night(D(2026, 1, 10))
    invoiced(world, D(2026, 1, 31))
    assert changes(world.plan(D(2026, 2, 2))) == [("2026-01-01", 0, 12, standing)]


def test_days_that_nobody_bills_any_more_are_told_with_the_line() -> None:
    world = applied(a_world())
    world.night(D(2026, 1, 10))
    world.night(D(2026, 2, 2), ())
    invoiced(world, D(2026, 2, 28))
    planned = world.plan(D(2026, 3, 2))
    assert starts(planned) == ["2026-02-01"]
    (told,) = (found for found in planned.plan.findings if found.code == "POL007")
    assert told.message == (
        "Managed Workstation on Managed Services of Brass Building Supplies: no plan looks any more"
        " at days before 2026-02-01 that are invoiced, and what they come to, +240.00 USD, is never"
        " billed (12 units from 2026-01-01 to 2026-01-31, where BMS has 0)"
    )
    assert told.remedy.endswith("its `from:` can say that they are not billed")


def test_of_a_line_that_waits_on_each_month_is_told_by_itself() -> None:
    world = applied(a_world())
    world.night(D(2026, 1, 10))
    world.night(D(2026, 2, 2), ())
    invoiced(world, D(2026, 3, 31))
    world.night(D(2026, 3, 2), ())
    planned = world.plan(D(2026, 4, 2))
    (told,) = (found.message for found in planned.plan.findings if found.code == "POL007")
    assert "+240.00 USD, is never billed (12 units from 2026-02-01 to 2026-02-28" in told


def test_no_day_is_lost_that_no_run_looked_at() -> None:
    world = applied(a_world())
    world.night(D(2026, 1, 10))
    invoiced(world, D(2026, 2, 28))
    planned = world.plan(D(2026, 3, 2))
    assert starts(planned) == ["2026-01-01"]
    assert "POL007" not in codes(planned)


def test_a_from_behind_invoices_is_told_too() -> None:
    world = applied(a_world(start=D(2025, 11, 5)))
    invoiced(world, D(2026, 2, 28))
    assert "POL007" in codes(world.plan(D(2026, 3, 2)))


def test_a_from_of_a_day_that_is_looked_at_says_that_earlier_ones_are_not_billed() -> None:
    world = applied(a_world())
    world.night(D(2026, 1, 10))
    invoiced(world, D(2026, 2, 28))
    world.accounts = [make.desired_account(the_line(start=D(2026, 2, 1)))]
    assert "POL007" not in codes(world.plan(D(2026, 3, 2)))


def test_nothing_is_told_of_a_line_that_was_not_used_in_what_is_invoiced() -> None:
    world = applied(a_world())
    world.series = {("Brass", "total-devices"): make.series(*[0] * 130, *[12] * 70, first=OLD)}
    world.night(D(2026, 1, 10))
    invoiced(world, D(2026, 2, 28))
    planned = world.plan(D(2026, 3, 2))
    assert starts(planned) == ["2026-02-01"]
    assert "POL007" not in codes(planned)


@pytest.mark.parametrize(
    ("settings", "used"),
    [
        # Not used any more: nothing begins.
        (MONTH_END, (0, 12, 0)),
        # The policy leaves alone what is invoiced.
        ({**MONTH_END, "late": "next-period"}, (12, 12, 12)),
        # What was counted in January would have begun in February.
        ({"increase": "next-period"}, (0, 12, 12)),
    ],
)
def test_nothing_is_told_where_no_day_is_lost(
    settings: dict[str, Any], used: tuple[int, int, int]
) -> None:
    world = applied(a_world(make.settings(**settings)))
    before, january, since = used
    values = [before] * 92 + [january] * 31 + [since] * 60
    world.series = {("Brass", "total-devices"): make.series(*values, first=OLD)}
    world.night(D(2026, 1, 10), ())
    invoiced(world, D(2026, 2, 28))
    assert "POL007" not in codes(world.plan(D(2026, 3, 2)))


def test_an_unused_line_counts_the_days_of_the_last_period_once_it_is_used() -> None:
    world = applied(a_world(make.settings()))
    world.series = {("Brass", "total-devices"): make.series(*[0] * 111, *[3] * 70, first=OLD)}
    world.night(D(2025, 12, 10))
    assert starts(world.night(D(2026, 2, 2))) == ["2026-01-20"]
