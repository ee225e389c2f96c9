from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from reconciler.sandbox import InvoiceItem
from tests.cli.shop import BRASS, COBALT, Shop

PERIOD = (date(2026, 11, 1), date(2026, 11, 30))


def contracts(shop: Shop) -> dict[str, int]:
    return {row.account: row.contract_id for row in shop.sandbox.ui.read_units()}


@pytest.fixture
def billed(shop: Shop) -> Shop:
    """Both customers have November's invoice."""
    for contract in contracts(shop).values():
        shop.sandbox.add_invoice(contract, *PERIOD, dated=PERIOD[0])
    return shop


@pytest.fixture
def wrong(shop: Shop) -> Shop:
    """Cobalt is billed 25 endpoints where it has 20."""
    found = contracts(shop)
    shop.sandbox.add_invoice(found[BRASS], *PERIOD, dated=PERIOD[0])
    item = InvoiceItem("Protected Endpoint", Decimal(25), Decimal("5.00"), PERIOD[0])
    shop.sandbox.add_invoice(found[COBALT], *PERIOD, [item], dated=PERIOD[0])
    return shop


def test_invoices_as_expected_are_0(billed: Shop) -> None:
    shown = billed("verify", "--period", "2026-11")
    assert shown.code == 0
    told = " ".join(shown.out.split())
    assert "3 lines on 2 invoices of 2026-11 bill what the ledger expects." in told
    assert "2 invoices are not sent yet" in told
    assert "assumed here: day_count actual, change_day billed, part_period prorated" in told


def test_a_mismatch_is_3_with_its_difference_and_what_to_do(wrong: Shop) -> None:
    shown = wrong("verify", "--period", "2026-11")
    assert shown.code == 3
    told = " ".join(shown.out.split())
    assert "1 of 3 lines on 2 invoices of 2026-11 is not as expected: 1 other quantity." in told
    assert f"for Managed Services of {COBALT}: Protected Endpoint is billed 25 for 125.00" in told
    assert "(units: 5 units more than the ledger knows, over a whole period)" in told
    assert "what to do:" in told


@pytest.mark.parametrize(
    ("severity", "code", "told"), [("warning", 3, True), ("info", 0, True), ("off", 0, False)]
)
def test_what_a_mismatch_asks_for_is_as_billing_yaml_says(
    wrong: Shop, severity: str, code: int, told: bool
) -> None:
    file = wrong.config / "billing.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}findings: {{VER002: {severity}}}\n", encoding="utf-8")
    shown = wrong("verify", "--period", "2026-11", "--format", "json")
    assert shown.code == code
    found = [(one["code"], one["severity"]) for one in json.loads(shown.out)["findings"]]
    assert found == ([("VER002", severity)] if told else [])


def test_one_account_alone(wrong: Shop) -> None:
    assert wrong("verify", "--period", "2026-11", "--account", BRASS).code == 0
    assert wrong("verify", "--period", "2026-11", "--account", COBALT).code == 3
    assert wrong("verify", "--period", "2026-11", "--account", "Nobody").code == 2


def test_json_has_every_line_with_its_parts(wrong: Shop) -> None:
    shown = wrong("verify", "--period", "2026-11", "--format", "json")
    assert shown.code == 3
    found = json.loads(shown.out)
    assert (found["month"], found["counts"]["matched"]) == ("2026-11", 2)
    assert [one["code"] for one in found["findings"]] == ["VER002"]
    services = [one for invoice in found["invoices"] for one in invoice["services"]]
    (off,) = [one for one in services if one["status"] == "quantity"]
    assert (off["expected"], off["billed"], off["quantity"]) == ("100.00", "125.00", "25")
    assert off["parts"][0]["per_line"] == "100.00"


def test_markdown_has_the_wrong_lines_as_a_table(wrong: Shop) -> None:
    shown = wrong("verify", "--period", "2026-11", "--format", "markdown")
    assert "| Invoice | Customer | Service | Expected | Billed | Result |" in shown.out
    assert "| 20: 100.00 | 25: 125.00 | other quantity; units: 5 units more" in shown.out
    assert "<summary>2 other lines</summary>" in shown.out


def test_a_month_without_an_invoice_proves_nothing(shop: Shop) -> None:
    shown = shop("verify", "--period", "2026-12")
    assert shown.code == 3
    assert "Nothing of 2026-12 could be compared." in shown.out
    assert "2 contracts wait for their invoice." in " ".join(shown.out.split())


@pytest.mark.parametrize(
    "period", ["2026", "2026-13", "2026-11-01", "november", "26-11", "0000-01"]
)
def test_what_is_no_month_is_wrong_usage(shop: Shop, period: str) -> None:
    shown = shop("verify", "--period", period)
    assert shown.code == 2
    assert "is not a month such as 2026-11" in " ".join(shown.err.split())


def test_the_month_has_to_be_said(shop: Shop) -> None:
    assert shop("verify").code == 2
