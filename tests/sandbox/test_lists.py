"""Lists: pages, filters and the two spellings of answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox.conftest import Bms, build

Make = Callable[..., Bms]
ACCOUNTS = "/v2/crm/accounts/summary"
CONTRACTS = "/v2/finance/contracts/summary"
SERVICES = "/v2/admin/finance/services"


def names(answer: dict[str, list[dict[str, str]]], key: str) -> list[str]:
    return [each[key] for each in answer["result"]]


@settings(max_examples=25)
@given(st.integers(1, 12), st.integers(1, 8), st.sampled_from([0, 1]))
def test_the_pages_together_are_the_list(count: int, size: int, base: int) -> None:
    bms = build(page_base=base, page_cap=5)
    for number in range(1, count):
        bms.sandbox.add_account(f"Account {number}")
    found: list[int] = []
    page = base
    while True:
        answer = bms.get(ACCOUNTS, PageSize=size, PageNumber=page)
        assert answer["totalrecords"] == count
        assert len(answer["result"]) <= min(size, 5)
        if not answer["result"]:
            break
        found += [each["id"] for each in answer["result"]]
        page += 1
    assert found == list(range(1001, 1001 + count))


def test_the_first_page_comes_when_none_is_named(make_bms: Make) -> None:
    for base in (0, 1):
        bms = make_bms(page_base=base)
        assert len(bms.get(ACCOUNTS)["result"]) == 1


def test_a_client_that_counts_pages_otherwise_misses_or_repeats_some(make_bms: Make) -> None:
    assert make_bms(page_base=0).get(ACCOUNTS, PageNumber=1)["result"] == []
    assert len(make_bms(page_base=1).get(ACCOUNTS, PageNumber=0)["result"]) == 1


@pytest.mark.parametrize(("choice", "found"), [("contains", 2), ("exact", 1)])
def test_names_are_filtered_one_way_or_the_other(make_bms: Make, choice: str, found: int) -> None:
    bms = make_bms(name_filter=choice)
    bms.sandbox.add_account("Brass Building Supplies West")
    bms.sandbox.add_account("Teal Tech Inc.")
    wanted = "brass building supplies"
    assert bms.get(ACCOUNTS, Filter__AccountName=wanted)["totalrecords"] == found
    assert len(bms.get("/v2/crm/accounts/lookup", Filter__Name=wanted)["result"]) == found


def test_inactive_accounts_are_looked_up_only_when_asked_for(bms: Bms) -> None:
    bms.sandbox.ui.deactivate_account(bms.account)
    assert bms.get("/v2/crm/accounts/lookup")["result"] == []
    asked = bms.get("/v2/crm/accounts/lookup", Filter__WithInactiveAccounts="true")
    assert asked["result"][0]["isactive"] is False
    assert bms.get(ACCOUNTS, Filter__IsActive="true")["totalrecords"] == 0
    assert bms.get(ACCOUNTS, Filter__IsActive="false")["totalrecords"] == 1


def test_one_account_has_no_envelope_and_an_unknown_one_is_not_found(bms: Bms) -> None:
    found = bms.client.get(f"{ACCOUNTS}/{bms.account}")
    assert found.json()["accountName"] == "Brass Building Supplies"
    assert found.json()["currencyName"] == "USD"
    assert bms.client.get(f"{ACCOUNTS}/7").status_code == 404


def test_contracts_by_status_type_cycle_and_account(bms: Bms) -> None:
    sandbox, start = bms.sandbox, date(2025, 1, 1)
    other = sandbox.add_account("Teal Tech Inc.")
    sandbox.add_contract(other, "Old", start, date(2026, 11, 22))
    sandbox.add_contract(other, "Off", start, date(2027, 1, 1), active=False, cycle="Yearly")
    sandbox.add_contract(other, "Hours", start, date(2027, 1, 1), type="Prepaid Hours")
    expectations = {
        "Filter__Status": ("Expired", ["Old"]),
        "Filter__ContractType": ("prepaid hours", ["Hours"]),
        "Filter__BillingCycle": ("Yearly", ["Off"]),
        "Filter__ContractName": ("managed", ["Managed Services"]),
        "Filter__AccountName": ("teal", ["Old", "Off", "Hours"]),
    }
    for name, (value, found) in expectations.items():
        assert names(bms.get(CONTRACTS, **{name: value}), "contractname") == found
    inactive = bms.get(CONTRACTS, Filter__Status="Inactive")["result"]
    assert [each["contractname"] for each in inactive] == ["Off"]


def test_a_contract_is_active_through_its_last_day(bms: Bms) -> None:
    bms.sandbox.ui.end_contract(bms.contract, date(2026, 11, 23))
    assert bms.get(CONTRACTS)["result"][0]["status"] == "Active"
    bms.sandbox.set_clock(date(2026, 11, 24))
    bms.log_in()
    assert bms.get(CONTRACTS)["result"][0]["status"] == "Expired"


def test_contracts_are_looked_up_by_account(bms: Bms) -> None:
    other = bms.sandbox.add_account("Teal Tech Inc.")
    old = bms.sandbox.add_contract(other, "Old", date(2025, 1, 1), date(2026, 1, 1))
    path = "/v2/finance/contracts/lookup"
    assert names(bms.get(path, AccountId=other), "name") == ["Old"]
    assert bms.get(path, AccountId=other, ExcludeExpiredContracts="true")["result"] == []
    assert names(bms.get(path, Ids=old), "name") == ["Old"]
    assert names(bms.get(path, Name="managed"), "name") == ["Managed Services"]


def test_a_summary_has_neither_account_ids_nor_units(bms: Bms) -> None:
    (found,) = bms.get(CONTRACTS)["result"]
    assert set(found) == {
        *("id", "contractname", "accountname", "contracttype", "contractbillingprice"),
        *("status", "contractnumber", "billingcycle", "startdate", "enddate"),
    }


def test_services_are_found_by_name_and_state(bms: Bms) -> None:
    bms.sandbox.add_service("Managed Server", "95.00", category="Servers")
    bms.sandbox.add_service("Old Backup", "9.00", active=False)
    assert names(bms.get(f"{SERVICES}/lookup"), "name") == ["Managed Workstation", "Managed Server"]
    found = bms.send(f"{SERVICES}/search", {"Filter": {"IsActive": 0}})
    assert names(found, "name") == ["Old Backup"]
    found = bms.send(f"{SERVICES}/search", {"Filter": {"Name": "server"}})
    assert names(found, "category") == ["Servers"]
    number = found["result"][0]["categoryid"]
    by_category = bms.send(f"{SERVICES}/search", {"Filter": {"CategoryIds": [number]}})
    assert names(by_category, "name") == ["Managed Server"]
    detail = bms.get(f"{SERVICES}/{bms.service}")["result"]
    assert (detail["unitprice"], detail["unitcost"]) == (22, 4.1)


def test_rows_are_filtered_by_date_price_and_account(bms: Bms) -> None:
    bms.post(1, "2026-11-01", UnitPrice=25)
    path = f"{SERVICES}/{bms.service}/relatedservices/search"
    expectations: list[tuple[dict[str, object], int]] = [
        ({}, 2),
        ({"EffectiveDateFrom": "2026-01-01T00:00:00"}, 1),
        ({"EffectiveDateTo": "2026-01-01T00:00:00"}, 1),
        ({"UnitPrice": 25}, 1),
        ({"UnitPrice": 25.0, "AccountName": "brass"}, 1),
        ({"AccountName": "teal"}, 0),
        ({"ContractEndDateTo": "2027-01-01T00:00:00"}, 0),
    ]
    for wanted, count in expectations:
        assert bms.send(path, {"Filter": wanted})["totalrecords"] == count, wanted


def test_a_list_can_be_sorted(bms: Bms) -> None:
    bms.sandbox.add_account("Amber Accounting Group")
    ascending = names(bms.get(ACCOUNTS, Sort="AccountName"), "accountname")
    descending = names(bms.get(ACCOUNTS, Sort="AccountName desc"), "accountname")
    assert ascending == ["Amber Accounting Group", "Brass Building Supplies"]
    assert descending == ascending[::-1]
    assert bms.get(ACCOUNTS, Sort="Nothing")["totalrecords"] == 2


def test_answers_come_in_one_of_two_spellings(make_bms: Make) -> None:
    live = make_bms(field_names="camel").client.get(CONTRACTS).json()
    documented = make_bms(field_names="pascal").client.get(CONTRACTS).json()
    assert list(live) == ["success", "error", "result", "totalRecords"]
    assert list(documented) == ["Success", "Result", "TotalRecords"]
    assert live["result"][0]["contractBillingPrice"] == 220
    assert documented["Result"][0]["ContractBillingPrice"] == 220


def test_a_filter_of_the_wrong_type_is_refused(bms: Bms) -> None:
    for query in ({"Filter__IsActive": "perhaps"}, {"PageSize": "many"}):
        answer = bms.get(ACCOUNTS, **query)
        assert answer["success"] is False
        assert "must be" in answer["error"]["message"]


def test_the_vocabularies_can_be_looked_up(bms: Bms) -> None:
    cycles = bms.get("/v2/system/lookup/BillingCycles")
    assert names(cycles, "name") == ["Weekly", "Monthly", "Quarterly", "Yearly"]
    assert bms.get("/v2/system/lookup/planets")["success"] is False
