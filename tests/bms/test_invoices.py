from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import pytest

from reconciler.bms.calls import INVOICE_LINES, INVOICES
from reconciler.model.bms import Invoice, IssuedInvoice
from reconciler.model.errors import BmsUnexpected
from reconciler.sandbox import Behaviour
from tests.bms.stage import DateZone, Spelling, Stage, scripted_client, stage

OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def _contract(here: Stage, account: str = "Brass") -> int:
    contract = here.contract(account)
    service = here.sandbox.add_service(f"Service of {account}", "1.00")
    here.sandbox.add_line(contract, service, 2, date(2025, 1, 1))
    return contract


@pytest.mark.parametrize("zone", ["local", "utc"])
@pytest.mark.parametrize("spelling", ["camel", "pascal"])
def test_an_invoice_gives_its_period_for_its_contract(zone: DateZone, spelling: Spelling) -> None:
    here = stage(Behaviour(date_zone=zone, field_names=spelling))
    contract = _contract(here)
    invoice = here.sandbox.add_invoice(contract, *OCTOBER)
    made, at = here.sandbox.today(), here.sandbox.now()
    assert here.client().invoices() == (Invoice(invoice, contract, *OCTOBER, made, at),)


def test_only_invoices_created_since_a_day_are_read() -> None:
    here = stage()
    contract = _contract(here)
    here.sandbox.add_invoice(contract, *OCTOBER)
    here.sandbox.advance(timedelta(days=10))
    today = here.sandbox.today()
    late = here.sandbox.add_invoice(contract, *NOVEMBER)
    assert [found.id for found in here.client().invoices(since=today)] == [late]
    assert len(here.client().invoices()) == 2


def test_no_invoice_needs_no_lines() -> None:
    here = stage()
    assert here.client().invoices() == ()
    assert (here.wire.count(INVOICES), here.wire.count(INVOICE_LINES)) == (1, 0)


def test_lines_are_asked_for_in_few_calls() -> None:
    here = stage(Behaviour(page_cap=1000))
    contract = _contract(here)
    for _ in range(150):
        here.sandbox.add_invoice(contract, *OCTOBER)
    assert len(here.client().invoices()) == 150
    assert here.wire.count(INVOICE_LINES) == 4


def _invoice(number: int, **fields: object) -> dict[str, object]:
    first, last = "2026-10-01T00:00:00", "2026-10-31T00:00:00"
    return {"Id": number, "InvoiceFrom": first, "InvoiceTo": last, "StatusName": "Sent"} | fields


def _read(
    invoices: list[dict[str, object]], lines: list[tuple[int, int | None, int]]
) -> tuple[Invoice, ...]:
    details = [{"Id": i, "InvoiceId": invoice, "ContractId": c} for i, invoice, c in lines]
    pages = [invoices, [], details, []]
    answers = [httpx.Response(200, json={"Success": True, "Result": page}) for page in pages]
    return scripted_client(*answers).invoices()


def test_an_invoice_over_two_contracts_closes_a_period_of_both() -> None:
    found = _read([_invoice(1)], [(1, 1, 50), (2, 1, 60), (3, 1, 50)])
    assert found == (Invoice(1, 50, *OCTOBER), Invoice(1, 60, *OCTOBER))


def test_bms_may_say_in_two_ways_when_an_invoice_was_made() -> None:
    generated = _invoice(1, GeneratedOn="2026-11-02T06:00:00")
    created = _invoice(2, GeneratedOn="2026-11-02T06:00:00", CreatedOn="2026-11-01T06:00:00")
    found = _read([generated, created], [(1, 1, 50), (2, 2, 50)])
    assert [one.made for one in found] == [date(2026, 11, 2), date(2026, 11, 1)]


def test_lines_of_no_contract_or_of_an_invoice_not_asked_for_count_for_nothing() -> None:
    found = _read([_invoice(1)], [(1, 1, 0), (2, 99, 50), (3, None, 50), (4, 1, 60)])
    assert found == (Invoice(1, 60, *OCTOBER),)


@pytest.mark.parametrize(
    "fields", [{"InvoiceFrom": None}, {"InvoiceTo": None}, {"StatusName": "Void"}]
)
def test_an_invoice_that_covers_no_period_closes_none(fields: dict[str, object]) -> None:
    found = _read([_invoice(1, **fields), _invoice(2)], [(1, 1, 50), (2, 2, 60)])
    assert found == (Invoice(2, 60, *OCTOBER),)


@pytest.mark.parametrize("zone", ["local", "utc"])
@pytest.mark.parametrize("spelling", ["camel", "pascal"])
def test_an_issued_invoice_has_its_lines_and_the_moment_it_was_made(
    zone: DateZone, spelling: Spelling
) -> None:
    here = stage(Behaviour(date_zone=zone, field_names=spelling))
    contract = _contract(here)
    number = here.sandbox.add_invoice(contract, *OCTOBER)
    (found,) = here.client().issued_invoices()
    assert (found.id, found.number, found.first, found.last) == (number, f"INV-{number}", *OCTOBER)
    assert found.created == here.sandbox.now()
    assert not found.sent
    (line,) = found.lines
    assert (line.invoice_id, line.contract_id, line.name) == (number, contract, "Service of Brass")
    assert (line.quantity, line.unit_price, line.total) == (Decimal(2), Decimal(1), Decimal(2))
    assert line.day == OCTOBER[0]


def test_every_line_of_every_page_is_read() -> None:
    here = stage(Behaviour(page_cap=3))
    contract = here.contract("Brass")
    for number in range(10):
        service = here.sandbox.add_service(f"Service {number}", "1.00")
        here.sandbox.add_line(contract, service, 1 + number, date(2025, 1, 1))
    for _ in range(4):
        here.sandbox.add_invoice(contract, *OCTOBER)
    found = here.client().issued_invoices()
    assert [[int(line.quantity) for line in one.lines] for one in found] == [[*range(1, 11)]] * 4


def _issued(fields: dict[str, object], line: dict[str, object]) -> tuple[IssuedInvoice, ...]:
    made = {"CreatedOn": "2026-11-01T06:00:00", "InvoiceNumber": "A-1"}
    given = {"Id": 9, "InvoiceId": 1, "ContractId": 50, "Qty": 3, "UnitPrice": 2.5} | line
    pages = [[_invoice(1, **(made | fields))], [], [given], []]
    answers = [httpx.Response(200, json={"Success": True, "Result": page}) for page in pages]
    return scripted_client(*answers).issued_invoices()


def test_an_invoice_that_was_sent_says_so() -> None:
    (found,) = _issued({"SentOn": "2026-11-02T08:00:00"}, {})
    assert found.sent


def test_a_line_without_a_total_is_quantity_times_price() -> None:
    (found,) = _issued({}, {"TotalPrice": None})
    assert found.lines[0].total == Decimal("7.5")
    (found,) = _issued({}, {"TotalPrice": 7.49})
    assert found.lines[0].total == Decimal("7.49")


def test_where_bms_leaves_out_when_an_invoice_was_created_its_generation_counts() -> None:
    (found,) = _issued({"CreatedOn": None, "GeneratedOn": "2026-11-01T07:00:00Z"}, {})
    assert found.created == datetime(2026, 11, 1, 7, tzinfo=UTC)
    with pytest.raises(BmsUnexpected, match="GeneratedOn"):
        _issued({"CreatedOn": None}, {})


def test_a_line_without_a_quantity_is_no_zero() -> None:
    with pytest.raises(BmsUnexpected, match="Qty"):
        _issued({}, {"Qty": None})


def test_a_void_invoice_bills_nothing() -> None:
    assert _issued({"StatusName": "Void"}, {}) == ()
