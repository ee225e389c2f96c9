"""Invoices by the sandbox's own reading."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.periods import Schedule
from reconciler.engine.proration import NOMINAL_DAYS, DayCount, rest_of_period
from reconciler.sandbox import Behaviour, InvoiceItem, SandboxError
from reconciler.sandbox.periods import Period, period_of
from reconciler.sandbox.portions import Sold, portion
from tests.sandbox.conftest import Bms

Make = Callable[..., Bms]
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))


def billed(bms: Bms, invoice: int) -> list[tuple[float, float]]:
    found = bms.get(f"/v2/finance/invoices/{invoice}")["result"]["lineitems"]
    return [(each["qty"], each["unitprice"]) for each in found]


def test_a_quiet_period_is_billed_in_full(bms: Bms) -> None:
    invoice = bms.sandbox.add_invoice(bms.contract, *NOVEMBER)
    assert billed(bms, invoice) == [(10, 22)]


def test_a_change_inside_the_period_is_prorated(bms: Bms) -> None:
    bms.post(2, "2026-11-16")
    assert billed(bms, bms.sandbox.add_invoice(bms.contract, *NOVEMBER)) == [(10, 22), (2, 11)]
    assert billed(bms, bms.sandbox.add_invoice(bms.contract, *DECEMBER)) == [(10, 22), (2, 22)]


def test_a_change_known_too_late_is_billed_on_the_next_invoice_once(bms: Bms) -> None:
    bms.sandbox.add_invoice(bms.contract, *NOVEMBER)
    bms.post(-3, "2026-11-16")
    invoice = bms.sandbox.add_invoice(bms.contract, *DECEMBER)
    assert billed(bms, invoice) == [(10, 22), (-3, 22), (-3, 11)]
    january = bms.sandbox.add_invoice(bms.contract, date(2027, 1, 1), date(2027, 1, 31))
    assert billed(bms, january) == [(10, 22), (-3, 22)]


def test_an_invoice_cannot_be_one_credit(bms: Bms) -> None:
    credit = InvoiceItem("Managed Workstation", Decimal(-1), Decimal(22), NOVEMBER[0])
    with pytest.raises(SandboxError, match="single negative line"):
        bms.sandbox.add_invoice(bms.contract, *NOVEMBER, [credit])
    both = [credit, InvoiceItem("Managed Workstation", Decimal(5), Decimal(22), NOVEMBER[0])]
    assert billed(bms, bms.sandbox.add_invoice(bms.contract, *NOVEMBER, both)) == [
        (-1, 22),
        (5, 22),
    ]


@pytest.mark.parametrize(
    ("day_count", "change_day", "part"),
    [
        ("actual", "billed", Decimal(17) / 31),
        ("actual", "free", Decimal(16) / 31),
        ("fixed-30", "billed", Decimal(17) / 30),
        ("fixed-30", "free", Decimal(16) / 30),
        ("30-360", "billed", Decimal(16) / 30),
        ("30-360", "free", Decimal(15) / 30),
    ],
)
def test_the_part_billed_of_july_from_the_15th(
    day_count: str, change_day: str, part: Decimal
) -> None:
    behaviour = Behaviour().changed({"day_count": day_count, "change_day": change_day})
    july = Period(date(2026, 7, 1), date(2026, 7, 31))
    assert portion(behaviour, date(2026, 7, 15), Sold(july, july)) == part


@pytest.mark.parametrize(
    ("cycle", "period", "fixed_30", "of_360"),
    [
        ("Weekly", (date(2026, 11, 15), date(2026, 11, 21)), (6, 7), (6, 7)),
        ("Monthly", NOVEMBER, (15, 30), (15, 30)),
        ("Quarterly", (date(2026, 10, 1), date(2026, 12, 31)), (46, 90), (45, 90)),
        ("Yearly", (date(2026, 1, 1), date(2026, 12, 31)), (46, 360), (45, 360)),
    ],
)
def test_a_price_is_for_30_days_of_each_month_of_the_contracts_cycle(
    make_bms: Make,
    cycle: str,
    period: tuple[date, date],
    fixed_30: tuple[int, int],
    of_360: tuple[int, int],
) -> None:
    for day_count, (days, of) in (("fixed-30", fixed_30), ("30-360", of_360)):
        bms = make_bms(day_count=day_count)
        start, end = date(2026, 1, 1), date(2027, 12, 31)
        contract = bms.sandbox.add_contract(bms.account, "Other", start, end, cycle=cycle)
        service = bms.sandbox.add_service("Dear", "2520.00")
        bms.sandbox.add_line(contract, service, 1, date(2026, 11, 16))
        invoice = bms.sandbox.add_invoice(contract, *period)
        assert billed(bms, invoice) == [(1, 2520 * days / of)]


def test_half_a_cent_is_rounded_up_where_the_part_has_no_end_in_decimals(make_bms: Make) -> None:
    bms = make_bms(day_count="fixed-30")
    service = bms.sandbox.add_service("Cheap", "0.15")
    bms.sandbox.add_line(bms.contract, service, 1, date(2026, 11, 6))
    assert (1, 0.13) in billed(bms, bms.sandbox.add_invoice(bms.contract, *NOVEMBER))


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.sampled_from(["actual", "30-360"]))
def test_a_part_is_between_nothing_and_the_whole(day: date, day_count: str) -> None:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    month = Period(day.replace(day=1), date.fromordinal(following.toordinal() - 1))
    behaviour = Behaviour().changed({"day_count": day_count})
    assert 0 <= portion(behaviour, day, Sold(month, month)) <= 1
    assert portion(behaviour, month.starts, Sold(month, month)) == 1


def test_invoices_are_listed_and_detailed(bms: Bms) -> None:
    first = bms.sandbox.add_invoice(bms.contract, *NOVEMBER, dated=date(2026, 11, 1))
    second = bms.sandbox.add_invoice(bms.contract, *DECEMBER)
    listed = bms.get("/v2/finance/invoices/summary", Filter__AccountId=bms.account)["result"]
    assert [each["id"] for each in listed] == [first, second]
    assert (listed[0]["invoicefrom"], listed[0]["invoiceto"]) == (
        "2026-11-01T00:00:00",
        "2026-11-30T00:00:00",
    )
    assert listed[0]["totalprice"] == 220
    since = bms.get("/v2/finance/invoices/summary", Filter__CreatedFrom="2026-11-02T00:00:00")
    assert [each["id"] for each in since["result"]] == [second]
    body = {"PageSize": 10, "PageNumber": 1, "Filter": {"ListInvoiceIds": f"{second}"}}
    (line,) = bms.send("/v2/finance/invoices/details", body)["result"]
    assert (line["invoiceid"], line["qty"], line["contractid"]) == (second, 10, bms.contract)
    wrong = bms.send("/v2/finance/invoices/details", {"Filter": {"ListInvoiceIds": "a,b"}})
    assert wrong["success"] is False
    assert bms.get("/v2/finance/invoices/7")["success"] is False


def test_the_invoicing_run_makes_what_is_due_once(bms: Bms) -> None:
    made = bms.sandbox.bill()
    assert (made, bms.sandbox.bill()) == (1, 0)
    bms.sandbox.set_clock(date(2027, 1, 15))
    assert bms.sandbox.bill() == 2
    starts = [row["starts"] for row in bms.sandbox._store.rows("SELECT starts FROM invoices")]
    assert starts == ["2026-11-15", "2026-12-15", "2027-01-15"]


@given(
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.integers(0, 2000),
    st.sampled_from(["monthly", "quarterly", "yearly"]),
    st.sampled_from(["actual", "fixed-30"]),
)
def test_the_sandboxs_parts_are_those_of_the_engine_by_another_way(
    start: date, days: int, cycle: Literal["monthly", "quarterly", "yearly"], day_count: DayCount
) -> None:
    day = start + timedelta(days=days)
    period = Schedule(start, cycle).containing(day)
    billed, of = rest_of_period(day, period, cycle, day_count)
    whole = Period(period.first, period.last)
    found = portion(Behaviour(day_count=day_count), day, Sold(whole, whole, NOMINAL_DAYS[cycle]))
    assert found == Decimal(billed) / of


@given(
    st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 2000), st.sampled_from([1, 3, 12])
)
def test_the_sandboxs_periods_are_those_of_the_engine_by_another_way(
    start: date, days: int, months: int
) -> None:
    cycles = {1: "monthly", 3: "quarterly", 12: "yearly"}
    day = start + timedelta(days=days)
    period = Schedule(start, cycles[months]).containing(day)  # type: ignore[arg-type]
    assert period_of(day, start.day, months, start) == Period(period.first, period.last)


def test_the_invoicing_run_bills_a_weekly_contract_by_the_week(bms: Bms) -> None:
    contract = bms.sandbox.add_contract(
        bms.account, "Weekly", date(2026, 11, 18), date(2026, 12, 3), cycle="Weekly", fiscal=True
    )
    service = bms.sandbox.add_service("Other", "7.00")
    bms.sandbox.add_line(contract, service, 1, date(2026, 11, 18))
    for day in (date(2026, 11, 18), date(2026, 12, 15)):
        bms.sandbox.set_clock(day)
        bms.sandbox.bill()
    found = bms.sandbox._store.rows(
        "SELECT starts, ends FROM invoices WHERE contract_id = ?", contract
    )
    assert [tuple(one) for one in found] == [
        ("2026-11-18", "2026-11-21"),
        ("2026-11-22", "2026-11-28"),
        ("2026-11-29", "2026-12-03"),
    ]
