from __future__ import annotations

from dataclasses import replace
from datetime import date

from reconciler.model.desired import (
    Billing,
    DesiredAccount,
    DesiredContract,
    DesiredLine,
    OrganizationRef,
    Reference,
)
from reconciler.model.settings import FixedUnits, LineSettings, Rest, Term
from tests.engine import builders as make
from tests.engine.play import World, changes, codes

AS_OF = date(2026, 1, 3)
ORGANIZATIONS = ("Brass", "Warehouse")


def only(*names: str) -> dict[str, tuple[OrganizationRef, ...]]:
    return {"datto-rmm": tuple(OrganizationRef(name=name) for name in names)}


def contract(name: str, line: DesiredLine, *, every: bool) -> DesiredContract:
    return DesiredContract(Reference(name=name), Billing(), (line,), make.ORIGIN, every)


def world(
    first: DesiredLine, second: DesiredLine, *, every: tuple[bool, bool] = (True, True)
) -> World:
    """Two contracts, both with a row of the same service in BMS."""
    account: DesiredAccount = make.desired_account(
        organizations=only(*ORGANIZATIONS),
        contracts=(
            contract("Managed Services", first, every=every[0]),
            contract("Backup", second, every=every[1]),
        ),
    )
    made = World([account], {(name, "total-devices"): make.series(5, 5) for name in ORGANIZATIONS})
    made.contracts = [make.a_contract(), make.a_contract(id=11, name="Backup")]
    made.rows = [
        (make.a_row(date=date(2026, 1, 1)), 3),
        (make.a_row(id=1001, contract_id=11, date=date(2026, 1, 1)), 3),
    ]
    made.baseline()
    return made


def test_two_contracts_that_take_every_line_and_count_the_same_usage_both_wait() -> None:
    planned = world(make.line(), make.line()).plan(AS_OF)
    assert codes(planned).count("BMS012") == 1
    assert {c.because for c in planned.plan.changes} == {("BMS012",)}
    assert {standing for *_, standing in changes(planned)} == {"held"}
    (found,) = [f for f in planned.plan.findings if f.code == "BMS012"]
    assert found.message == (
        "Managed Workstation of Brass Building Supplies stands on Backup and on Managed Services"
    )


def test_one_contract_that_takes_every_line_is_enough() -> None:
    assert "BMS012" in codes(world(make.line(), make.line(), every=(False, True)).plan(AS_OF))


def test_contracts_with_organizations_of_their_own_bill_nothing_twice() -> None:
    mine = replace(make.line(), organizations=only("Brass"))
    theirs = replace(make.line(), organizations=only("Warehouse"))
    planned = world(mine, theirs).plan(AS_OF)
    assert "BMS012" not in codes(planned)
    assert {after for _, _, after, _ in changes(planned)} == {5}
    overlapping = replace(make.line(), organizations=only(*ORGANIZATIONS))
    assert "BMS012" in codes(world(mine, overlapping).plan(AS_OF))


def test_a_line_that_ended_or_does_not_count_is_no_second_one() -> None:
    ended = make.line(last_day=date(2026, 1, 1))
    assert "BMS012" not in codes(world(make.line(), ended).plan(AS_OF))
    fixed = make.line(make.settings(fixed=FixedUnits(3, "agreed")))
    assert "BMS012" not in codes(world(make.line(), fixed).plan(AS_OF))
    later = make.line(start=date(2026, 2, 1))
    assert "BMS012" not in codes(world(make.line(), later).plan(AS_OF))


def both_rests(
    *organizations: tuple[str, ...], every: bool = True, last_day: date | None = None
) -> World:
    """One contract with two lines that count the rest of the devices."""
    rest = LineSettings(count=(Term("datto-rmm", "devices-by-type", Rest()),))
    lines = tuple(
        replace(
            make.line(rest, service=name, bms_service=Reference(name=name), last_day=ends),
            organizations=only(*mine),
        )
        for name, mine, ends in zip(
            ("Managed Workstation", "Managed Server"), organizations, (last_day, None), strict=True
        )
    )
    contract = DesiredContract(
        Reference(name="Managed Services"), Billing(), lines, make.ORIGIN, every
    )
    account = make.desired_account(organizations=only(*ORGANIZATIONS), contracts=(contract,))
    devices = make.dimensioned({"Desktop": [5, 5], "Tablet": [2, 2]})
    made = World([account], {(name, "devices-by-type"): devices for name in ORGANIZATIONS})
    made.rows = [
        (make.a_row(date=date(2026, 1, 1)), 3),
        (make.a_row(id=1001, service_id=101, date=date(2026, 1, 1)), 3),
    ]
    made.baseline()
    return made


def test_two_lines_of_bms_that_both_count_the_rest_wait() -> None:
    planned = both_rests(ORGANIZATIONS, ORGANIZATIONS[1:]).plan(AS_OF)
    (found,) = [f for f in planned.plan.findings if f.code == "CFG022"]
    assert found.message == (
        "Managed Server and Managed Workstation on Managed Services of Brass Building Supplies"
        " both count the rest of datto-rmm devices-by-type"
    )
    assert {c.because for c in planned.plan.changes} == {("CFG022",)}
    assert {standing for *_, standing in changes(planned)} == {"held"}
    assert planned.plan.verdict == "person-needed"


def test_the_rest_of_other_organizations_or_other_days_is_counted_once() -> None:
    planned = both_rests(ORGANIZATIONS[:1], ORGANIZATIONS[1:]).plan(AS_OF)
    assert "CFG022" not in codes(planned)
    assert {after for _, _, after, _ in changes(planned)} == {7}
    ended = both_rests(ORGANIZATIONS, ORGANIZATIONS, last_day=date(2026, 1, 1))
    assert "CFG022" not in codes(ended.plan(AS_OF))
    one = both_rests(ORGANIZATIONS, ORGANIZATIONS)
    one.rows, one.facts = one.rows[:1], one.facts[:1]
    assert "CFG022" not in codes(one.plan(AS_OF))


def test_a_service_that_bms_has_on_one_contract_only_is_billed_once() -> None:
    made = world(make.line(), make.line())
    made.rows, made.facts = made.rows[:1], made.facts[:1]
    assert "BMS012" not in codes(made.plan(AS_OF))
