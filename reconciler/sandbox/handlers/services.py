"""The catalogue of services."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from reconciler.sandbox.call import Answer, Call, Route
from reconciler.sandbox.errors import Refused
from reconciler.sandbox.pages import name_fits, ordered, page

if TYPE_CHECKING:
    import sqlite3

    from reconciler.sandbox.fields import Fields
    from reconciler.sandbox.wire import Json

_SHARED = dict.fromkeys(
    (
        "SubCategoryId",
        "SubCategory",
        "UnitOfMeasureId",
        "UnitOfMeasure",
        "IncomeAccountCode",
        "IncomeAccountName",
        "ExpenseAccountCode",
        "ExpenseAccountName",
    )
)
_ACCOUNT_IDS = dict.fromkeys(("IncomeAccountId", "ExpenseAccountId"))
_COLUMNS = {"id": lambda row: f"{row['id']:012}", "name": lambda row: row["name"]}


def find(call: Call) -> sqlite3.Row:
    """The service named in the path; refuses an unknown one."""
    service_id = call.id("serviceId")
    found = call.store.row("SELECT * FROM services WHERE id = ?", service_id)
    if found is None:
        raise Refused(f"No service {service_id}", code=404)
    return found


def lookup(call: Call) -> Answer:
    """Ids, names and descriptions of active services."""
    number, name = call.query.integer("Filter.Id"), call.query.text("Filter.Name")
    rows = [
        row
        for row in call.store.rows("SELECT * FROM services WHERE active ORDER BY id")
        if number in (None, row["id"]) and name_fits(call.behaviour, name, row["name"])
    ]
    shown = page(call, call.query, ordered(call.query, rows, _COLUMNS))
    result = [
        {"Id": row["id"], "Name": row["name"], "Description": row["description"]} for row in shown
    ]
    return Answer(result, total=len(rows))


def detail(call: Call) -> Answer:
    """One service with its catalogue price and cost."""
    return Answer(_service(call, find(call)) | _ACCOUNT_IDS)


def search(call: Call) -> Answer:
    """Services by filter, inactive ones too unless told."""
    body = call.body()
    wanted = body.inner("Filter")
    categories = _categories(call)
    rows = [
        row
        for row in call.store.rows("SELECT * FROM services ORDER BY id")
        if _fits(call, wanted, row, categories)
    ]
    shown = page(call, body, ordered(body, rows, _COLUMNS))
    return Answer([_service(call, row) for row in shown], total=len(rows))


def _fits(call: Call, wanted: Fields, row: sqlite3.Row, categories: dict[str, int]) -> bool:
    chosen = wanted.integers("CategoryIds")
    unsorted = wanted.integers("SubCategoryIds") or wanted.integers("UnitOfMeasureIds")
    accounts = wanted.text("IncomeAccount") or wanted.text("ExpenseAccount")
    return (
        name_fits(call.behaviour, wanted.text("Name"), row["name"])
        and name_fits(call.behaviour, wanted.text("Description"), row["description"])
        and (not chosen or categories[row["category"]] in chosen)
        and wanted.integer("IsActive") in (None, row["active"])
        and wanted.integer("IsTaxable") in (None, 0)
        and not unsorted
        and not accounts
    )


def _categories(call: Call) -> dict[str, int]:
    rows = call.store.rows("SELECT DISTINCT category FROM services ORDER BY category")
    return {row["category"]: number for number, row in enumerate(rows, start=1)}


def _service(call: Call, row: sqlite3.Row) -> dict[str, Json]:
    price, cost = Decimal(row["price"]), Decimal(row["cost"])
    share = (price - cost) / price * 100 if price else Decimal(0)
    return _SHARED | {
        "Id": row["id"],
        "Name": row["name"],
        "Description": row["description"],
        "UnitCost": cost,
        "UnitPrice": price,
        "CategoryId": _categories(call)[row["category"]],
        "Category": row["category"],
        "Margin": share.quantize(Decimal("0.01")),
        "MarginType": 1,
        "IsActive": bool(row["active"]),
        "IsTaxable": False,
        "CreatedOn": call.dates.moment(row["created"]),
        "CreatedBy": 1,
        "ModifiedOn": call.dates.moment(row["modified"]),
        "ModifiedBy": 1,
    }


def category_lookup(call: Call) -> Answer:
    """The categories services are sorted into."""
    return Answer([{"Id": number, "Name": name} for name, number in _categories(call).items()])


ROUTES = (
    Route("GET", "/v2/admin/finance/services/lookup", lookup),
    Route("GET", "/v2/admin/finance/services/<int:serviceId>", detail),
    Route("POST", "/v2/admin/finance/services/search", search),
    Route("GET", "/v2/admin/finance/servicecategory/lookup", category_lookup),
)
