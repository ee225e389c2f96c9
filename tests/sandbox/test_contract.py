"""Answers in the document's spelling satisfy the vendor's document to the letter."""

from __future__ import annotations

from datetime import date

import httpx
import pytest

from reconciler.sandbox import Behaviour, Sandbox
from reconciler.sandbox.handlers import ROUTES
from reconciler.sandbox.transport import SandboxTransport
from tests.sandbox.conftest import TODAY
from tests.vendor_contract import (
    ContractCheckingTransport,
    available,
    vendor_document,
)

pytestmark = pytest.mark.skipif(
    not available(), reason="the vendor's document is not beside this project"
)


START = date(2026, 11, 1)


def walk(sandbox: Sandbox, transport: ContractCheckingTransport) -> None:
    """Call every operation of the sandbox once, with filters, and be refused once by each."""
    client = httpx.Client(transport=transport, base_url=sandbox.client_settings.url)
    settings = sandbox.client_settings
    form = {
        "GrantType": (None, "password"),
        "UserName": (None, settings.username),
        "Password": (None, settings.password),
        "Tenant": (None, settings.company),
    }
    tokens = client.post("/v2/security/authenticate", files=form).json()["Result"]
    renewed = client.post(
        "/v2/security/refreshtoken",
        files={name: (None, tokens[name]) for name in ("AccessToken", "RefreshToken")},
    ).json()["Result"]
    client.headers["Authorization"] = f"Bearer {renewed['AccessToken']}"
    client.get("/v2/security/userinfo")
    _accounts_and_services(client)
    _contracts(client)
    _mappings(client)
    _invoices(client)


def _accounts_and_services(client: httpx.Client) -> None:
    client.get("/v2/crm/accounts/lookup", params={"Filter.Ids": [1001, 1002], "PageSize": 5})
    client.get("/v2/crm/accounts/summary", params={"Filter.IsActive": True, "PageNumber": 1})
    client.get("/v2/crm/accounts/summary/1001")
    client.get("/v2/crm/accounts/summary/1")
    client.get("/v2/admin/finance/services/lookup", params={"Filter.Name": "Managed"})
    client.get("/v2/admin/finance/services/1201")
    client.get("/v2/admin/finance/services/1")
    client.get("/v2/admin/finance/servicecategory/lookup")
    client.post("/v2/admin/finance/services/search", json={"Filter": {"IsActive": 1}})
    path = "/v2/admin/finance/services/1201"
    client.post(f"{path}/relatedservices/search", json={"PageSize": 10, "PageNumber": 1})
    client.post(
        f"{path}/relatedservices/bulkupdate",
        json={
            "SelectedClientContractServices": [
                {"ClientContractId": 5001, "ClientContractServiceId": 90001}
            ],
            "Values": {"UnitPrice": 23.5},
        },
    )
    client.post(f"{path}/relatedservices/bulkupdate", json={"Values": {"UnitPrice": 23.5}})
    client.get(f"{path}/backgroundjob")
    client.get("/v2/system/lookup/billingcycles")
    client.get("/v2/system/lookup/nothing")


def _contracts(client: httpx.Client) -> None:
    client.get("/v2/finance/contracts/summary", params={"Filter.Status": "Active"})
    client.get("/v2/finance/contracts/lookup", params={"AccountId": 1001, "Ids": [5001]})
    line = {
        "ServiceId": 1201,
        "ServiceName": "Managed Workstation",
        "Units": 2,
        "UnitPrice": 22.5,
        "UnitCost": 4.1,
        "EffectiveDate": "2026-11-20T00:00:00",
        "SortOrder": 3,
    }
    path = "/v2/finance/contracts/recurringservices"
    client.post(f"{path}/5001/services", json=[line])
    client.post(f"{path}/5001/services", json=[line | {"ServiceId": 1}])
    header = {
        "ContractName": "Project desk",
        "AccountId": 1001,
        "BillingCycleId": 2,
        "StartDate": "2026-11-01T00:00:00",
        "EndDate": "2027-10-31T00:00:00",
    }
    made = client.post(path, json=header | {"Services": [line], "IsNotificationEnabled": False})
    number = made.json()["Result"]["Id"]
    client.put(f"{path}/{number}", json=header | {"BillingCycleId": 3})
    client.put(f"/v2/finance/contracts/{number}/activate")
    client.put(f"/v2/finance/contracts/{number}/deactivate")
    client.put("/v2/finance/contracts/1/deactivate")


def _mappings(client: httpx.Client) -> None:
    client.get("/v2/admin/k1/status")
    client.get("/v2/admin/k1/modules")
    path = "/v2/admin/k1/organizationmappings"
    client.get(path, params={"SourceProductId": 1, "PageSize": 5, "PageNumber": 1})
    client.post(
        path,
        json={"AccountId": 1001, "SourceProductId": 1, "SourceOrganizations": [{"Id": "o-1"}]},
    )
    client.post(f"{path}/search", json={"PageSize": 2, "Filter": {"SourceProductIds": [1]}})


def _invoices(client: httpx.Client) -> None:
    client.get("/v2/finance/invoices/summary", params={"Filter.AccountId": 1001})
    client.get("/v2/finance/invoices/7001")
    client.get("/v2/finance/invoices/1")
    client.post(
        "/v2/finance/invoices/details",
        json={"PageSize": 10, "PageNumber": 1, "Filter": {"ListInvoiceIds": "7001"}},
    )


def stocked(**choices: str) -> Sandbox:
    """A sandbox in the document's spelling with something behind every operation."""
    behaviour = Behaviour(field_names="pascal").changed(choices)
    sandbox = Sandbox.create(":memory:", behaviour=behaviour, now=TODAY)
    account = sandbox.add_account("Brass Building Supplies")
    service = sandbox.add_service("Managed Workstation", "22.00", cost="4.10")
    contract = sandbox.add_contract(account, "Managed Services", START, date(2027, 12, 31))
    sandbox.ui.end_contract(contract, date(2027, 6, 30))
    sandbox.add_contract(account, "Old", date(2024, 1, 1), date(2024, 12, 31), type="Fixed Price")
    sandbox.add_line(contract, service, 10, START)
    sandbox.add_module(1, "Compliance Manager")
    sandbox.add_organization(1, "o-1", "Brass Building Supplies LLC")
    sandbox.add_organization(1, "o-2", "Brass Warehouse", parent_id="o-1")
    sandbox.add_mapping(account, 1, "o-1")
    sandbox.add_invoice(contract, START, date(2026, 11, 30))
    return sandbox


@pytest.mark.parametrize("date_zone", ["local", "utc"])
def test_every_answer_satisfies_the_vendor_document(date_zone: str) -> None:
    sandbox = stocked(date_zone=date_zone)
    transport = ContractCheckingTransport(SandboxTransport(sandbox.app))
    walk(sandbox, transport)
    assert transport.violations == []
    documented = {
        (operation.method, operation.template)
        for route in ROUTES
        if (operation := vendor_document().operation(route.method, _example(route.path)))
    }
    assert transport.succeeded == documented
    assert len(documented) == len(ROUTES)


def _example(path: str) -> str:
    """A route's path with something in the place of each parameter."""
    return "/".join("1" if part.startswith("<") else part for part in path.split("/"))


def test_camel_case_answers_do_not_satisfy_the_document() -> None:
    sandbox = stocked(field_names="camel")
    transport = ContractCheckingTransport(SandboxTransport(sandbox.app))
    client = httpx.Client(transport=transport, base_url=sandbox.client_settings.url)
    client.post("/v2/security/authenticate", files={"GrantType": (None, "password")})
    assert any("answer" in each for each in transport.violations)


def test_the_judge_sees_what_a_client_does_wrong() -> None:
    sandbox = stocked()
    transport = ContractCheckingTransport(SandboxTransport(sandbox.app))
    client = httpx.Client(transport=transport, base_url=sandbox.client_settings.url)
    client.get("/v2/finance/contracts", params={"$top": 5})
    client.get("/v2/finance/contracts/lookup", params={"accountid": 5})
    path = "/v2/finance/contracts/recurringservices/5001/services"
    client.post(path, json=[{"ServiceId": 1201, "Units": 2.5}])
    client.post(path, json=[{"ServiceId": 1201, "Quantity": 2}])
    client.post(path, content="[]", headers={"Content-Type": "text/plain"})
    client.get("/v2/admin/k1/organizationmappings")
    found = "\n".join(transport.violations)
    assert len(transport.violations) == 6
    assert "not in the vendor's document" in found
    assert "accountid is not documented" in found
    assert "2.5 is not of type 'integer'" in found
    assert "'Quantity' was unexpected" in found
    assert "'text/plain' is not documented" in found
    assert "SourceProductId is missing" in found
