from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.bms.calls import POST_ROW, REPRICE
from reconciler.bms.lines import NewRow, PostedRow
from reconciler.model.bms import Row
from reconciler.model.errors import BmsAnswerLost, BmsRefused, BmsUnexpected
from reconciler.sandbox import Behaviour
from tests.bms.stage import (
    NOW,
    PRICE,
    DateZone,
    NameFilter,
    Spelling,
    Stage,
    call_of,
    scripted_client,
    stage,
)

DAY = date(2026, 11, 15)
NEW = NewRow(1, "Server", "", 2, PRICE, Decimal(0), NOW)
ANSWER: Mapping[str, object] = {
    "Id": 9,
    "ContractId": 5,
    "ServiceId": 1,
    "Units": 2.0,
    "UnitPrice": 22.50,
    "TotalPrice": 45.00,
    "EffectiveDate": "2026-11-23T00:00:00",
}


def _line(here: Stage) -> tuple[int, int]:
    service = here.sandbox.add_service("Managed Server", PRICE, cost="8.00")
    contract = here.contract()
    here.sandbox.add_line(contract, service, 12, date(2026, 1, 1), description="Servers")
    return contract, service


@pytest.mark.parametrize("spelling", ["camel", "pascal"])
@pytest.mark.parametrize("zone", ["local", "utc"])
def test_a_row_is_read_with_its_local_day_and_no_units(spelling: Spelling, zone: DateZone) -> None:
    here = stage(Behaviour(field_names=spelling, date_zone=zone))
    contract, service = _line(here)
    (seen,) = here.sandbox.tables().rows()
    assert here.client().rows(service) == (
        Row(
            id=seen.row_id,
            contract_id=contract,
            account_id=seen.account_id,
            service_id=service,
            name="Managed Server",
            description="Servers",
            date=date(2026, 1, 1),
            price=PRICE,
            cost=Decimal("8.00"),
        ),
    )


def test_a_row_kept_from_bulk_updates_says_so() -> None:
    here = stage()
    _, service = _line(here)
    here.sandbox.ui.exclude_from_bulk(here.sandbox.tables().rows()[0].row_id)
    assert here.client().rows(service)[0].excluded_from_bulk


@pytest.mark.parametrize("name_filter", ["contains", "exact"])
def test_rows_by_contract_name_are_those_of_exactly_that_name(name_filter: NameFilter) -> None:
    here = stage(Behaviour(name_filter=name_filter))
    service = here.sandbox.add_service("Managed Server", PRICE)
    contracts = [here.contract("A", "Managed"), here.contract("B", "Managed Services")]
    for contract in contracts:
        here.sandbox.add_line(contract, service, 1, DAY)
    (found,) = here.client().rows(service, contract_name="Managed")
    assert found.contract_id == contracts[0]


@pytest.mark.parametrize("zone", ["local", "utc"])
def test_a_posted_line_lands_on_its_day_and_the_answer_tells_its_units(zone: DateZone) -> None:
    here = stage(Behaviour(date_zone=zone))
    contract, service = _line(here)
    row = NewRow(service, "Managed Server", "ref 7F", 3, Decimal("4.10"), Decimal("1.05"), DAY)
    posted = here.client().post_service(contract, row)
    seen = here.sandbox.tables().rows()[-1]
    assert posted == PostedRow(seen.row_id, Decimal(3), Decimal("4.10"), Decimal("12.30"), DAY)
    assert (seen.date, seen.units, seen.description) == (DAY, 3, "ref 7F")
    assert (str(seen.price), str(seen.cost)) == ("4.10", "1.05")


def test_under_upsert_the_answer_is_the_line_that_was_there() -> None:
    here = stage(Behaviour(line_update="upsert"))
    contract, service = _line(here)
    row = NewRow(service, "Managed Server", "", 15, PRICE, Decimal(0), DAY)
    posted = here.client().post_service(contract, row)
    assert posted.id == here.sandbox.tables().rows()[0].row_id
    assert posted.units == 15


def test_one_line_goes_per_call_and_the_sort_order_stays_bms_own() -> None:
    here = stage()
    contract, service = _line(here)
    here.client().post_service(contract, NewRow(service, "S", "", 1, PRICE, PRICE, DAY))
    (body,) = [
        json.loads(request.content)
        for request in here.wire.requests
        if call_of(request) == POST_ROW
    ]
    assert len(body) == 1
    assert "SortOrder" not in body[0]


PRICES = st.decimals(min_value=0, max_value=10**6, places=4)


@settings(max_examples=40)
@given(PRICES, st.integers(-500, 500), st.dates(date(2026, 1, 1), NOW))
def test_any_price_units_and_day_arrive_exactly(price: Decimal, units: int, day: date) -> None:
    here = stage()
    contract, service = _line(here)
    posted = here.client().post_service(
        contract, NewRow(service, "S", "note", units, price, price, day)
    )
    seen = here.sandbox.tables().rows()[-1]
    assert (seen.price, seen.cost, seen.units, seen.date) == (price, price, units, day)
    assert (posted.price, posted.units, posted.date) == (price, Decimal(units), day)
    assert posted.total == price * units


def test_negative_units_where_bms_refuses_them_are_a_refusal() -> None:
    here = stage(Behaviour(negative_units="refused"))
    contract, service = _line(here)
    with pytest.raises(BmsRefused):
        here.client().post_service(contract, NewRow(service, "S", "", -1, PRICE, PRICE, DAY))


def _answered(result: object) -> PostedRow:
    response = httpx.Response(200, json={"Success": True, "Result": result})
    return scripted_client(response).post_service(5, NEW)


def test_an_answer_as_a_list_of_one_says_the_same() -> None:
    assert _answered([ANSWER]) == _answered(ANSWER)


@pytest.mark.parametrize(
    "result",
    [
        None,
        [],
        [ANSWER, ANSWER],
        "done",
        {**ANSWER, "ServiceId": 2},
        {**ANSWER, "ContractId": 6},
        {**ANSWER, "Id": None},
        {**ANSWER, "EffectiveDate": "soon"},
        {name: value for name, value in ANSWER.items() if name != "Units"},
    ],
)
def test_a_success_that_cannot_be_read_is_a_lost_answer(result: object) -> None:
    with pytest.raises(BmsAnswerLost) as caught:
        _answered(result)
    assert caught.value.where == (
        "bms.sandbox.test/v2/finance/contracts/recurringservices/5/services"
    )


def test_a_row_of_another_service_is_not_taken() -> None:
    row = {
        "Id": 1,
        "ServiceId": 2,
        "ContractId": 5,
        "AccountId": 7,
        "EffectiveDate": "2026-11-23T00:00:00",
        "UnitPrice": 1,
        "UnitCost": 1,
        "ExcludeFromContractBulkUpdates": False,
    }
    answer = {"Success": True, "Result": [row], "TotalRecords": 1}
    with pytest.raises(BmsUnexpected, match="another service"):
        scripted_client(httpx.Response(200, json=answer)).rows(1)


def test_a_price_is_changed_by_a_job_that_ends() -> None:
    here = stage()
    contract, service = _line(here)
    client = here.client()
    (row,) = client.rows(service)
    client.bulk_price(service, [(contract, row.id)], Decimal("24.10"))
    assert client.job_running(service)
    here.sandbox.advance(timedelta(minutes=10))
    assert not client.job_running(service)
    (after,) = client.rows(service)
    assert str(after.price) == "24.10"
    assert (after.name, after.description, after.cost) == (row.name, row.description, row.cost)
    assert after.date == row.date


def test_what_a_repricing_leaves_alone_is_not_sent() -> None:
    here = stage()
    contract, service = _line(here)
    client = here.client()
    rows = [(contract, row.id) for row in client.rows(service)]
    client.bulk_price(service, rows, Decimal("24.10"))
    here.sandbox.advance(timedelta(minutes=10))
    client.bulk_price(service, rows, Decimal("24.10"), effective=DAY, description="d")
    sent = [json.loads(r.content)["Values"] for r in here.wire.requests if call_of(r) == REPRICE]
    assert set(sent[0]) == {"UnitPrice"}
    assert set(sent[1]) == {"UnitPrice", "EffectiveDate", "ServiceDescription"}


def test_a_service_without_a_job_has_none_running() -> None:
    here = stage()
    _, service = _line(here)
    assert not here.client().job_running(service)
    nothing = httpx.Response(200, json={"Success": True, "Result": None})
    assert not scripted_client(nothing).job_running(1)
