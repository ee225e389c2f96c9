"""What a person changed in BMS stays drift until somebody looks, whatever the configuration says
meanwhile; and lines are not held, or trued up, by what does not count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import reconciler.bms.actual as actual
from reconciler.model.plan import Plan
from reconciler.runs.accepted import AcceptError
from reconciler.runs.accepting import accept
from tests.runs.world import TODAY, World

ALPHA = "      alpha: {organizations: {datto-edr: alpha}}\n"


def codes(plan: Plan) -> set[str]:
    return {finding.code for finding in plan.findings}


def row_of(world: World, service: str) -> int:
    rows = [r for r in world.sandbox.tables().rows() if r.service_id == world.services[service]]
    return rows[-1].row_id


def two_lines(tmp_path: Path) -> World:
    world = World(tmp_path)
    for name, price in (("alpha", "7.15"), ("beta", "4.25")):
        world.service(name, price)
        world.row(name, 10)
    world.configure()
    for name in world.services:
        world.steady(name, 10)
    world.baseline()
    world.apply()
    return world


def test_planning_a_branch_without_a_line_does_not_hide_drift(tmp_path: Path) -> None:
    world = two_lines(tmp_path)
    world.sandbox.ui.edit_units(row_of(world, "beta"), 13)
    accounts = world.config / "accounts/brass.yaml"
    text = accounts.read_text(encoding="utf-8")
    assert ALPHA in text
    accounts.write_text(text.replace(ALPHA, ""), encoding="utf-8")
    assert "KNW002" in codes(world.plan())
    accounts.write_text(text, encoding="utf-8")
    assert "KNW002" in codes(world.plan())


def test_a_line_that_leaves_in_peace_holds_nothing(tmp_path: Path) -> None:
    world = two_lines(tmp_path)
    accounts = world.config / "accounts/brass.yaml"
    text = accounts.read_text(encoding="utf-8")
    accounts.write_text(text.replace(ALPHA, ""), encoding="utf-8")
    assert "KNW002" not in codes(world.plan())
    accounts.write_text(text, encoding="utf-8")
    assert world.plan().verdict == "in-step"


def test_a_row_deleted_under_services_all_is_drift(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.service("alpha", "7.15")
    world.service("beta", "4.25")
    world.row("alpha", 10)
    world.row("beta", 10)
    world.configure()
    (world.config / "accounts/brass.yaml").write_text(
        "version: 1\naccount: Brass Building Supplies\norganizations:\n  datto-edr: [alpha]\n"
        "contracts:\n  - contract: Managed Services\n    services: all\n",
        encoding="utf-8",
    )
    world.steady("alpha", 10)
    world.baseline()
    world.apply()
    world.sandbox.ui.delete_line(row_of(world, "beta"))
    assert "KNW002" in codes(world.plan())


def test_a_contract_whose_account_only_its_rows_tell_is_proved_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = two_lines(tmp_path)
    monkeypatch.setattr(actual, "_join", lambda *found: ((), tuple(found[-1])))
    assert world.plan().verdict == "in-step"
    world.sandbox.ui.edit_units(row_of(world, "beta"), 50)
    assert "KNW002" in codes(world.plan())


def test_an_organization_taken_out_of_the_mapping_does_not_hold_the_line(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.service("edr")
    world.row("edr", 5)
    world.configure()
    world.steady("edr", 5)
    world.read("new", {date(2026, 11, 1) + timedelta(n): 5 for n in range(22)})
    world.baseline()
    world.apply()
    accounts = world.config / "accounts/brass.yaml"
    text = accounts.read_text(encoding="utf-8").replace("[edr]", "[edr, new]")
    text = text.replace("{datto-edr: edr}", "{datto-edr: new}")
    accounts.write_text(text, encoding="utf-8")
    world.apply()
    for _ in range(8):
        world.read("new", {world.sandbox.today(): 7})
        world.sandbox.set_clock(world.sandbox.today() + timedelta(days=1))
    assert [(c.units_after, c.standing) for c in world.plan().changes] == [(7, "ready")]


def test_an_edit_on_the_months_last_day_does_not_true_up_before_it_is_closed(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    world.service("edr")
    world.row("edr", 9)
    world.configure(edr="policy: month-end, decrease: change-date")
    world.steady("edr", 5)
    world.baseline()
    world.apply()
    world.sandbox.set_clock(date(2026, 11, 30))
    world.read("edr", {TODAY + timedelta(n): 5 for n in range(7)})
    world.configure(edr="policy: month-end, decrease: change-date, maximum: 50")
    assert not world.plan().changes


def test_units_that_do_not_close_a_contract_that_was_never_agreed_are_refused(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    world.service("alpha", "7.15")
    world.row("alpha", 5)
    world.configure()
    world.steady("alpha", 5)
    world.baseline()
    fact = world.ledger.remember().facts[0]
    world.ledger.append_facts([replace(fact, effect="set", units=50)])
    assert "KNW009" in codes(world.plan())
    with pytest.raises(AcceptError):
        accept(world.around, world.ledger, str(world.contract), {"alpha": 2}, "a slip")
    accept(world.around, world.ledger, str(world.contract), {"alpha": 5}, "a slip")
    assert world.plan().verdict == "in-step"


def test_a_service_given_by_id_is_accepted_by_our_name(tmp_path: Path) -> None:
    world = two_lines(tmp_path)
    world.sandbox.ui.rename_service(world.services["beta"], "Managed Beta")
    world.sandbox.ui.edit_units(row_of(world, "beta"), 13)
    world.plan()
    accept(world.around, world.ledger, str(world.contract), {"beta": 13}, "agreed")
    assert "KNW002" not in codes(world.plan())


def test_several_foreign_lines_are_taken_over_by_giving_the_units_of_every_line(
    tmp_path: Path,
) -> None:
    world = two_lines(tmp_path)
    for name, price in (("Firewall", "30.00"), ("Phone", "12.00")):
        service = world.sandbox.add_service(name, price)
        world.sandbox.ui.add_line(world.contract, service, 2, date(2026, 11, 1))
    assert "KNW002" in codes(world.plan())
    with pytest.raises(AcceptError):
        accept(world.around, world.ledger, str(world.contract), {"beta": 10}, "agreed")
    units = {"alpha": 10, "beta": 10}
    accept(world.around, world.ledger, str(world.contract), units, "two lines were sold")
    assert "KNW002" not in codes(world.plan())


def test_a_name_that_another_account_took_over_is_not_followed(tmp_path: Path) -> None:
    world = two_lines(tmp_path)
    world.sandbox.ui.rename_account(world.account, "Brass Building Supplies Inc")
    other = world.sandbox.add_account("Brass Building Supplies")
    world.sandbox.add_contract(other, "Managed Services", world.start, date(2027, 12, 31))
    plan = world.plan()
    assert "BMS002" in codes(plan)
    assert not plan.changes
