"""Posting a line: what it does to rows and totals on both sides of what is not documented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox.conftest import LINES, Bms, build

Make = Callable[..., Bms]


def test_append_adds_a_row_with_its_own_units(bms: Bms) -> None:
    answer = bms.post(2)["result"]
    assert (answer["units"], answer["totalprice"], answer["contractid"]) == (2, 44, bms.contract)
    assert [row.units for row in bms.sandbox.tables().rows()] == [10, 2]
    assert answer["id"] != bms.row
    assert bms.price() == 264


def test_upsert_sets_the_row_of_the_service(make_bms: Make) -> None:
    bms = make_bms(line_update="upsert")
    answer = bms.post(12, UnitPrice=23, ServiceDescription="12 as of today")["result"]
    assert (answer["id"], answer["units"], answer["totalprice"]) == (bms.row, 12, 276)
    (row,) = bms.sandbox.tables().rows()
    assert (row.units, row.date, row.description) == (12, date(2026, 11, 23), "12 as of today")
    assert bms.price() == 276


def test_upsert_adds_a_row_where_the_service_has_none(make_bms: Make) -> None:
    bms = make_bms(line_update="upsert")
    other = bms.sandbox.add_service("Managed Server", "95.00")
    assert bms.post(3, ServiceId=other)["result"]["id"] != bms.row
    assert len(bms.sandbox.tables().rows()) == 2


def test_no_call_tells_the_units_of_a_line(bms: Bms) -> None:
    (row,) = bms.rows()
    assert not {"units", "qty", "totalprice"} & set(row)
    assert (row["id"], row["unitprice"], row["accountid"]) == (bms.row, 22, bms.account)


@pytest.mark.parametrize(
    ("choice", "units", "day"),
    [
        ("negative_units", -2, "2026-11-23"),
        ("zero_units", 0, "2026-11-23"),
        ("future_line", 1, "2026-11-24"),
        ("back_dated", 1, "2026-11-22"),
    ],
)
def test_accepted_and_refused(make_bms: Make, choice: str, units: int, day: str) -> None:
    accepting = make_bms(**{choice: "accepted"})
    assert accepting.post(units, day)["success"] is True
    refusing = make_bms(**{choice: "refused"})
    answer = refusing.post(units, day)
    assert answer["success"] is False
    assert answer["error"]["message"]
    assert len(refusing.sandbox.tables().rows()) == 1


def test_the_total_counts_rows_once_they_are_effective(make_bms: Make) -> None:
    bms = make_bms(total_price="effective")
    bms.post(5, "2026-12-01")
    assert bms.price() == 220
    bms.sandbox.set_clock(date(2026, 12, 1))
    bms.log_in()
    assert bms.price() == 330


def test_the_total_counts_every_row_where_it_is_so(make_bms: Make) -> None:
    bms = make_bms(total_price="all")
    bms.post(5, "2026-12-01")
    assert bms.price() == 330


@pytest.mark.parametrize(("choice", "order"), [("kept", 1), ("reset", 9)])
def test_an_upsert_keeps_or_resets_the_order(make_bms: Make, choice: str, order: int) -> None:
    bms = make_bms(line_update="upsert", sort_order=choice)
    assert bms.post(11, SortOrder=9)["result"]["sortorder"] == order


def test_what_is_left_out_comes_from_the_catalogue(bms: Bms) -> None:
    answer = bms.post(1)["result"]
    assert (answer["servicename"], answer["description"]) == ("Managed Workstation",) * 2
    assert answer["sortorder"] == 2


@pytest.mark.parametrize("units", [2.5, 2.0, 2**31, -(2**31) - 1, True, "many", None, [1]])
def test_units_are_whole_and_fit_32_bits(make_bms: Make, units: object) -> None:
    bms = make_bms(zero_units="refused")
    assert bms.post(units)["success"] is False
    assert len(bms.sandbox.tables().rows()) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ServiceId": 99}, "No service 99"),
        ({"EffectiveDate": None}, "EffectiveDate is required"),
        ({"EffectiveDate": "soon"}, "not a valid date"),
        ({"EffectiveDate": "2025-01-14T00:00:00"}, "between the contract's start and end"),
        ({"EffectiveDate": "2028-01-01T00:00:00"}, "between the contract's start and end"),
        ({"UnitPrice": -1}, "cannot be negative"),
        ({"UnitPrice": "dear"}, "UnitPrice must be a number"),
        ({"ServiceName": 5}, "ServiceName must be text"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused(
    bms: Bms, change: dict[str, Any], message: str
) -> None:
    answer = bms.post(1, **change)
    assert answer["success"] is False
    assert message in answer["error"]["message"]
    assert len(bms.sandbox.tables().rows()) == 1


def test_contracts_that_take_no_lines(bms: Bms) -> None:
    sandbox = bms.sandbox
    old = sandbox.add_contract(bms.account, "Old", date(2025, 1, 1), date(2026, 11, 22))
    fixed = sandbox.add_contract(
        bms.account, "Fixed", date(2025, 1, 1), date(2027, 1, 1), type="Fixed Price"
    )
    off = sandbox.add_contract(bms.account, "Off", date(2025, 1, 1), date(2027, 1, 1), active=False)
    line = {"ServiceId": bms.service, "Units": 1, "EffectiveDate": "2026-11-20T00:00:00"}
    messages = [
        bms.send(LINES.format(contract), [line])["error"]["message"]
        for contract in (old, fixed, off, 4)
    ]
    assert messages == [
        "The contract is expired",
        "The contract is not a recurring services contract",
        "The contract is inactive",
        "No contract 4",
    ]


def test_several_lines_are_taken_together_or_not_at_all(bms: Bms) -> None:
    line = {"ServiceId": bms.service, "Units": 1, "EffectiveDate": "2026-11-20T00:00:00"}
    assert bms.send(LINES.format(bms.contract), [line, line | {"ServiceId": 9}])["success"] is False
    assert len(bms.sandbox.tables().rows()) == 1
    answer = bms.send(LINES.format(bms.contract), [line, line | {"Units": 4}])
    assert answer["result"]["units"] == 4
    assert [row.units for row in bms.sandbox.tables().rows()] == [10, 1, 4]


@pytest.mark.parametrize("body", ["", "[]", "{}", "[1]", "not json", '"text"'])
def test_a_body_that_is_no_list_of_lines_is_refused(bms: Bms, body: str) -> None:
    response = bms.client.post(
        LINES.format(bms.contract), content=body, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == httpx.codes.OK
    assert response.json()["success"] is False


def test_money_never_goes_through_a_float(bms: Bms) -> None:
    body = (
        f'[{{"ServiceId":{bms.service},"Units":3,"UnitPrice":90071992547409.93,'
        '"UnitCost":4.10,"EffectiveDate":"2026-11-23T00:00:00"}]'
    )
    response = bms.client.post(
        LINES.format(bms.contract), content=body, headers={"Content-Type": "application/json"}
    )
    assert '"unitPrice":90071992547409.93' in response.text
    assert '"totalPrice":270215977642229.79' in response.text
    assert bms.sandbox.tables().rows()[-1].cost == Decimal("4.10")


def test_every_change_leaves_its_history(make_bms: Make) -> None:
    bms = make_bms(line_update="upsert")
    bms.post(12)
    (entry,) = bms.sandbox.tables().posts()
    assert (entry.units_before, entry.units) == (10, 12)
    assert (entry.date_before, entry.date) == (date(2025, 1, 15), date(2026, 11, 23))


posts = st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 99_999)), max_size=6)


@settings(max_examples=40)
@given(posts)
def test_append_keeps_a_sum_and_upsert_the_last(steps: list[tuple[int, int]]) -> None:
    appending, upserting = build(line_update="append"), build(line_update="upsert")
    total, last = Decimal(220), Decimal(220)
    for units, cents in steps:
        price = Decimal(cents) / 100
        for bms in (appending, upserting):
            assert bms.post(units, UnitPrice=str(price))["success"] is True
        total += units * price
        last = units * price
    assert appending.sandbox.tables().total(appending.contract) == total
    assert upserting.sandbox.tables().total(upserting.contract) == last
