"""Making a recurring services contract, and changing its header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox import lines
from reconciler.sandbox.call import Answer, Call, Route
from reconciler.sandbox.errors import Refused
from reconciler.sandbox.handlers.contracts import (
    CYCLES,
    RECURRING,
    STATUSES,
    find,
    status,
    type_id,
)
from reconciler.sandbox.handlers.posting import post_one

if TYPE_CHECKING:
    from datetime import date

    from reconciler.sandbox.fields import Fields
    from reconciler.sandbox.wire import Json


def create(call: Call) -> Answer:
    """A new contract with its lines; it is not active until it is activated."""
    body = call.body()
    starts, ends = _term(body)
    cycle = _cycle(body.integer("BillingCycleId"))
    contract_id = call.store.run(
        "INSERT INTO contracts (account_id, name, type, cycle, starts, ends, active, number,"
        " reference, is_default, invoice_at_end, fiscal, created, modified)"
        " VALUES (?,?,?,?,?,?,0,'',?,?,?,?,?,?)",
        _account(call, body),
        _name(body),
        RECURRING,
        cycle,
        starts.isoformat(),
        ends.isoformat(),
        body.text("ReferenceNumber"),
        int(body.flag("IsDefaultContract") or False),
        int(body.flag("IssueInvoiceOn") or False),
        int(body.flag("IsFiscalBilling") or False),
        call.now,
        call.now,
    )
    number = f"C-{contract_id}"
    call.store.run("UPDATE contracts SET number = ? WHERE id = ?", number, contract_id)
    contract = find(call, contract_id)
    kept = [post_one(call, contract, entry) for entry in body.inners("Services")]
    notes: dict[str, Json] = {
        "IsNotificationEnabled": body.flag("IsNotificationEnabled") or False,
        "NotificationEmails": [],
        "Services": [_service(call, contract["name"], line) for line in kept],
    }
    return Answer(_header(call, contract_id) | notes)


def change(call: Call) -> Answer:
    """Set the header of a contract; its lines stay as they are."""
    contract = find(call, call.id("contractId"))
    if contract["type"] != RECURRING:
        raise Refused("The contract is not a recurring services contract")
    body = call.body()
    starts, ends = _term(body)
    cycle = body.integer("BillingCycleId")
    fiscal, at_end = body.flag("IsFiscalBilling"), body.flag("IssueInvoiceOn")
    default = body.flag("IsDefaultContract")
    call.store.run(
        "UPDATE contracts SET account_id = ?, name = ?, cycle = ?, starts = ?, ends = ?,"
        " reference = ?, is_default = ?, invoice_at_end = ?, fiscal = ?, modified = ?"
        " WHERE id = ?",
        _account(call, body),
        _name(body),
        contract["cycle"] if cycle is None else _cycle(cycle),
        starts.isoformat(),
        ends.isoformat(),
        body.text("ReferenceNumber"),
        int(contract["is_default"] if default is None else default),
        int(contract["invoice_at_end"] if at_end is None else at_end),
        int(contract["fiscal"] if fiscal is None else fiscal),
        call.now,
        contract["id"],
    )
    return Answer(_header(call, contract["id"]))


def _term(body: Fields) -> tuple[date, date]:
    starts, ends = body.day("StartDate"), body.day("EndDate")
    if starts is None or ends is None or ends < starts:
        raise Refused("StartDate and EndDate are required, in this order")
    return starts, ends


def _cycle(number: int | None) -> str:
    if number is None or not 1 <= number <= len(CYCLES):
        raise Refused(f"No billing cycle {number}")
    return CYCLES[number - 1]


def _account(call: Call, body: Fields) -> int:
    account_id = body.integer("AccountId") or 0
    if call.store.row("SELECT id FROM accounts WHERE id = ?", account_id) is None:
        raise Refused(f"No account {account_id}", code=404)
    return account_id


def _name(body: Fields) -> str:
    name = body.text("ContractName")
    if name is None:
        raise Refused("ContractName is required")
    return name


def _header(call: Call, contract_id: int) -> dict[str, Json]:
    row = find(call, contract_id)
    total = lines.totals(call.store, call.behaviour, [contract_id], call.today)[contract_id]
    found = status(row, call)
    return {
        "Id": row["id"],
        "CreatedBy": 1,
        "CreatedOn": call.dates.moment(row["created"]),
        "ModifiedBy": 1,
        "ModifiedOn": call.dates.moment(row["modified"]),
        "ContractName": row["name"],
        "AccountId": row["account_id"],
        "AccountName": row["account_name"],
        "TypeId": type_id(row["type"]),
        "TypeName": row["type"],
        "SLAId": None,
        "SLAName": None,
        "ReferenceNumber": row["reference"],
        "StatusId": STATUSES.index(found) + 1,
        "StatusName": found,
        "ContractNumber": row["number"],
        "BillingCycleId": CYCLES.index(row["cycle"]) + 1,
        "BillingCycleName": row["cycle"],
        "ContractBillingPrice": total,
        "StartDate": call.dates.day(row["starts"]),
        "EndDate": call.dates.day(row["ends"]),
        "IsDefaultContract": bool(row["is_default"]),
        "IssueInvoiceOnId": bool(row["invoice_at_end"]),
        "IssueInvoiceOnName": "End" if row["invoice_at_end"] else "Start",
        "IsFiscalBilling": bool(row["fiscal"]),
    }


def _service(call: Call, contract_name: str, line: lines.Line) -> dict[str, Json]:
    return {
        "Id": line.id,
        "CreatedBy": 1,
        "CreatedOn": call.dates.moment(line.created),
        "ModifiedBy": 1,
        "ModifiedOn": call.dates.moment(line.modified),
        "ServiceId": line.service_id,
        "ServiceName": line.name,
        "ServiceDescription": line.description,
        "ContractId": line.contract_id,
        "ContractName": contract_name,
        "TotalCost": line.total_cost,
        "TotalPrice": line.total_price,
        "Units": line.units,
        "UnitCost": line.cost,
        "UnitPrice": line.price,
        "EffectiveDate": call.dates.day(line.day.isoformat()),
        "SortOrder": line.sort_order,
    }


_PATH = "/v2/finance/contracts/recurringservices"
ROUTES = (
    Route("POST", _PATH, create),
    Route("PUT", f"{_PATH}/<int:contractId>", change),
)
