from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal

import httpx
import pytest

from reconciler.bms import calls
from reconciler.bms.actual import read_directory, read_rows
from reconciler.bms.client import BmsClient
from reconciler.model.bms import Observation
from reconciler.model.errors import BmsError, BmsUnexpected
from reconciler.sandbox import Behaviour
from tests.bms.stage import NOW, PRICE, DateZone, Spelling, Stage, Watched, call_of, stage

START = date(2026, 1, 1)


class Town:
    """Two accounts with a contract each, three services; the third only on the second contract."""

    def __init__(self, here: Stage) -> None:
        self.here = here
        self.services = [
            here.sandbox.add_service(name, PRICE) for name in ("Server", "Desktop", "Backup")
        ]
        self.brass = here.contract("Brass")
        self.cobalt = here.contract("Cobalt", "Managed Services Plus")
        for contract in (self.brass, self.cobalt):
            for service in self.services[:2]:
                here.sandbox.add_line(contract, service, 3, START)
        here.sandbox.add_line(self.cobalt, self.services[2], 1, START)
        self.brass_account = here.sandbox.tables().rows()[0].account_id
        here.sandbox.add_invoice(self.brass, date(2026, 10, 1), date(2026, 10, 31))


@pytest.fixture
def town() -> Town:
    return Town(stage())


def read_actual(
    client: BmsClient, *, services: Collection[int] | None, wide_contracts: Collection[int] = ()
) -> Observation:
    """Directory and rows in one go; ``services`` None searches the whole catalogue."""
    directory = read_directory(client)
    wanted = [one.id for one in directory.services] if services is None else services
    return read_rows(client, directory, services=wanted, wide_contracts=wide_contracts)


@pytest.mark.parametrize("spelling", ["camel", "pascal"])
@pytest.mark.parametrize("zone", ["local", "utc"])
@pytest.mark.parametrize("page", [(0, 1), (1, 2), (1, 100)])
def test_the_actual_state_is_all_of_bms_whatever_the_assumptions(
    spelling: Spelling, zone: DateZone, page: tuple[Literal[0, 1], int]
) -> None:
    behaviour = Behaviour(field_names=spelling, date_zone=zone, page_base=page[0], page_cap=page[1])
    town = Town(stage(behaviour))
    seen = read_actual(town.here.client(), services=None)
    screens = town.here.sandbox.ui.read_units()
    assert {
        (r.id, r.contract_id, r.account_id, r.service_id, r.date, r.price) for r in seen.rows
    } == {(s.row_id, s.contract_id, s.account_id, s.service_id, s.date, s.price) for s in screens}
    assert {contract.id for contract in seen.contracts} == {town.brass, town.cobalt}
    assert seen.searched == set(town.services)
    assert seen.day == NOW
    assert [(i.contract_id, i.first, i.last) for i in seen.invoices] == [
        (town.brass, date(2026, 10, 1), date(2026, 10, 31))
    ]


def test_only_the_services_asked_for_are_searched(town: Town) -> None:
    client = town.here.client()
    seen = read_actual(client, services=[town.services[0], 999_999])
    assert seen.searched == {town.services[0]}
    assert {row.service_id for row in seen.rows} == {town.services[0]}
    assert town.here.wire.count(calls.ROWS) == 1


def test_a_wide_contract_has_all_its_rows_and_others_no_more_than_asked(town: Town) -> None:
    client = town.here.client()
    directory = read_directory(client)
    seen = read_rows(
        client, directory, services=[town.services[0]], wide_contracts=[town.cobalt, 777]
    )
    rows = {(row.contract_id, row.service_id) for row in seen.rows}
    assert rows == {
        (town.brass, town.services[0]),
        *((town.cobalt, service) for service in town.services),
    }
    assert seen.wide == {town.cobalt}
    assert seen.searched == {town.services[0]}


def test_a_search_for_several_wide_contracts_brings_no_rows_of_others(town: Town) -> None:
    bystander = town.here.contract("Copper", "Third")
    town.here.sandbox.add_line(bystander, town.services[1], 5, START)
    client = town.here.client()
    both = [town.brass, town.cobalt]
    seen = read_actual(client, services=town.services[:1], wide_contracts=both)
    assert {row.contract_id for row in seen.rows} == set(both)
    assert len(seen.rows) == 5


def test_wide_contracts_of_one_name_narrow_the_search(town: Town) -> None:
    client = town.here.client()
    directory = read_directory(client)
    read_rows(client, directory, services=[], wide_contracts=[town.cobalt])
    searches = [r for r in town.here.wire.requests if r.url.path.endswith("relatedservices/search")]
    assert len(searches) == 3
    assert all(b"Managed Services Plus" in request.content for request in searches)


def test_the_calls_of_a_plan_are_the_pages_and_one_search_per_service() -> None:
    here = stage(Behaviour(page_cap=10))
    services = [here.sandbox.add_service(f"Service {n}", PRICE) for n in range(12)]
    contracts = [here.contract(f"Account {n}", f"Contract {n}") for n in range(25)]
    for contract in contracts[:10]:
        here.sandbox.add_line(contract, services[0], 1, START)
    for contract in contracts[:3]:
        here.sandbox.add_invoice(contract, date(2026, 10, 1), date(2026, 10, 31))
    client = here.client()
    read_actual(client, services=services[:4])
    assert Counter(here.wire.endpoints()) == {
        calls.ACCOUNTS.endpoint: 3,
        calls.CONTRACTS.endpoint: 3,
        calls.SERVICES.endpoint: 2,
        calls.INVOICES.endpoint: 2,
        calls.INVOICE_LINES.endpoint: 2,
        calls.ROWS.endpoint: 4,
    }


def test_at_adoption_every_other_service_is_searched_once(town: Town) -> None:
    client = town.here.client()
    both = [town.brass, town.cobalt]
    read_actual(client, services=town.services[:1], wide_contracts=both)
    assert town.here.wire.count(calls.ROWS) == len(town.services)


def test_contracts_of_accounts_with_one_name_are_told_apart_by_lookup() -> None:
    here = stage()
    first, second = here.contract("Twin", "First"), here.contract("Twin", "Second")
    here.contract("Brass")
    directory = read_directory(here.client())
    owners = {contract.id: contract.account_id for contract in directory.contracts}
    twins = [account.id for account in directory.accounts if account.name == "Twin"]
    assert [owners[first], owners[second]] == twins
    assert here.wire.count(calls.CONTRACT_LOOKUP) == 2


def test_unique_names_need_no_lookup(town: Town) -> None:
    read_directory(town.here.client())
    assert town.here.wire.count(calls.CONTRACT_LOOKUP) == 0


def test_two_accounts_of_one_name_without_contracts_need_no_lookup(town: Town) -> None:
    for _ in range(2):
        town.here.sandbox.add_account("Twin")
    read_directory(town.here.client())
    assert town.here.wire.count(calls.CONTRACT_LOOKUP) == 0


class NothingLookedUp(httpx.BaseTransport):
    """A BMS whose lookup knows no contract."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if call_of(request) == calls.CONTRACT_LOOKUP:
            return httpx.Response(200, json={"Success": True, "Result": []})
        return self._inner.handle_request(request)


def test_a_contract_nobody_owns_among_namesakes_is_named() -> None:
    here = stage()
    here.contract("Twin", "Lonely")
    here.contract("Twin", "Other")
    here.wire = Watched(NothingLookedUp(here.wire))
    with pytest.raises(BmsUnexpected, match=r"2 accounts are called 'Twin'.*'Lonely'") as caught:
        read_directory(here.client())
    assert "another name" in (caught.value.remedy or "")


def _rename_in_between(town: Town) -> None:
    """The account gets another name between the reading of accounts and of contracts."""

    def before(_: httpx.Request) -> None:
        if town.here.wire.count(calls.CONTRACTS) == 1:
            town.here.sandbox.ui.rename_account(town.brass_account, "Brass & Sons")

    town.here.wire.before = before


def test_a_contract_of_an_account_not_listed_is_left_out_and_kept_aside(town: Town) -> None:
    _rename_in_between(town)
    client = town.here.client()
    directory = read_directory(client)
    assert [contract.id for contract in directory.contracts] == [town.cobalt]
    assert [contract.id for contract in directory.foreign] == [town.brass]
    seen = read_rows(client, directory, services=[town.services[2]])
    assert [contract.id for contract in seen.contracts] == [town.cobalt]


def test_a_row_brings_home_the_contract_of_an_account_renamed_meanwhile(town: Town) -> None:
    _rename_in_between(town)
    seen = read_actual(town.here.client(), services=town.services)
    owners = {contract.id: contract.account_id for contract in seen.contracts}
    assert owners[town.brass] == town.brass_account
    assert town.brass in {row.contract_id for row in seen.rows}


def test_rows_of_an_account_that_bms_does_not_list_are_left_out(town: Town) -> None:
    client = town.here.client()
    directory = read_directory(client)
    others = tuple(a for a in directory.accounts if a.id != town.brass_account)
    seen = read_rows(client, replace(directory, accounts=others), services=town.services)
    assert {contract.id for contract in seen.contracts} == {town.cobalt}
    assert {row.contract_id for row in seen.rows} == {town.cobalt}


def test_a_rows_own_account_wins_over_the_name(town: Town) -> None:
    client = town.here.client()
    directory = read_directory(client)
    right = [contract.account_id for contract in directory.contracts]
    wrong = tuple(replace(contract, account_id=right[1]) for contract in directory.contracts)
    seen = read_rows(client, replace(directory, contracts=wrong), services=town.services)
    assert [contract.account_id for contract in seen.contracts] == right


def test_contracts_of_other_types_are_kept(town: Town) -> None:
    account = town.here.sandbox.add_account("Copper")
    span = (date(2025, 1, 1), date(2027, 12, 31))
    town.here.sandbox.add_contract(account, "Hours", *span, type="Time and Material")
    seen = read_actual(town.here.client(), services=[])
    assert "Time and Material" in {contract.type for contract in seen.contracts}


def test_the_totals_are_bms_own(town: Town) -> None:
    seen = read_actual(town.here.client(), services=[])
    tables = town.here.sandbox.tables()
    assert {c.id: c.total for c in seen.contracts} == {
        contract: tables.total(contract) for contract in (town.brass, town.cobalt)
    }
    assert tables.total(town.brass) == Decimal("135.00")


@pytest.mark.parametrize(
    "path", ["accounts", "contracts", "services/search", "invoices/summary", "relatedservices"]
)
def test_a_part_that_cannot_be_read_fails_the_whole(town: Town, path: str) -> None:
    town.here.sandbox.faults.arm("http-500-before", path=path, times=99)
    with pytest.raises(BmsError):
        read_actual(town.here.client(), services=None)


def test_the_same_bms_gives_the_same_observation(town: Town) -> None:
    client = town.here.client()
    assert read_actual(client, services=None) == read_actual(client, services=None)
