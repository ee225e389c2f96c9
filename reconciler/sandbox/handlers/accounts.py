"""Customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.call import Answer, Call, Route
from reconciler.sandbox.errors import Refused
from reconciler.sandbox.pages import name_fits, ordered, page, same

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from reconciler.sandbox.wire import Json

_TYPE_ID, _TYPE = 1, "Customer"
_NOTHING = dict.fromkeys(
    (
        "CreatedBy",
        "ModifiedBy",
        "ParentId",
        "BusinessTypeId",
        "BusinessType",
        "ServiceTypeId",
        "ServiceType",
        "AccountManagerId",
        "AccountManagerUserName",
        "CreditLimit",
        "NetDays",
        "SalesTaxItemId",
        "SalesTaxItemName",
        "Website",
        "Description",
        "ClassId",
        "ClassName",
        "AcquiredDate",
    )
)
_CURRENCIES = ("USD", "CAD", "EUR", "GBP", "AUD", "NZD", "JPY")
_COLUMNS = {
    "id": lambda row: f"{row['id']:012}",
    "name": lambda row: row["name"],
    "accountname": lambda row: row["name"],
}


def lookup(call: Call) -> Answer:
    """Ids and names; inactive accounts only when asked for."""
    ids = call.query.integers("Filter.Ids")
    wanted = call.query.text("Filter.Name")
    inactive = call.query.flag("Filter.WithInactiveAccounts")
    rows = [
        row
        for row in call.store.rows("SELECT * FROM accounts ORDER BY id")
        if (ids is None or row["id"] in ids)
        and name_fits(call.behaviour, wanted, row["name"])
        and (inactive or row["active"])
    ]
    shown = page(call, call.query, ordered(call.query, rows, _COLUMNS))
    tenant = call.store.get("tenant")
    return Answer(
        [
            {
                "Id": row["id"],
                "Name": row["name"],
                "TenantName": tenant,
                "IsActive": bool(row["active"]),
            }
            for row in shown
        ]
    )


def summaries(call: Call) -> Answer:
    """Accounts with their currency."""
    rows = [
        row for row in call.store.rows("SELECT * FROM accounts ORDER BY id") if _fits(call, row)
    ]
    shown = page(call, call.query, ordered(call.query, rows, _COLUMNS))
    return Answer([_summary(call, row) for row in shown], total=len(rows))


def summary(call: Call) -> Answer:
    """One account; the document gives this answer no envelope, so an unknown one is a 404."""
    found = call.store.row("SELECT * FROM accounts WHERE id = ?", call.id("id"))
    if found is None:
        raise Refused(f"No account {call.id('id')}", code=404, status=404)
    return Answer(_summary(call, found), bare=True)


def _fits(call: Call, row: sqlite3.Row) -> bool:
    query = call.query
    active = query.flag("Filter.IsActive")
    type_id = query.integer("Filter.AccountTypeId")
    return (
        name_fits(call.behaviour, query.text("Filter.AccountName"), row["name"])
        and name_fits(call.behaviour, query.text("Filter.AccountCode"), row["code"])
        and same(query.text("Filter.AccountTypeName"), _TYPE)
        and type_id in (None, _TYPE_ID)
        and active in (None, bool(row["active"]))
        and _between(call, "Filter.CreatedOn", row["created"])
        and _between(call, "Filter.ModifiedOn", row["modified"])
    )


def _between(call: Call, name: str, moment: str) -> bool:
    since: date | None = call.query.day(f"{name}From")
    until: date | None = call.query.day(f"{name}To")
    day = call.dates.read(call.dates.moment(moment))
    return (since is None or day >= since) and (until is None or day <= until)


def _summary(call: Call, row: sqlite3.Row) -> dict[str, Json]:
    currency = row["currency"]
    number = _CURRENCIES.index(currency) + 1 if currency in _CURRENCIES else 99
    return _NOTHING | {
        "Id": row["id"],
        "CreatedOn": call.dates.moment(row["created"]),
        "ModifiedOn": call.dates.moment(row["modified"]),
        "AccountCode": row["code"],
        "AccountTypeId": _TYPE_ID,
        "AccountType": _TYPE,
        "AccountName": row["name"],
        "CurrencyId": number,
        "CurrencyName": currency,
        "IsActive": bool(row["active"]),
        "IsBilling": True,
        "TenantName": call.store.get("tenant"),
        "Locations": [],
    }


ROUTES = (
    Route("GET", "/v2/crm/accounts/lookup", lookup),
    Route("GET", "/v2/crm/accounts/summary", summaries),
    Route("GET", "/v2/crm/accounts/summary/<int:id>", summary),
)
