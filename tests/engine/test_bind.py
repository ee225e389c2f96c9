from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reconciler.engine.bind import bind
from reconciler.engine.bound import Bound
from reconciler.engine.indexed import services_wanted
from reconciler.findings import CODES
from reconciler.model.bms import Account, CatalogueService, Invoice
from reconciler.model.desired import Billing, DesiredAccount, DesiredContract, Reference
from reconciler.model.place import Origin
from tests.engine import builders as make
from tests.engine.play import World

AS_OF = date(2026, 3, 10)


def bound(world: World, **more: Any) -> Bound:
    entry = world.entry(AS_OF)
    return bind(entry.state, entry.seen, more.pop("names", ()), AS_OF, **more)


def codes(found: Bound) -> list[str]:
    return [entry.code for entry in found.findings]


def contract(*lines: Any, **values: Any) -> DesiredContract:
    given: dict[str, Any] = {
        "contract": Reference(name="Managed Services"),
        "billing": Billing(),
        "lines": lines or (make.line(),),
        "origin": make.ORIGIN,
    }
    return DesiredContract(**{**given, **values})


def account(*contracts: DesiredContract, **values: Any) -> DesiredAccount:
    return make.desired_account(contracts=contracts or (contract(),), **values)


def test_a_line_is_found_by_the_names_of_its_account_contract_and_service() -> None:
    found = bound(World())
    assert codes(found) == []
    (line,) = found.lines
    assert line.key == make.KEY
    assert found.names == [
        ("account", "Brass Building Supplies", 1),
        ("contract:1", "Managed Services", 10),
        ("service", "Managed Workstation", 100),
    ]


BRASS, PLAN, DESKTOP = "Brass Building Supplies", "Managed Services", "Managed Workstation"


def told(kind: str, reference: Reference) -> DesiredAccount:
    """The account with one of its three references given so."""
    if kind == "account":
        return account(account=reference)
    if kind == "service":
        return account(contract(make.line(bms_service=reference)))
    return account(contract(contract=reference))


def in_bms(kind: str, *things: tuple[int, str]) -> World:
    """BMS with things of that kind called so."""
    if kind == "account":
        return World(bms_accounts=[replace(make.ACCOUNT, id=i, name=name) for i, name in things])
    if kind == "service":
        return World(services=[CatalogueService(i, name) for i, name in things])
    return World(contracts=[make.a_contract(id=i, name=name) for i, name in things])


THREE = pytest.mark.parametrize(
    ("kind", "key", "id_"),
    [("account", "account", 1), ("contract:1", "contract", 10), ("service", "bms_service", 100)],
)


@THREE
def test_an_id_and_its_own_name_are_found_and_remembered(kind: str, key: str, id_: int) -> None:
    name = {1: BRASS, 10: PLAN, 100: DESKTOP}[id_]
    found = bound(World([told(kind, Reference(id_, name))]))
    assert codes(found) == []
    assert found.lines[0].key == make.KEY
    assert (kind, name, id_) in found.names


@THREE
@pytest.mark.parametrize(
    ("others", "meant"), [(0, "apri"), (2_000, "Aprikot"), (2_000, "Apricots")]
)
def test_of_a_name_that_is_not_there_the_nearest_is_told(
    kind: str, key: str, id_: int, others: int, meant: str
) -> None:
    """Of very many too, if they begin or end alike."""
    more = [(1_000 + n, f"Zebra {n}") for n in range(others)]
    world = in_bms(kind, (id_, "Apricot"), *more)
    world.accounts = [told(kind, Reference(name=meant))]
    (said,) = bound(world).findings
    assert said.code in {"BMS001", "BMS003", "BMS005"}
    assert said.remedy == f"did you mean `Apricot`? If not, {CODES[said.code].remedy}"


@THREE
def test_where_no_name_is_near_nothing_is_guessed(kind: str, key: str, id_: int) -> None:
    world = in_bms(kind, (id_, "Apricot"))
    world.accounts = [told(kind, Reference(name="Quince"))]
    (said,) = bound(world).findings
    assert said.remedy == CODES[said.code].remedy


@THREE
def test_a_name_beside_an_id_that_bms_gives_to_another_thing_blocks(
    kind: str, key: str, id_: int
) -> None:
    world = in_bms(kind, (id_, "Apricot"), (id_ + 1, "Bronze"))
    world.accounts = [told(kind, Reference(id_, "Bronze"))]
    # Even where the ledger knew the id by that name: whom the file means, nobody can tell.
    found = bound(world, names=[(kind, "Bronze", id_)])
    assert codes(found) == ["BMS013"]
    assert found.lines == []
    (said,) = found.findings
    assert said.blocks
    assert "'Apricot'" in said.message
    assert "'Bronze'" in said.message
    assert f"`{key}: {{id: {id_}, name: Apricot}}`" in said.remedy
    assert f"`{key}: {{id: {id_ + 1}, name: Bronze}}`" in said.remedy


@THREE
def test_a_name_beside_an_id_that_it_never_stood_for_blocks(kind: str, key: str, id_: int) -> None:
    world = in_bms(kind, (id_, "Apricot"))
    world.accounts = [told(kind, Reference(id_, "Bronze"))]
    for names in ((), [(kind, "Bronze", 77)], [(kind, "Apricot", id_)]):
        found = bound(world, names=names)
        assert codes(found) == ["BMS013"]
        assert found.lines == []
        assert found.findings[0].remedy == (
            f"write `{key}: {{id: {id_}, name: Apricot}}`, whichever is meant"
        )


@THREE
def test_a_rename_of_what_is_given_by_id_and_name_is_followed_and_said(
    kind: str, key: str, id_: int
) -> None:
    world = in_bms(kind, (id_, "Apricot, formerly: Bronze"))
    world.accounts = [told(kind, Reference(id_, "Bronze"))]
    found = bound(world, names=[(kind, "Bronze", id_)])
    assert codes(found) == ["BMS010"]
    assert found.lines[0].key == make.KEY
    fix = f'write `{key}: {{id: {id_}, name: "Apricot, formerly: Bronze"}}`'
    assert found.findings[0].remedy == fix


def test_an_unknown_id_says_the_name_beside_it_and_what_has_that_name() -> None:
    found = bound(World([account(account=Reference(id=99, name=BRASS))]))
    (said,) = found.findings
    assert said.code == "BMS001"
    assert said.message == (
        f"BMS has no account with the id 99; the configuration calls it {BRASS!r}"
    )
    assert said.remedy == f"write `account: {{id: 1, name: {BRASS}}}` if that one is meant"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (account(account=Reference(name="Nobody")), "BMS001"),
        (account(account=Reference(id=99)), "BMS001"),
        (account(contract(contract=Reference(name="Other"))), "BMS003"),
        (account(contract(contract=Reference(id=99))), "BMS003"),
        (account(contract(make.line(bms_service=Reference(name="Other")))), "BMS005"),
        (account(contract(make.line(bms_service=Reference(id=99)))), "BMS005"),
    ],
)
def test_what_bms_does_not_have_is_said_and_blocks(wanted: DesiredAccount, code: str) -> None:
    found = bound(World([wanted]))
    assert codes(found) == [code]
    assert found.findings[0].blocks
    assert found.lines == []


def test_a_service_that_bms_lacks_is_shown_where_its_name_is_written() -> None:
    named = Origin("services/datto-rmm.yaml", ("services", "workstation", "bms_service"))
    wanted = replace(make.line(bms_service=Reference(name="Other")), defined=named)
    (said,) = bound(World([account(contract(wanted))])).findings
    assert (said.code, said.origin) == ("BMS005", named)


def test_a_name_that_fits_two_things_is_never_guessed() -> None:
    two_accounts = World(bms_accounts=[make.ACCOUNT, replace(make.ACCOUNT, id=2)])
    two_contracts = World(contracts=[make.a_contract(), make.a_contract(id=11)])
    two_services = World(services=[make.WORKSTATION, replace(make.WORKSTATION, id=105)])
    assert codes(bound(two_accounts)) == ["BMS002"]
    assert codes(bound(two_contracts)) == ["BMS004"]
    assert codes(bound(two_services)) == ["BMS006"]
    assert (
        codes(
            bound(World([account(account=Reference(id=1))], bms_accounts=two_accounts.bms_accounts))
        )
        == []
    )


def test_a_similar_name_is_another_name() -> None:
    assert codes(bound(World(bms_accounts=[Account(1, "Brass Building Supply")]))) == ["BMS001"]


@pytest.mark.parametrize(
    "values",
    [
        {"type": "Time and Material"},
        {"status": "Expired"},
        {"end": date(2026, 3, 9)},
        {"start": date(2026, 3, 11)},
        {"billing_cycle": "Every other Tuesday"},
    ],
)
@pytest.mark.parametrize("wanted", [Reference(name="Managed Services"), Reference(id=10)])
def test_a_contract_that_cannot_be_billed_is_left_alone(
    values: dict[str, Any], wanted: Reference
) -> None:
    world = World([account(contract(contract=wanted))], contracts=[make.a_contract(**values)])
    assert codes(bound(world)) == ["BMS007"]


def test_a_renewed_contract_of_the_same_name_takes_over() -> None:
    old = make.a_contract(id=9, end=date(2026, 2, 28))
    assert bound(World(contracts=[old, make.a_contract()])).lines[0].key.contract_id == 10


def test_another_currency_stops_the_account() -> None:
    world = World(bms_accounts=[replace(make.ACCOUNT, currency="EUR")])
    assert codes(bound(world)) == ["BMS008"]


def test_a_line_that_is_not_named_is_reported_and_left_alone() -> None:
    world = World()
    world.rows.append((make.a_row(id=1001, service_id=101), 1))
    found = bound(world)
    assert codes(found) == ["BMS009"]
    assert "Managed Server" in found.findings[0].message


@pytest.mark.parametrize(
    ("names", "world"),
    [
        (
            [("account", "Brass Building Supplies", 1)],
            World(bms_accounts=[Account(1, "Brass & Sons")]),
        ),
        ([("contract:1", "Managed Services", 10)], World(contracts=[make.a_contract(name="MSA")])),
        (
            [("service", "Managed Workstation", 100)],
            World(services=[CatalogueService(100, "Workstation, managed")]),
        ),
    ],
)
def test_a_rename_in_bms_is_followed_and_said(
    names: list[tuple[str, str, int]], world: World
) -> None:
    found = bound(world, names=names)
    assert codes(found) == ["BMS010"]
    assert found.lines[0].key == make.KEY


def test_two_of_our_services_on_one_bms_service_are_refused() -> None:
    world = World([account(contract(make.line(), make.line(service="desktop")))])
    found = bound(world)
    assert codes(found) == ["BMS011"]
    assert len(found.lines) == 1


def test_one_bms_line_named_by_two_files_is_refused_too() -> None:
    world = World([account(), account(account=Reference(id=1))])
    found = bound(world)
    assert codes(found) == ["BMS011"]
    assert len(found.lines) == 1


def test_every_service_means_those_the_contract_has() -> None:
    server = make.line(service="managed-server", bms_service=Reference(name="Managed Server"))
    world = World([account(contract(make.line(), server, every_service=True))])
    world.rows.append((make.a_row(), 1))
    assert [line.ref.service for line in bound(world).lines] == ["managed-workstation"]


def test_only_the_accounts_asked_for_are_bound() -> None:
    assert bound(World(), only=("Somebody Else",)).lines == []
    assert len(bound(World(), only=("Brass Building Supplies",)).lines) == 1


def test_the_newest_invoice_closes_a_contracts_periods() -> None:
    world = World()
    world.invoices = [
        Invoice(2, 10, date(2026, 2, 1), date(2026, 2, 28)),
        Invoice(1, 10, date(2026, 1, 1), date(2026, 1, 31)),
    ]
    assert bound(world).contracts[10].closed_through == date(2026, 2, 28)


def test_an_inactive_service_of_the_same_name_is_passed_over() -> None:
    old = replace(make.WORKSTATION, id=90, is_active=False)
    assert bound(World(services=[old, make.WORKSTATION])).lines[0].service.id == 100


def test_services_to_search_for_are_those_that_are_named() -> None:
    entry = World([account(contract(make.line(), make.line(bms_service=Reference(id=105))))]).entry(
        AS_OF
    )
    assert list(services_wanted(entry.state, entry.seen)) == [100, 105]
