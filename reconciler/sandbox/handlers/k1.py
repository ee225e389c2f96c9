"""KaseyaOne: its products, their organizations, and which account each stands for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from reconciler.sandbox.call import Answer, Call, Route
from reconciler.sandbox.errors import Refused
from reconciler.sandbox.pages import name_fits, page

if TYPE_CHECKING:
    import sqlite3

    from reconciler.sandbox.fields import Fields
    from reconciler.sandbox.wire import Json


def status(call: Call) -> Answer:
    """Connected as soon as there is a product."""
    connected = call.store.row("SELECT id FROM modules") is not None
    return Answer({"IsConnected": connected, "OrganizationId": "1" if connected else None})


def modules(call: Call) -> Answer:
    """The products."""
    rows = call.store.rows("SELECT * FROM modules ORDER BY id")
    return Answer(
        [{"Id": row["id"], "Name": row["name"], "ActiveProductImageUrl": None} for row in rows]
    )


def organizations(call: Call) -> Answer:
    """A product's organizations, mapped or not, with those below them."""
    product = call.query.integer("SourceProductId")
    if product is None:
        raise Refused("SourceProductId is required")
    _require_module(call, product)
    name = call.query.text("SourceOrganizationName")
    found = call.store.rows("SELECT * FROM organizations WHERE module_id = ? ORDER BY id", product)
    below: dict[str, list[Json]] = defaultdict(list)
    for row in found:
        if row["parent_id"] is not None:
            below[row["parent_id"]].append(_named(row))
    tops = [
        row
        for row in found
        if row["parent_id"] is None and name_fits(call.behaviour, name, row["name"])
    ]
    result: list[Json] = [
        _named(row) | {"SourceProductId": str(product), "SubOrganizations": below[row["id"]]}
        for row in page(call, call.query, tops)
    ]
    return Answer(result, total=len(tops))


def _named(row: sqlite3.Row) -> dict[str, Json]:
    return {"SourceOrganizationId": row["id"], "SourceOrganizationName": row["name"]}


def map_organizations(call: Call) -> Answer:
    """Set an account's organizations of a product, or add to them."""
    body = call.body()
    account, product = body.integer("AccountId") or 0, body.integer("SourceProductId") or 0
    if call.store.row("SELECT id FROM accounts WHERE id = ?", account) is None:
        raise Refused(f"No account {account}", code=404)
    _require_module(call, product)
    if call.behaviour.mapping_post == "replaces":
        call.store.run(
            "DELETE FROM mappings WHERE account_id = ? AND module_id = ?", account, product
        )
    for entry in body.inners("SourceOrganizations"):
        _map(call, account, product, entry)
    mapped = _mapped(call, account, product)
    return Answer({"AccountId": account, "SourceProductId": product, "SourceOrganizations": mapped})


def _require_module(call: Call, product: int) -> None:
    if call.store.row("SELECT id FROM modules WHERE id = ?", product) is None:
        raise Refused(f"No product {product}", code=404)


def _map(call: Call, account: int, product: int, entry: Fields) -> None:
    organization = entry.text("Id")
    found = call.store.row(
        "SELECT name, parent_id FROM organizations WHERE module_id = ? AND id = ?",
        product,
        organization,
    )
    if found is None:
        raise Refused(f"No organization {organization} of product {product}", code=404)
    call.store.run(
        "INSERT OR REPLACE INTO mappings (account_id, module_id, organization_id, name, parent_id)"
        " VALUES (?,?,?,?,?)",
        account,
        product,
        organization,
        entry.text("Name") or found["name"],
        entry.text("ParentId") or found["parent_id"],
    )


def _mapped(call: Call, account: int, product: int) -> list[Json]:
    rows = call.store.rows(
        "SELECT * FROM mappings WHERE account_id = ? AND module_id = ? ORDER BY organization_id",
        account,
        product,
    )
    return [
        {"Id": row["organization_id"], "Name": row["name"], "ParentId": row["parent_id"]}
        for row in rows
    ]


def search(call: Call) -> Answer:
    """Accounts with the organizations that stand for them, for the products asked for."""
    body = call.body()
    wanted = body.inner("Filter")
    products = wanted.integers("SourceProductIds")
    if not products:
        raise Refused("SourceProductIds is required")
    active = wanted.integer("IsActive")
    rows = [
        row
        for row in call.store.rows("SELECT * FROM accounts ORDER BY id")
        if name_fits(call.behaviour, wanted.text("AccountName"), row["name"])
        and name_fits(call.behaviour, wanted.text("AccountCode"), row["code"])
        and active in (None, row["active"])
    ]
    shown: list[Json] = [_account(call, row, products) for row in page(call, body, rows)]
    return Answer(shown, total=len(rows))


def _account(call: Call, row: sqlite3.Row, products: list[int]) -> dict[str, Json]:
    mapped = [(product, _mapped(call, row["id"], product)) for product in products]
    return {
        "AccountId": row["id"],
        "AccountName": row["name"],
        "IsActive": bool(row["active"]),
        "OrganizationMappings": [
            {"SourceProductId": product, "SourceOrganizations": found}
            for product, found in mapped
            if found
        ],
    }


ROUTES = (
    Route("GET", "/v2/admin/k1/status", status),
    Route("GET", "/v2/admin/k1/modules", modules),
    Route("GET", "/v2/admin/k1/organizationmappings", organizations),
    Route("POST", "/v2/admin/k1/organizationmappings", map_organizations),
    Route("POST", "/v2/admin/k1/organizationmappings/search", search),
)
