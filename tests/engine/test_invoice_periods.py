"""A contract whose invoices run by other periods than the configuration says, or on their other
side."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reconciler.engine.bound import BoundContract
from reconciler.engine.invoice_periods import invoiced_otherwise
from reconciler.engine.periods import Schedule
from reconciler.model.bms import Invoice
from reconciler.model.finding import Finding
from reconciler.model.settings import InvoiceOn
from tests.engine.test_lines import bound

D = date
START = D(2025, 5, 5)


def contract(*, calendar: bool) -> BoundContract:
    """It began on the fifth."""
    found = bound(START).contract
    return replace(found, schedule=Schedule(START, "monthly", calendar=calendar, end=D(2027, 5, 4)))


def invoice(first: date, last: date, number: int = 1) -> Invoice:
    return Invoice(number, 10, first, last)


BY_START = invoice(D(2026, 11, 5), D(2026, 12, 4))
BY_CALENDAR = invoice(D(2026, 11, 1), D(2026, 11, 30))


@pytest.mark.parametrize(
    ("calendar", "told", "meant"),
    [(True, BY_START, "contract-start"), (False, BY_CALENDAR, "calendar")],
)
def test_the_other_kind_of_periods_is_named_where_the_newest_invoice_has_it(
    calendar: bool, told: Invoice, meant: str
) -> None:
    (found,) = invoiced_otherwise(contract(calendar=calendar), [told])
    assert found.code == "BMS015"
    assert f"for {told.first} to {told.last}, as by `{meant}`" in found.message
    assert meant in (found.remedy or "")


@pytest.mark.parametrize(
    "invoices",
    [
        [],
        [BY_CALENDAR],
        [invoice(D(2026, 10, 5), D(2026, 11, 4)), replace(BY_CALENDAR, id=2)],
        [invoice(D(2026, 11, 3), D(2026, 11, 20))],
        [invoice(D(2026, 11, 5), D(2026, 11, 30))],
        [invoice(D(2024, 11, 5), D(2024, 12, 4))],
        [invoice(D(2025, 5, 5), D(2025, 5, 31))],
        [invoice(D(2026, 10, 1), D(2026, 12, 31))],
    ],
    ids=[
        "none",
        "fits",
        "older-ones-did-not",
        "fits-neither",
        "begins-as-the-other",
        "before-the-contract",
        "first-part",
        "several-periods",
    ],
)
def test_nothing_is_said_where_no_invoice_shows_it(invoices: list[Invoice]) -> None:
    assert list(invoiced_otherwise(contract(calendar=True), invoices)) == []


def test_a_contract_from_the_first_of_a_month_has_both() -> None:
    found = contract(calendar=True)
    found = replace(found, schedule=Schedule(D(2025, 5, 1), "monthly", calendar=True))
    assert list(invoiced_otherwise(found, [BY_CALENDAR])) == []


def dated(*made: date | None) -> list[Invoice]:
    """Of November, October and so on, made on these days."""
    firsts = [D(2026, 11, 1), D(2026, 10, 1), D(2026, 9, 1)]
    lasts = [D(2026, 11, 30), D(2026, 10, 31), D(2026, 9, 30)]
    days = zip(firsts, lasts, made, strict=False)
    return [Invoice(9 - n, 10, a, b, day) for n, (a, b, day) in enumerate(days)]


def said(on: InvoiceOn, invoices: list[Invoice]) -> list[Finding]:
    found = contract(calendar=True)
    billing = replace(found.billing, invoice=on)
    return list(invoiced_otherwise(replace(found, billing=billing), invoices[::-1]))


@pytest.mark.parametrize(
    ("on", "made", "told", "meant"),
    [
        ("end", (D(2026, 11, 1),), "made on 2026-11-01, before these were over", "start"),
        (
            "end",
            (D(2026, 11, 29), D(2026, 10, 1), D(2026, 10, 1)),
            "made on 2026-11-29, before these were over",
            "start",
        ),
        (
            "start",
            (D(2026, 12, 1), D(2026, 11, 1), D(2026, 9, 1)),
            "made on 2026-12-01, and like the one before only when these were over",
            "end",
        ),
    ],
)
def test_the_other_side_is_named_where_the_newest_invoices_have_it(
    on: InvoiceOn, made: tuple[date, ...], told: str, meant: str
) -> None:
    (found,) = said(on, dated(*made))
    assert (found.code, found.blocks) == ("BMS015", True)
    assert f"by `invoice: {on}`, and its newest invoice is for 2026-11-01" in found.message
    assert found.message.endswith(told)
    assert f"{{invoice: {meant}}}" in (found.remedy or "")


@pytest.mark.parametrize(
    ("on", "made"),
    [
        ("end", (D(2026, 12, 1), D(2026, 11, 1))),
        ("end", (D(2026, 11, 30),)),
        ("end", (D(2026, 11, 29), D(2026, 11, 1))),
        ("end", (D(2026, 11, 1), None)),
        ("end", (None,)),
        ("start", (D(2026, 11, 1), D(2026, 10, 1))),
        ("start", (D(2026, 12, 1), D(2026, 10, 1))),
        ("start", (D(2026, 11, 1), D(2026, 11, 1))),
        ("start", (D(2026, 12, 1), D(2026, 12, 1))),
        ("start", (D(2026, 11, 30), D(2026, 11, 1))),
        ("start", (D(2026, 12, 1),)),
        ("start", (D(2026, 12, 1), None)),
    ],
)
def test_no_side_is_named_where_one_may_have_been_made_by_hand(
    on: InvoiceOn, made: tuple[date | None, ...]
) -> None:
    assert said(on, dated(*made)) == []
