"""Bulk updates run in the background."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.conftest import Bms

Make = Callable[..., Bms]


def update(bms: Bms, values: dict[str, object], row: int | None = None) -> dict[str, Any]:
    path = f"/v2/admin/finance/services/{bms.service}/relatedservices/bulkupdate"
    chosen = {"ClientContractId": bms.contract, "ClientContractServiceId": row or bms.row}
    return bms.send(path, {"SelectedClientContractServices": [chosen], "Values": values})


def job(bms: Bms) -> int | None:
    path = f"/v2/admin/finance/services/{bms.service}/backgroundjob"
    found: int | None = bms.get(path)["result"]["jobid"]
    return found


def test_a_price_changes_once_the_job_is_done(make_bms: Make) -> None:
    bms = make_bms(job_polls=99)
    assert update(bms, {"UnitPrice": 24.5})["success"] is True
    assert job(bms) is not None
    assert bms.rows()[0]["unitprice"] == 22
    bms.sandbox.advance(timedelta(seconds=60))
    assert job(bms) is None
    assert bms.rows()[0]["unitprice"] == 24.5
    assert bms.price() == 245


def test_so_many_looks_finish_a_job_too(make_bms: Make) -> None:
    bms = make_bms(job_polls=2)
    update(bms, {"UnitPrice": 24})
    assert [job(bms) is None, job(bms) is None] == [False, True]
    assert bms.rows()[0]["unitprice"] == 24


def test_everything_but_units_can_be_changed(bms: Bms) -> None:
    values = {
        "ServiceName": "Workstation",
        "ServiceDescription": "new text",
        "UnitCost": 5,
        "EffectiveDate": "2026-11-01T00:00:00",
    }
    update(bms, values)
    bms.sandbox.advance(timedelta(minutes=2))
    (row,) = bms.sandbox.tables().rows()
    assert (row.description, row.cost, row.date) == ("new text", Decimal(5), date(2026, 11, 1))
    assert (row.units, row.price) == (10, Decimal(22))
    assert bms.rows()[0]["servicename"] == "Workstation"


def test_a_row_marked_to_be_left_alone_is_passed_over_in_silence(bms: Bms) -> None:
    bms.sandbox.ui.exclude_from_bulk(bms.row)
    assert bms.rows()[0]["excludefromcontractbulkupdates"] is True
    assert update(bms, {"UnitPrice": 24})["success"] is True
    bms.sandbox.advance(timedelta(minutes=2))
    assert job(bms) is None
    assert bms.rows()[0]["unitprice"] == 22


def test_one_job_at_a_time(bms: Bms) -> None:
    update(bms, {"UnitPrice": 24})
    assert "still running" in update(bms, {"UnitPrice": 25})["error"]["message"]


def test_a_row_deleted_meanwhile_stops_nothing(bms: Bms) -> None:
    update(bms, {"UnitPrice": 24})
    bms.sandbox.ui.delete_line(bms.row)
    bms.sandbox.advance(timedelta(minutes=2))
    assert job(bms) is None


@pytest.mark.parametrize(
    ("values", "row", "message"),
    [
        ({}, None, "No values"),
        ({"UnitPrice": -1}, None, "cannot be negative"),
        ({"UnitPrice": 5}, 77, "No contract service 77"),
    ],
)
def test_an_update_that_makes_no_sense_is_refused(
    bms: Bms, values: dict[str, object], row: int | None, message: str
) -> None:
    assert message in update(bms, values, row)["error"]["message"]
    assert job(bms) is None


def test_choosing_nothing_is_refused(bms: Bms) -> None:
    path = f"/v2/admin/finance/services/{bms.service}/relatedservices/bulkupdate"
    answer = bms.send(path, {"Values": {"UnitPrice": 5}})
    assert answer["error"]["message"] == "No contract services are selected"
