"""Organizations of KaseyaOne and the accounts they stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.conftest import Bms

Make = Callable[..., Bms]
PATH = "/v2/admin/k1/organizationmappings"


@pytest.fixture
def mapped(make_bms: Make) -> Callable[[str], Bms]:
    """A product with three organizations, one below another, and one of them mapped."""

    def made(mapping_post: str) -> Bms:
        bms = make_bms(mapping_post=mapping_post)
        bms.sandbox.add_module(7, "Network Detective Pro")
        bms.sandbox.add_organization(7, "a", "Brass Building Supplies_Org")
        bms.sandbox.add_organization(7, "b", "Brass Warehouse_Org", parent_id="a")
        bms.sandbox.add_organization(7, "c", "Teal Tech Inc._Org")
        bms.sandbox.add_mapping(bms.account, 7, "a")
        return bms

    return made


def post(bms: Bms, organization: str, **change: Any) -> dict[str, Any]:
    body = {
        "AccountId": bms.account,
        "SourceProductId": 7,
        "SourceOrganizations": [{"Id": organization}],
    }
    return bms.send(PATH, body | change)


@pytest.mark.parametrize(("choice", "left"), [("replaces", ["c"]), ("adds", ["a", "c"])])
def test_posting_replaces_or_adds(
    mapped: Callable[[str], Bms], choice: str, left: list[str]
) -> None:
    bms = mapped(choice)
    answer = post(bms, "c")
    assert [each["id"] for each in answer["result"]["sourceorganizations"]] == left
    found = bms.send(f"{PATH}/search", {"Filter": {"SourceProductIds": [7]}})["result"][0]
    (mapping,) = found["organizationmappings"]
    assert [each["id"] for each in mapping["sourceorganizations"]] == left


def test_organizations_are_listed_mapped_or_not(mapped: Callable[[str], Bms]) -> None:
    bms = mapped("adds")
    answer = bms.get(PATH, SourceProductId=7)
    assert answer["totalrecords"] == 2
    first = answer["result"][0]
    assert (first["sourceproductid"], first["sourceorganizationid"]) == ("7", "a")
    assert [each["sourceorganizationid"] for each in first["suborganizations"]] == ["b"]
    named = bms.get(PATH, SourceProductId=7, SourceOrganizationName="teal")
    assert [each["sourceorganizationid"] for each in named["result"]] == ["c"]


@pytest.mark.parametrize(
    "change",
    [
        {"AccountId": 5},
        {"SourceProductId": 99},
        {"SourceOrganizations": [{"Id": "nobody"}]},
        {"SourceOrganizations": "a"},
    ],
)
def test_what_is_not_there_cannot_be_mapped(
    mapped: Callable[[str], Bms], change: dict[str, object]
) -> None:
    bms = mapped("replaces")
    assert post(bms, "c", **change)["success"] is False
    found = bms.send(f"{PATH}/search", {"Filter": {"SourceProductIds": [7]}})["result"][0]
    assert found["organizationmappings"][0]["sourceorganizations"][0]["id"] == "a"


def test_a_search_needs_products(mapped: Callable[[str], Bms]) -> None:
    bms = mapped("adds")
    assert bms.send(f"{PATH}/search", {"Filter": {}})["success"] is False
    assert bms.get(PATH)["success"] is False
    assert bms.get(PATH, SourceProductId=8)["success"] is False


def test_connected_means_there_are_products(bms: Bms) -> None:
    assert bms.get("/v2/admin/k1/status")["result"]["isconnected"] is False
    bms.sandbox.add_module(7, "Network Detective Pro")
    assert bms.get("/v2/admin/k1/status")["result"]["isconnected"] is True
    assert bms.get("/v2/admin/k1/modules")["result"][0]["name"] == "Network Detective Pro"
