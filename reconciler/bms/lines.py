"""The rows of services on contracts, and the two calls that change them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reconciler.bms import calls
from reconciler.bms.calls import Call
from reconciler.bms.dates import Dates
from reconciler.bms.failures import answer_lost
from reconciler.bms.listing import Lister
from reconciler.bms.record import Record, unexpected
from reconciler.bms.wire import Wire
from reconciler.model.bms import Row
from reconciler.model.errors import BmsUnexpected


@dataclass(frozen=True, slots=True)
class NewRow:
    """One line to post. ``units`` is a difference or a total, as ``line_update`` has it."""

    service_id: int
    name: str
    description: str
    units: int
    price: Decimal
    cost: Decimal
    date: date


@dataclass(frozen=True, slots=True)
class PostedRow:
    """BMS's answer to a posted line: the only place where it says units."""

    id: int
    units: Decimal
    price: Decimal
    total: Decimal
    date: date


@dataclass(frozen=True, slots=True)
class Repricing:
    """What a bulk update sets on its rows; None leaves a value as it is."""

    price: Decimal
    name: str | None = None
    description: str | None = None
    cost: Decimal | None = None
    date: date | None = None


def read_rows(
    lister: Lister, dates: Dates, service_id: int, contract_name: str | None
) -> tuple[Row, ...]:
    """The rows of a service: all, or those on contracts of exactly that name."""
    filters = {"ContractName": contract_name} if contract_name else {}
    found = lister.read(calls.ROWS, filters, ids={"serviceId": service_id})
    return tuple(
        _row(record, service_id, dates)
        for record in found
        if contract_name is None or record.text_or_blank("ContractName") == contract_name
    )


def _row(record: Record, service_id: int, dates: Dates) -> Row:
    if record.integer("ServiceId") != service_id:
        raise unexpected(record.where, f"a row of another service than {service_id} came back")
    return Row(
        id=record.integer("Id"),
        contract_id=record.integer("ContractId"),
        account_id=record.integer("AccountId"),
        service_id=service_id,
        name=record.text_or_blank("ServiceName"),
        description=record.text_or_blank("ServiceDescription"),
        date=record.day("EffectiveDate", dates),
        price=record.decimal("UnitPrice"),
        cost=record.decimal("UnitCost"),
        excluded_from_bulk=record.flag("ExcludeFromContractBulkUpdates"),
    )


def post_row(wire: Wire, dates: Dates, contract_id: int, row: NewRow) -> PostedRow:
    """Post one line, once. ``BmsAnswerLost`` whenever it is not sure that it was not done."""
    ids = {"contractId": contract_id}
    answer = wire.send(calls.POST_ROW, [_body(row, dates)], ids=ids)
    with _lost_if_unreadable(wire, calls.POST_ROW, ids):
        return _posted(answer.result, wire.where(calls.POST_ROW, ids), (contract_id, row), dates)


def _body(row: NewRow, dates: Dates) -> dict[str, object]:
    # SortOrder is left out: BMS gives no way to read the one a line has.
    return {
        "ServiceId": row.service_id,
        "ServiceName": row.name,
        "ServiceDescription": row.description,
        "Units": row.units,
        "UnitCost": row.cost,
        "UnitPrice": row.price,
        "EffectiveDate": dates.write(row.date),
    }


def _posted(result: object, where: str, sent: tuple[int, NewRow], dates: Dates) -> PostedRow:
    # The body is a list and the documented answer is one object; a list of one says the same.
    only = result[0] if isinstance(result, list) and len(result) == 1 else result
    record = Record.of(only, where)
    contract_id, row = sent
    if (record.integer("ContractId"), record.integer("ServiceId")) != (contract_id, row.service_id):
        raise unexpected(where, "the answer is about another line than the one posted")
    return PostedRow(
        id=record.integer("Id"),
        units=record.decimal("Units"),
        price=record.decimal("UnitPrice"),
        total=record.decimal("TotalPrice"),
        date=record.day("EffectiveDate", dates),
    )


def start_repricing(
    wire: Wire,
    dates: Dates,
    service_id: int,
    rows: Sequence[tuple[int, int]],
    values: Repricing,
) -> None:
    """Start the background job that reprices rows, given as (contract id, row id)."""
    chosen = [{"ClientContractId": c, "ClientContractServiceId": r} for c, r in rows]
    body = {"SelectedClientContractServices": chosen, "Values": _values(values, dates)}
    wire.send(calls.REPRICE, body, ids={"serviceId": service_id})


def _values(values: Repricing, dates: Dates) -> dict[str, object]:
    named = {
        "ServiceName": values.name,
        "ServiceDescription": values.description,
        "UnitPrice": values.price,
        "UnitCost": values.cost,
        "EffectiveDate": None if values.date is None else dates.write(values.date),
    }
    return {name: value for name, value in named.items() if value is not None}


def job_runs(wire: Wire, service_id: int) -> bool:
    """Whether a background job of the service is under way."""
    ids = {"serviceId": service_id}
    answer = wire.send(calls.JOB, ids=ids)
    if answer.result is None:
        return False
    return Record.of(answer.result, wire.where(calls.JOB, ids)).get("JobId") is not None


@contextmanager
def _lost_if_unreadable(wire: Wire, call: Call, ids: Mapping[str, int]) -> Iterator[None]:
    try:
        yield
    except BmsUnexpected as error:
        raise answer_lost(error.message, wire.where(call, ids)) from None
