"""An edit of a line that no plan can see yet is told, and never called harmless."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.caused import Caused, caused
from reconciler.engine.unplanned import NamedLine, Unplanned
from reconciler.model.desired import DesiredAccount, OrganizationRef, Reference
from reconciler.model.settings import FixedUnits
from tests.engine import builders as make
from tests.engine.play import World, brass
from tests.engine.test_foreseen import TODAY, of, shop

LINE = NamedLine("Brass Building Supplies", "managed-workstation")


def untold(account: DesiredAccount) -> World:
    """A contract with another row, too, so that its total does not tell the units."""
    made = brass(*[10] * 19, accounts=[account])
    made.facts.clear()
    made.rows.append((make.a_row(id=1001, service_id=101, name="Managed Server"), 3))
    return made


def misnamed(account: DesiredAccount, name: str = "Managed Service") -> DesiredAccount:
    (contract,) = account.contracts
    return replace(account, contracts=(replace(contract, contract=Reference(name=name)),))


def told(new: World, old: World) -> Unplanned:
    return found(new, old).unplanned


def found(new: World, old: World) -> Caused:
    return caused(new.entry(TODAY), old.entry(TODAY))


def codes(one: Caused) -> list[str]:
    return [finding.code for finding in one.planned.plan.findings]


@pytest.mark.parametrize(
    "values", [{"minimum": 40}, {"minimum": 40, "price": Decimal(9)}, {"policy": "other", "per": 2}]
)
def test_an_edit_where_nobody_knows_the_units(values: dict[str, Any]) -> None:
    made = found(untold(of(**values)), untold(of()))
    assert (made.unplanned.unknown, made.unplanned.not_found) == ((LINE,), ())
    assert "KNW001" in codes(made), "though main finds it too"


def test_a_price_of_unknown_units_is_planned() -> None:
    made = found(untold(of(price=Decimal(9))), untold(of()))
    assert (len(made.unplanned), [c.kind for c in made.planned.plan.changes]) == (0, ["price"])


def test_unknown_units_that_it_does_not_edit_are_not_its_matter() -> None:
    made = found(untold(of()), untold(of()))
    assert (len(made.unplanned), codes(made)) == (0, [])


def test_an_edit_where_the_units_are_known_is_planned() -> None:
    assert not told(shop(of(minimum=40)), shop(of()))


@pytest.mark.parametrize(
    "edit",
    [
        of(minimum=40),
        make.desired_account(make.line(bms_service=Reference(name="Managed Workstations"))),
        replace(of(), organizations={"datto-rmm": (OrganizationRef(name="Brass II"),)}),
    ],
)
def test_an_edit_of_a_line_that_main_does_not_find_either(edit: DesiredAccount) -> None:
    made = found(shop(misnamed(edit)), shop(misnamed(of())))
    assert (made.unplanned.unknown, made.unplanned.not_found) == ((), (LINE,))
    assert "BMS003" in codes(made)


MISSPELT = {"datto-rmm": (OrganizationRef(name="Bras"),)}


@pytest.mark.parametrize("before", [of(), replace(of(minimum=2), organizations=MISSPELT)])
def test_an_edit_that_counts_what_was_never_read(before: DesiredAccount) -> None:
    made = found(shop(replace(of(), organizations=MISSPELT)), shop(before))
    assert (made.unplanned.uncounted, made.planned.plan.changes) == ((LINE,), ())


def test_what_was_never_read_is_not_the_matter_of_another_edit() -> None:
    misspelt = replace(of(), organizations=MISSPELT)
    assert not told(shop(replace(misspelt, mode="propose")), shop(misspelt))
    fixed = replace(of(fixed=FixedUnits(10, "agreed")), organizations=MISSPELT)
    assert not told(shop(fixed), shop(of()))


def test_what_main_does_not_find_and_nobody_edits_is_not_its_matter() -> None:
    other = replace(
        of(), organizations={"datto-edr": (), "datto-rmm": of().organizations["datto-rmm"]}
    )
    for account in (of(), other, replace(of(), mode="propose")):
        made = found(shop(misnamed(account)), shop(misnamed(of())))
        assert not made.unplanned
        assert "BMS003" not in codes(made)


def test_a_line_that_the_edit_itself_loses_is_told_as_lost() -> None:
    made = found(shop(misnamed(of())), shop(of()))
    assert (len(made.unplanned), len(made.dropped.lost)) == (0, 1)
    assert "BMS003" in codes(made)


def test_a_slip_that_is_mended_is_planned() -> None:
    assert not told(shop(of(minimum=40)), shop(misnamed(of())))


def test_a_service_that_is_not_in_the_catalogue() -> None:
    def named(**values: Any) -> DesiredAccount:
        slip = Reference(name="Managed Workstations")
        return make.desired_account(make.line(make.settings(**values), bms_service=slip))

    made = found(shop(named(minimum=40)), shop(named()))
    assert made.unplanned.not_found == (LINE,)
    assert "BMS005" in codes(made)


def test_every_service_that_a_contract_may_have_is_not_missed() -> None:
    def every(**values: Any) -> DesiredAccount:
        server = make.line(
            make.settings(**values),
            service="managed-server",
            bms_service=Reference(name="Managed Server"),
        )
        account = make.desired_account(make.line(), server)
        (contract,) = account.contracts
        return replace(account, contracts=(replace(contract, every_service=True),))

    assert not told(shop(every(minimum=40)), shop(every()))
