"""Lines that an edit of the configuration stops keeping in step with usage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reconciler.engine.caused import caused
from reconciler.engine.dropped import Dropped
from reconciler.engine.entry import PlanInput
from reconciler.model.desired import DesiredAccount, DesiredContract, Reference
from reconciler.model.place import Origin
from reconciler.model.settings import TO_FILL_IN, FixedUnits, LineSettings
from tests.engine import builders as make
from tests.engine.play import brass

TODAY = date(2026, 1, 21)


def of(*settings: LineSettings, **line: Any) -> DesiredAccount:
    return make.desired_account(make.line(*settings, **line))


def renamed(**names: Any) -> DesiredAccount:
    """The same lines under other names."""
    account = of()
    (contract,) = account.contracts
    if "contract" in names:
        contract = replace(contract, contract=names["contract"])
    return replace(account, account=names.get("account", account.account), contracts=(contract,))


def found(new: DesiredAccount, old: DesiredAccount | None = None) -> Dropped:
    before, after = (brass(*[10] * 20, accounts=[one]).entry(TODAY) for one in (old or of(), new))
    return caused(after, before).dropped


def named(dropped: Dropped) -> tuple[list[str], list[str]]:
    return [one.service for one in dropped.removed], [one.service for one in dropped.lost]


def test_a_line_that_is_named_no_more_is_removed() -> None:
    (contract,) = of().contracts
    empty = replace(of(), contracts=(replace(contract, lines=()),))
    assert named(found(empty)) == ([of().contracts[0].lines[0].service], [])


def test_a_line_that_bms_bills_no_more_may_go_without_a_word() -> None:
    account = of(last_day=date(2026, 1, 5))
    (contract,) = account.contracts
    empty = replace(account, contracts=(replace(contract, lines=()),))
    assert found(empty, account) == Dropped()


@pytest.mark.parametrize(
    "new",
    [
        renamed(account=Reference(name="Bras")),
        renamed(contract=Reference(name="Manage")),
        of(bms_service=Reference(name="Endpoint")),
    ],
    ids=["account", "contract", "service"],
)
def test_a_line_that_bms_lacks_as_it_is_named_now_is_lost(new: DesiredAccount) -> None:
    assert named(found(new)) == ([], [of().contracts[0].lines[0].service])


def test_a_file_in_another_checkout_is_the_same_file() -> None:
    new = renamed(contract=Reference(name="Manage"))
    (contract,) = new.contracts
    lines = tuple(
        replace(one, origin=replace(one.origin, file=f"elsewhere/{one.origin.file}"))
        for one in contract.lines
    )
    assert named(found(replace(new, contracts=(replace(contract, lines=lines),))))[0] == []


def two(*names: str) -> DesiredAccount:
    """A file of contracts with one and the same service; one without a name has none."""
    (contract,), file = of().contracts, make.ORIGIN.file

    def made(place: int, name: str) -> DesiredContract:
        origin = Origin(file, ("contracts", place, "services", "x"))
        lines = tuple(replace(one, origin=origin) for one in contract.lines) if name else ()
        return replace(contract, contract=Reference(name=name or "Managed Services"), lines=lines)

    return replace(of(), contracts=tuple(made(*one) for one in enumerate(names)))


@pytest.mark.parametrize(
    ("names", "removed", "lost"),
    [
        (["Managed Services", "Projecs"], [], ["Projects"]),
        (["Managed Servics", "Projects"], [], ["Managed Services"]),
        (["New", "Managed Services", "Projecs"], [], ["Projects"]),
        (["", "Projecs"], ["Managed Services"], ["Projects"]),
        (["Managed Services"], ["Projects"], []),
        (["Projects"], ["Managed Services"], []),
    ],
)
def test_with_two_contracts_of_one_service_the_one_misspelt_is_lost(
    names: list[str], removed: list[str], lost: list[str]
) -> None:
    def entry(*contracts: str) -> PlanInput:
        world = brass(*[10] * 20, accounts=[two(*contracts)])
        world.contracts.append(make.a_contract(id=11, name="Projects", start=date(2025, 12, 1)))
        world.rows.append((make.a_row(id=1001, contract_id=11, date=date(2025, 12, 1)), 4))
        world.baseline()
        return world.entry(TODAY)

    dropped = caused(entry(*names), entry("Managed Services", "Projects")).dropped
    told = [[one.contract for one in lines] for lines in (dropped.removed, dropped.lost)]
    assert told == [removed, lost]


def fixed(units: int, until: date | None = None, reason: str = "agreed") -> DesiredAccount:
    return of(make.settings(fixed=FixedUnits(units, reason, until)))


def test_units_that_are_fixed_from_now_on_are_told() -> None:
    (one,) = found(fixed(10)).fixed
    assert (one.fixed.units, one.line.service) == (10, of().contracts[0].lines[0].service)


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (of(), of()),
        (fixed(10), fixed(12)),
        (of(), fixed(10)),
        (fixed(10, TODAY - make.ONE_DAY), of()),
    ],
    ids=["counted", "fixed before", "counted again", "no more"],
)
def test_what_was_fixed_or_is_counted_drops_nothing(
    new: DesiredAccount, old: DesiredAccount
) -> None:
    assert found(new, old) == Dropped()


@pytest.mark.parametrize("old", [fixed(9), fixed(10), fixed(9, reason=TO_FILL_IN)])
def test_units_fixed_anew_with_nobodys_reason_are_told(old: DesiredAccount) -> None:
    (one,) = found(fixed(10, reason=TO_FILL_IN), old).fixed
    assert one.fixed.units == 10


def test_a_reason_that_was_asked_for_before_is_not_the_edits() -> None:
    old = fixed(10, reason=TO_FILL_IN)
    assert found(fixed(10, TODAY, reason=f"{TO_FILL_IN} still"), old) == Dropped()
