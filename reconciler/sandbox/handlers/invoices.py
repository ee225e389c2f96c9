"""Invoices: the one place where quantities can be read, once they were billed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from reconciler.sandbox.call import Answer, Call, Route
from reconciler.sandbox.errors import Refused
from reconciler.sandbox.pages import name_fits, ordered, page

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from reconciler.sandbox.wire import Json

_STATUSES = ("Unpaid", "Paid", "Void")
_JOINED = (
    "SELECT invoices.*, accounts.name AS account_name FROM invoices"
    " JOIN accounts ON accounts.id = invoices.account_id"
)
_NOTHING = dict.fromkeys(
    (
        *("Notes", "AccountLocationId", "AccountLocationName", "ProjectId", "ProjectName"),
        *("PONumber", "SalesTaxItemId", "SalesTaxItemName", "SalesRepId", "SalesRepName"),
        *("ClassId", "ClassName", "SentOn", "ContactFirstName", "ContactLastName", "Address1"),
        *("Address2", "State", "City", "CountryName", "ZipCode", "EmailAddress", "PhoneNumber"),
        *("Extension", "MobileNumber", "FaxNumber", "SentByUserName", "ModifiedById"),
        *("ModifiedByUserName", "PostedToAccountingOn", "AccountingAppReference"),
    )
)
_NO_CLASS = dict.fromkeys(("GLAccountId", "GLAccountCode", "GLAccountName", "ClassId", "ClassName"))
_COLUMNS = {
    "id": lambda row: f"{row['id']:012}",
    "invoicenumber": lambda row: row["number"],
    "invoicedate": lambda row: row["dated"],
}


def summaries(call: Call) -> Answer:
    """Invoices without their lines; the document has no TotalRecords here."""
    rows = [row for row in call.store.rows(f"{_JOINED} ORDER BY invoices.id") if _fits(call, row)]
    shown = page(call, call.query, ordered(call.query, rows, _COLUMNS))
    return Answer([_summary(call, row) for row in shown])


def _fits(call: Call, row: sqlite3.Row) -> bool:
    query = call.query
    since, until = query.day("Filter.CreatedFrom"), query.day("Filter.CreatedTo")
    created = call.dates.read(call.dates.moment(row["created"]))
    return (
        query.integer("Filter.Id") in (None, row["id"])
        and query.integer("Filter.AccountId") in (None, row["account_id"])
        and query.integer("Filter.StatusId") in (None, _status_id(row))
        and query.flag("Filter.PostedToAccounting") in (None, bool(row["posted"]))
        and name_fits(call.behaviour, query.text("Filter.InvoiceNumber"), row["number"])
        and name_fits(call.behaviour, query.text("Filter.AccountName"), row["account_name"])
        and (since is None or created >= since)
        and (until is None or created <= until)
    )


def invoice(call: Call) -> Answer:
    """One invoice with its lines."""
    found = call.store.row(f"{_JOINED} WHERE invoices.id = ?", call.id("id"))
    if found is None:
        raise Refused(f"No invoice {call.id('id')}", code=404)
    items = [_item(call, found, row) for row in _lines(call, [found])]
    return Answer(_summary(call, found) | {"LineItems": items, "DiscountItems": []})


def details(call: Call) -> Answer:
    """The lines of many invoices."""
    body = call.body()
    wanted = body.inner("Filter")
    ids, states = _numbers(wanted.text("ListInvoiceIds")), _numbers(wanted.text("ListStatusId"))
    since, until = wanted.day("InvoiceDateFrom"), wanted.day("InvoiceDateTo")
    chosen = {
        row["id"]: row
        for row in call.store.rows(f"{_JOINED} ORDER BY invoices.id")
        if (ids is None or row["id"] in ids)
        and (states is None or _status_id(row) in states)
        and (since is None or row["dated"] >= since.isoformat())
        and (until is None or row["dated"] <= until.isoformat())
        and wanted.flag("PostedToAccounting") in (None, bool(row["posted"]))
    }
    shown = page(call, body, _lines(call, chosen.values()))
    return Answer([_item(call, chosen[row["invoice_id"]], row) for row in shown])


def _numbers(text: str | None) -> set[int] | None:
    if text is None:
        return None
    try:
        return {int(part) for part in text.split(",") if part.strip()}
    except ValueError:
        raise Refused(f"Not a list of numbers: {text}") from None


def _lines(call: Call, invoices: Iterable[sqlite3.Row]) -> list[sqlite3.Row]:
    sql = (
        "SELECT invoice_lines.*, contracts.name AS contract FROM invoice_lines"
        " JOIN contracts ON contracts.id = invoice_lines.contract_id"
        " WHERE invoice_id = ? ORDER BY invoice_lines.id"
    )
    return [row for one in invoices for row in call.store.rows(sql, one["id"])]


def _status_id(row: sqlite3.Row) -> int:
    return _STATUSES.index(row["status"]) + 1


def _summary(call: Call, row: sqlite3.Row) -> dict[str, Json]:
    total = sum(
        (Decimal(line["quantity"]) * Decimal(line["price"]) for line in _lines(call, [row])),
        Decimal(0),
    )
    return _NOTHING | {
        "Id": row["id"],
        "InvoiceNumber": row["number"],
        "StatusId": _status_id(row),
        "StatusName": row["status"],
        "AccountId": row["account_id"],
        "AccountName": row["account_name"],
        "Discount": 0,
        "SalesTaxRate": 0,
        "TotalPrice": total,
        "TotalTax": 0,
        "GrandTotal": total,
        "PaymentDue": total,
        "PaidAmount": 0,
        "InvoiceDate": call.dates.day(row["dated"]),
        "DueDate": call.dates.day(row["due"]),
        "InvoiceFrom": call.dates.day(row["starts"]),
        "InvoiceTo": call.dates.day(row["ends"]),
        "CreatedById": 1,
        "CreatedByUserName": "api",
        "ModifiedOn": None,
        "CreatedOn": call.dates.moment(row["created"]),
        "PostedToAccounting": bool(row["posted"]),
        "GeneratedOn": call.dates.moment(row["created"]),
    }


def _item(call: Call, invoice: sqlite3.Row, row: sqlite3.Row) -> dict[str, Json]:
    quantity, price = Decimal(row["quantity"]), Decimal(row["price"])
    return _NO_CLASS | {
        "Id": row["id"],
        "InvoiceId": row["invoice_id"],
        "InvoiceNumber": invoice["number"],
        "Name": row["name"],
        "Description": row["description"],
        "TypeId": 1,
        "TypeName": "Recurring Service",
        "Qty": quantity,
        "UnitPrice": price,
        "TotalPrice": quantity * price,
        "ValueDate": call.dates.day(row["day"]),
        "ContractId": row["contract_id"],
        "ContractName": row["contract"],
        "IsTaxable": False,
    }


ROUTES = (
    Route("GET", "/v2/finance/invoices/summary", summaries),
    Route("GET", "/v2/finance/invoices/<int:id>", invoice),
    Route("POST", "/v2/finance/invoices/details", details),
)
