"""The rows of one service over all contracts: id, price and date, and never the units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox import lines
from reconciler.sandbox.call import Answer, Call, Route
from reconciler.sandbox.handlers.posting import margin
from reconciler.sandbox.handlers.services import find
from reconciler.sandbox.pages import name_fits, ordered, page

if TYPE_CHECKING:
    import sqlite3

    from reconciler.sandbox.fields import Fields
    from reconciler.sandbox.wire import Json

_SQL = (
    "SELECT lines.*, contracts.name AS contract_name, contracts.account_id, contracts.starts,"
    " contracts.ends, accounts.name AS account_name FROM lines"
    " JOIN contracts ON contracts.id = lines.contract_id"
    " JOIN accounts ON accounts.id = contracts.account_id"
    " WHERE lines.service_id = ? ORDER BY lines.id"
)
_COLUMNS = {
    "id": lambda row: f"{row['id']:012}",
    "contractname": lambda row: row["contract_name"],
    "accountname": lambda row: row["account_name"],
    "effectivedate": lambda row: row["day"],
}


def search(call: Call) -> Answer:
    """A service's rows by filter."""
    service = find(call)
    body = call.body()
    wanted = body.inner("Filter")
    rows = [row for row in call.store.rows(_SQL, service["id"]) if _fits(call, wanted, row)]
    shown = page(call, body, ordered(body, rows, _COLUMNS))
    return Answer([_related(call, row) for row in shown], total=len(rows))


def _fits(call: Call, wanted: Fields, row: sqlite3.Row) -> bool:
    texts = {
        "ServiceName": "name",
        "ServiceDescription": "description",
        "ContractName": "contract_name",
        "AccountName": "account_name",
    }
    days = {"EffectiveDate": "day", "ContractStartDate": "starts", "ContractEndDate": "ends"}
    line = lines.of_row(row)
    return (
        all(
            name_fits(call.behaviour, wanted.text(name), row[column])
            for name, column in texts.items()
        )
        and all(_within(wanted, name, row[column]) for name, column in days.items())
        and wanted.number("UnitPrice") in (None, line.price)
        and wanted.number("UnitCost") in (None, line.cost)
    )


def _within(wanted: Fields, name: str, day: str) -> bool:
    since, until = wanted.day(f"{name}From"), wanted.day(f"{name}To")
    return (since is None or day >= since.isoformat()) and (
        until is None or day <= until.isoformat()
    )


def _related(call: Call, row: sqlite3.Row) -> dict[str, Json]:
    line = lines.of_row(row)
    return {
        "Id": line.id,
        "ServiceId": line.service_id,
        "ContractId": line.contract_id,
        "AccountId": row["account_id"],
        "ServiceName": line.name,
        "ServiceDescription": line.description,
        "ContractName": row["contract_name"],
        "AccountName": row["account_name"],
        "EffectiveDate": call.dates.day(row["day"]),
        "ContractStartDate": call.dates.day(row["starts"]),
        "ContractEndDate": call.dates.day(row["ends"]),
        "UnitCost": line.cost,
        "UnitPrice": line.price,
        "MarginType": 1,
        "Margin": margin(line),
        "ExcludeFromContractBulkUpdates": line.no_bulk,
    }


ROUTES = (
    Route("POST", "/v2/admin/finance/services/<int:serviceId>/relatedservices/search", search),
)
