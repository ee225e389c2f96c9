"""Contracts: their lists with the total price, and switching them on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox import lines
from reconciler.sandbox.call import Answer, Call, Route
from reconciler.sandbox.errors import Refused
from reconciler.sandbox.pages import name_fits, ordered, page, same

if TYPE_CHECKING:
    import sqlite3

    from reconciler.sandbox.wire import Json

RECURRING = "Recurring Services"
TYPES = ("Time and Materials", "Prepaid Hours", "Fixed Price", RECURRING, "Incident")
CYCLES = ("Weekly", "Monthly", "Quarterly", "Yearly")
STATUSES = ("Active", "Inactive", "Expired")
_JOINED = (
    "SELECT contracts.*, accounts.name AS account_name FROM contracts"
    " JOIN accounts ON accounts.id = contracts.account_id"
)
_COLUMNS = {
    "id": lambda row: f"{row['id']:012}",
    "contractname": lambda row: row["name"],
    "accountname": lambda row: row["account_name"],
}


def status(row: sqlite3.Row, call: Call) -> str:
    """Active, Inactive, or Expired once its last day is over, where that changes it."""
    over = row["ends"] < call.today.isoformat()
    if over and call.behaviour.ended_contract == "expired":
        return "Expired"
    return "Active" if row["active"] else "Inactive"


def find(call: Call, contract_id: int) -> sqlite3.Row:
    """The contract with an id, with its account's name; refuses an unknown one."""
    found = call.store.row(f"{_JOINED} WHERE contracts.id = ?", contract_id)
    if found is None:
        raise Refused(f"No contract {contract_id}", code=404)
    return found


def summaries(call: Call) -> Answer:
    """Contracts of every account, with names and totals and neither units nor account ids."""
    rows = [row for row in call.store.rows(f"{_JOINED} ORDER BY contracts.id") if _fits(call, row)]
    shown = page(call, call.query, ordered(call.query, rows, _COLUMNS))
    totals = lines.totals(call.store, call.behaviour, [row["id"] for row in shown], call.today)
    return Answer(
        [
            {
                "Id": row["id"],
                "ContractName": row["name"],
                "AccountName": row["account_name"],
                "ContractType": row["type"],
                "ContractBillingPrice": totals[row["id"]],
                "Status": status(row, call),
                "ContractNumber": row["number"],
                "BillingCycle": row["cycle"],
                "StartDate": call.dates.day(row["starts"]),
                "EndDate": call.dates.day(row["ends"]),
            }
            for row in shown
        ],
        total=len(rows),
    )


def _fits(call: Call, row: sqlite3.Row) -> bool:
    query = call.query
    return (
        same(query.text("Filter.ContractType"), row["type"])
        and same(query.text("Filter.BillingCycle"), row["cycle"])
        and same(query.text("Filter.Status"), status(row, call))
        and name_fits(call.behaviour, query.text("Filter.ContractName"), row["name"])
        and name_fits(call.behaviour, query.text("Filter.AccountName"), row["account_name"])
    )


def lookup(call: Call) -> Answer:
    """Ids and names, by account among others; never paged."""
    query = call.query
    ids, account = query.integers("Ids"), query.integer("AccountId")
    rows = call.store.rows(
        "SELECT * FROM contracts WHERE ? IS NULL OR account_id = ? ORDER BY id", account, account
    )
    return Answer(
        [
            {
                "Id": row["id"],
                "Name": row["name"],
                "IsDefault": bool(row["is_default"]),
                "SLAId": None,
                "SLAName": None,
                "IsActive": bool(row["active"]),
                "EndDate": call.dates.day(row["ends"]),
            }
            for row in rows
            if (ids is None or row["id"] in ids)
            and name_fits(call.behaviour, query.text("Name"), row["name"])
            and not (query.flag("ExcludeExpiredContracts") and status(row, call) == "Expired")
        ]
    )


def activate(call: Call) -> Answer:
    """Switch a contract on."""
    return _switch(call, active=True)


def deactivate(call: Call) -> Answer:
    """Switch a contract off; nothing more can be posted to it."""
    return _switch(call, active=False)


def _switch(call: Call, *, active: bool) -> Answer:
    found = find(call, call.id("contractId"))
    call.store.run(
        "UPDATE contracts SET active = ?, modified = ? WHERE id = ?",
        int(active),
        call.now,
        found["id"],
    )
    name = "Active" if active else "Inactive"
    result: dict[str, Json] = {
        "Id": found["id"],
        "ContractName": found["name"],
        "ContractDescription": None,
        "ContractNumber": found["number"],
        "StatusId": STATUSES.index(name) + 1,
        "StatusName": name,
        "TypeId": type_id(found["type"]),
        "TypeName": found["type"],
    }
    return Answer(result)


def type_id(name: str) -> int:
    """The number of a contract type; 99 for one of the tenant's own."""
    return TYPES.index(name) + 1 if name in TYPES else 99


ROUTES = (
    Route("GET", "/v2/finance/contracts/summary", summaries),
    Route("GET", "/v2/finance/contracts/lookup", lookup),
    Route("PUT", "/v2/finance/contracts/<int:contractId>/activate", activate),
    Route("PUT", "/v2/finance/contracts/<int:contractId>/deactivate", deactivate),
)
