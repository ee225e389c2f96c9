"""Posting services to a recurring services contract: the call that moves units."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from reconciler.sandbox import lines
from reconciler.sandbox.call import Answer, Call, Route
from reconciler.sandbox.errors import Refused
from reconciler.sandbox.handlers.contracts import RECURRING, find, status

if TYPE_CHECKING:
    import sqlite3

    from reconciler.sandbox.behaviour import Behaviour
    from reconciler.sandbox.fields import Fields
    from reconciler.sandbox.wire import Json

_ZERO = Decimal(0)


def post(call: Call) -> Answer:
    """Add lines, or set them; the answer is one object, for the last entry sent."""
    contract = find(call, call.id("contractId"))
    _check_contract(call, contract)
    kept = [post_one(call, contract, entry) for entry in call.bodies()]
    return Answer(_result(call, contract, kept[-1]))


def _check_contract(call: Call, contract: sqlite3.Row) -> None:
    if contract["type"] != RECURRING:
        raise Refused("The contract is not a recurring services contract")
    found = status(contract, call)
    if found != "Active":
        raise Refused(f"The contract is {found.lower()}")


def post_one(call: Call, contract: sqlite3.Row, entry: Fields) -> lines.Line:
    """Write one entry as this sandbox's `line_update` says."""
    asked = _read(call, contract, entry)
    _check_rules(call.behaviour, call, contract, asked)
    here = lines.of_service(call.store, contract["id"], asked.service_id)
    if call.behaviour.line_update == "append" or here is None:
        return lines.add(call.store, _placed(call, contract, asked), via="api")
    kept_order = call.behaviour.sort_order == "kept"
    after = replace(
        asked,
        id=here.id,
        first_price=here.first_price,
        first_cost=here.first_cost,
        sort_order=here.sort_order if kept_order else asked.sort_order,
        no_bulk=here.no_bulk,
        created=here.created,
    )
    return lines.change(call.store, here, after, via="api", action="post")


def _read(call: Call, contract: sqlite3.Row, entry: Fields) -> lines.Line:
    service_id = entry.integer("ServiceId") or 0
    service = call.store.row("SELECT * FROM services WHERE id = ?", service_id)
    if service is None:
        raise Refused(f"No service {service_id}", code=404)
    if not service["active"]:
        raise Refused(f"The service {service['name']} is inactive")
    day = entry.day("EffectiveDate")
    if day is None:
        raise Refused("EffectiveDate is required")
    price = entry.number("UnitPrice") or _ZERO
    cost = entry.number("UnitCost") or _ZERO
    return lines.Line(
        id=0,
        contract_id=contract["id"],
        service_id=service_id,
        name=entry.text("ServiceName") or service["name"],
        description=entry.text("ServiceDescription") or service["description"],
        units=entry.integer("Units") or 0,
        price=price,
        cost=cost,
        first_price=price,
        first_cost=cost,
        day=day,
        sort_order=entry.integer("SortOrder") or 0,
        no_bulk=False,
        created=call.now,
        modified=call.now,
    )


def _check_rules(
    behaviour: Behaviour, call: Call, contract: sqlite3.Row, asked: lines.Line
) -> None:
    if asked.price < 0 or asked.cost < 0:
        raise Refused("UnitPrice and UnitCost cannot be negative")
    if asked.units < 0 and behaviour.negative_units == "refused":
        raise Refused("Units cannot be negative")
    if asked.units == 0 and behaviour.zero_units == "refused":
        raise Refused("Units must be greater than zero")
    if asked.day > call.today and behaviour.future_line == "refused":
        raise Refused("EffectiveDate cannot be in the future")
    if asked.day < call.today and behaviour.back_dated == "refused":
        raise Refused("EffectiveDate cannot be in the past")
    if not contract["starts"] <= asked.day.isoformat() <= contract["ends"]:
        raise Refused("EffectiveDate must be between the contract's start and end dates")


def _placed(call: Call, contract: sqlite3.Row, asked: lines.Line) -> lines.Line:
    """A new row goes to the end of the contract unless it says where, or order is reset."""
    if asked.sort_order or call.behaviour.sort_order == "reset":
        return asked
    last = call.store.row(
        "SELECT max(sort_order) AS last FROM lines WHERE contract_id = ?", contract["id"]
    )
    return replace(asked, sort_order=(last["last"] or 0) + 1 if last else 1)


def _result(call: Call, contract: sqlite3.Row, line: lines.Line) -> dict[str, Json]:
    return {
        "Id": line.id,
        "CreatedBy": 1,
        "CreatedOn": call.dates.moment(line.created),
        "ModifiedBy": 1,
        "ModifiedOn": call.dates.moment(line.modified),
        "ServiceId": line.service_id,
        "ServiceName": line.name,
        "Description": line.description,
        "ContractId": line.contract_id,
        "ContractName": contract["name"],
        "TotalCost": line.total_cost,
        "TotalPrice": line.total_price,
        "Units": Decimal(line.units),
        "UnitCost": line.cost,
        "UnitPrice": line.price,
        "Margin": margin(line),
        "OriginalUnitPrice": line.first_price,
        "OriginalUnitCost": line.first_cost,
        "EffectiveDate": call.dates.day(line.day.isoformat()),
        "SortOrder": line.sort_order,
    }


def margin(line: lines.Line) -> Decimal:
    """What a unit leaves over its cost, as a percentage of its price."""
    if line.price == 0:
        return _ZERO
    return ((line.price - line.cost) / line.price * 100).quantize(Decimal("0.01"))


ROUTES = (Route("POST", "/v2/finance/contracts/recurringservices/<int:contractId>/services", post),)
