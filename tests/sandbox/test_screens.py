"""A person working in the screens, and contracts changed through the API."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.sandbox import SandboxError
from tests.sandbox.conftest import Bms

SUMMARY = "/v2/finance/contracts/summary"


def test_a_person_changes_what_the_api_then_shows(bms: Bms) -> None:
    ui = bms.sandbox.ui
    ui.edit_units(bms.row, 12)
    ui.reprice(bms.row, "23.00")
    ui.move_date(bms.row, date(2026, 11, 1))
    ui.describe(bms.row, "by hand")
    (row,) = bms.rows()
    assert (row["unitprice"], row["effectivedate"]) == (23, "2026-11-01T00:00:00")
    assert row["servicedescription"] == "by hand"
    assert bms.price() == 276


def test_a_person_can_move_the_date_with_the_units(bms: Bms) -> None:
    bms.sandbox.ui.edit_units(bms.row, 8, date(2026, 11, 15))
    (row,) = bms.sandbox.ui.read_units()
    assert (row.units, row.date, row.service) == (8, date(2026, 11, 15), "Managed Workstation")


def test_a_deleted_line_leaves_its_history(bms: Bms) -> None:
    added = bms.sandbox.ui.add_line(bms.contract, bms.service, 4, date(2026, 11, 2), price="1.00")
    bms.sandbox.ui.delete_line(added)
    assert [row["id"] for row in bms.rows()] == [bms.row]
    last = bms.sandbox.tables().history()[-1]
    assert (last.via, last.action, last.units_before, last.units) == ("screen", "delete", 4, 0)
    assert bms.sandbox.tables().posts() == []


def test_the_number_of_a_deleted_line_does_not_come_back(bms: Bms) -> None:
    added = bms.sandbox.ui.add_line(bms.contract, bms.service, 4, date(2026, 11, 2))
    bms.sandbox.ui.delete_line(added)
    assert bms.post(1)["result"]["id"] > added


def test_renaming_keeps_the_ids(bms: Bms) -> None:
    ui = bms.sandbox.ui
    ui.rename_account(bms.account, "Brass Supplies")
    ui.rename_contract(bms.contract, "Managed IT")
    ui.rename_service(bms.service, "Workstation")
    (found,) = bms.get(SUMMARY)["result"]
    assert (found["id"], found["accountname"], found["contractname"]) == (
        bms.contract,
        "Brass Supplies",
        "Managed IT",
    )
    service = bms.get(f"/v2/admin/finance/services/{bms.service}")["result"]
    assert service["name"] == "Workstation"
    assert bms.rows()[0]["servicename"] == "Managed Workstation"


def test_a_contract_switched_off_takes_no_lines(bms: Bms) -> None:
    bms.sandbox.ui.deactivate_contract(bms.contract)
    assert bms.post(1)["success"] is False
    path = f"/v2/finance/contracts/{bms.contract}/activate"
    assert bms.send(path, None, "PUT")["result"]["statusname"] == "Active"
    assert bms.post(1)["success"] is True


def test_a_contract_made_by_the_api_waits_to_be_activated(bms: Bms) -> None:
    line: dict[str, object] = {"ServiceId": bms.service, "Units": 2, "UnitPrice": 5}
    line["EffectiveDate"] = "2026-12-01T00:00:00"
    header = {
        "ContractName": "Second",
        "AccountId": bms.account,
        "BillingCycleId": 3,
        "StartDate": "2026-12-01T00:00:00",
        "EndDate": "2027-11-30T00:00:00",
    }
    path = "/v2/finance/contracts/recurringservices"
    made = bms.send(path, header | {"Services": [line]})["result"]
    assert (made["statusname"], made["billingcyclename"]) == ("Inactive", "Quarterly")
    assert made["services"][0]["totalprice"] == 10
    changed = bms.send(f"{path}/{made['id']}", header | {"ContractName": "Third"}, "PUT")
    assert changed["result"]["contractname"] == "Third"
    assert bms.sandbox.tables().units(made["id"], bms.service) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"AccountId": 3},
        {"BillingCycleId": 9},
        {"EndDate": "2026-01-01T00:00:00"},
        {"ContractName": None},
        {"Services": [{"ServiceId": 3}]},
    ],
)
def test_a_contract_that_makes_no_sense_is_not_kept(bms: Bms, change: dict[str, object]) -> None:
    header = {
        "ContractName": "Second",
        "AccountId": bms.account,
        "BillingCycleId": 2,
        "StartDate": "2026-12-01T00:00:00",
        "EndDate": "2027-11-30T00:00:00",
    }
    path = "/v2/finance/contracts/recurringservices"
    assert bms.send(path, header | change)["success"] is False
    assert bms.get(SUMMARY)["totalrecords"] == 1


def test_the_baseline_is_what_a_person_reads(bms: Bms, tmp_path: Path) -> None:
    bms.sandbox.write_baseline(tmp_path / "baseline.csv")
    (row,) = csv.DictReader((tmp_path / "baseline.csv").read_text().splitlines())
    assert row == {
        "contract_id": str(bms.contract),
        "contract": "Managed Services",
        "account": "Brass Building Supplies",
        "service_id": str(bms.service),
        "service": "Managed Workstation",
        "row_id": str(bms.row),
        "date": "2025-01-15",
        "price": "22.00",
        "units": "10",
    }


def test_what_is_not_there_cannot_be_edited(bms: Bms) -> None:
    with pytest.raises(SandboxError, match="no line 5"):
        bms.sandbox.ui.edit_units(5, 1)
    with pytest.raises(SandboxError, match="no account 5"):
        bms.sandbox.ui.rename_account(5, "Nobody")
    with pytest.raises(SandboxError, match="no contract 5"):
        bms.sandbox.add_line(5, bms.service, 1, date(2026, 1, 1))
    with pytest.raises(SandboxError, match="no organization"):
        bms.sandbox.add_mapping(bms.account, 1, "x")


def test_seeded_amounts_keep_their_digits(bms: Bms) -> None:
    service = bms.sandbox.add_service("Storage", "0.0125", cost=Decimal("0.005"))
    bms.sandbox.add_line(bms.contract, service, 3, date(2026, 1, 1))
    assert bms.sandbox.tables().total(bms.contract) == Decimal("220.0375")
