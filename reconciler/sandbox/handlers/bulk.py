"""Changing the rows of a service on many contracts at once, in the background."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from reconciler.sandbox import jobs, lines
from reconciler.sandbox.call import Answer, Call, Route
from reconciler.sandbox.clock import instant_text
from reconciler.sandbox.errors import Refused
from reconciler.sandbox.handlers.services import find

if TYPE_CHECKING:
    from reconciler.sandbox.fields import Fields


def update(call: Call) -> Answer:
    """Begin a job for the rows chosen; rows marked to be left alone are passed over in silence."""
    service_id = int(find(call)["id"])
    if jobs.running(call.store, service_id) is not None:
        raise Refused("A bulk update of this service is still running")
    body = call.body()
    rows = [_chosen(call, service_id, each) for each in _selected(body)]
    due = call.moment + timedelta(seconds=call.behaviour.job_seconds)
    jobs.start(
        call.store,
        service_id,
        {"rows": rows} | _values(body.inner("Values")),
        instant_text(due),
        call.behaviour.job_polls,
    )
    return Answer("The update has started")


def background_job(call: Call) -> Answer:
    """The number of the job at work on a service, null when there is none."""
    service = find(call)
    return Answer({"JobId": jobs.look(call.store, service["id"], call.now)})


def _selected(body: Fields) -> list[Fields]:
    chosen = body.inners("SelectedClientContractServices")
    if not chosen:
        raise Refused("No contract services are selected")
    return chosen


def _chosen(call: Call, service_id: int, entry: Fields) -> list[int]:
    contract_id = entry.integer("ClientContractId") or 0
    line_id = entry.integer("ClientContractServiceId") or 0
    line = lines.get(call.store, line_id)
    if line is None or (line.contract_id, line.service_id) != (contract_id, service_id):
        raise Refused(f"No contract service {line_id} on contract {contract_id}", code=404)
    return [contract_id, line_id]


def _values(values: Fields) -> dict[str, object]:
    price, cost = values.number("UnitPrice"), values.number("UnitCost")
    if (price is not None and price < 0) or (cost is not None and cost < 0):
        raise Refused("UnitPrice and UnitCost cannot be negative")
    day = values.day("EffectiveDate")
    wanted: dict[str, object] = {
        "name": values.text("ServiceName"),
        "description": values.text("ServiceDescription"),
        "price": None if price is None else format(price, "f"),
        "cost": None if cost is None else format(cost, "f"),
        "day": None if day is None else day.isoformat(),
    }
    if all(value is None for value in wanted.values()):
        raise Refused("No values to update")
    return wanted


_PATH = "/v2/admin/finance/services/<int:serviceId>"
ROUTES = (
    Route("POST", f"{_PATH}/relatedservices/bulkupdate", update),
    Route("GET", f"{_PATH}/backgroundjob", background_job),
)
