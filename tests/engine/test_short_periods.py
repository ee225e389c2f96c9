"""A period that the contract's start or end cuts short, as the sandbox bills it on both sides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from reconciler.sandbox import InvoiceItem
from tests.engine.billing_story import DECEMBER, JANUARY, NOVEMBER, Story, month_end, story

SIDES = ("prorated", "full")
CONVENTIONS = list(product(("actual", "fixed-30", "30-360"), ("billed", "free")))
BEGINS, ENDS = date(2026, 11, 12), date(2026, 12, 19)
CUT: dict[str, dict[str, Any]] = {"start": {"start": BEGINS}, "end": {"end": ENDS}}


def bill(told: Story) -> None:
    """Two lines, billed for November and December; units move in both short periods, once before
    the invoice and once after it."""
    told.line("alpha", 10, "31.00")
    told.line("beta", 3, "7.05")
    told.at(date(2026, 11, 20))
    told.move("alpha", date(2026, 11, 20), 2)
    told.bill(max(NOVEMBER, told.start), last=month_end(NOVEMBER))
    told.at(date(2026, 11, 25))
    told.move("beta", date(2026, 11, 25), 4)
    told.at(DECEMBER)
    told.move("beta", DECEMBER, 1)
    told.at(date(2026, 12, 10))
    told.move("alpha", date(2026, 12, 10), -5)
    told.bill(DECEMBER, last=min(month_end(DECEMBER), told.end))
    told.at(JANUARY)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("cut", CUT)
@pytest.mark.parametrize(("day_count", "change_day"), CONVENTIONS)
def test_a_short_period_is_billed_as_the_side_that_is_assumed_expects(
    side: str, cut: str, day_count: str, change_day: str
) -> None:
    behaviour = {"part_period": side, "day_count": day_count, "change_day": change_day}
    with story(**behaviour, **CUT[cut]) as told:
        bill(told)
        for month in (NOVEMBER, DECEMBER):
            found = told.verify(month)
            assert [(f.code, f.message) for f in found.findings] == []
            assert (found.count("matched"), found.part_period) == (2, side)


@pytest.mark.parametrize(
    ("side", "said"),
    [
        ("full", "bills it in full: 2 lines for 331.15 USD, and 202.96 USD expected"),
        ("prorated", "bills it by its days: 2 lines for 202.96 USD, and 331.15 USD expected"),
    ],
)
@pytest.mark.parametrize("cut", CUT)
def test_the_other_side_is_said_once_for_a_contract(side: str, said: str, cut: str) -> None:
    wrong = "full" if side == "prorated" else "prorated"
    month = NOVEMBER if cut == "start" else DECEMBER
    with story(part_period=side, **CUT[cut]) as told:
        told.line("alpha", 10, "31.00")
        told.line("beta", 3, "7.05")
        told.at(JANUARY)
        told.bill(max(month, told.start), last=min(month_end(month), told.end))
        found = told.verify(month, part_period=wrong)
    (one,) = found.findings
    assert one.code == "VER009"
    days = f"{max(month, told.start)} to {min(month_end(month), told.end)}"
    assert f"the contract cuts {days} short" in one.message
    if cut == "end":
        assert said in one.message
    assert f"set `part_period: {side}`" in one.remedy
    assert found.count("amount") == 2


@pytest.mark.parametrize("side", SIDES)
def test_changes_inside_a_short_period_are_told_with_it(side: str) -> None:
    wrong = "full" if side == "prorated" else "prorated"
    with story(part_period=side, **CUT["start"]) as told:
        bill(told)
        codes = [
            [f.code for f in told.verify(month, part_period=wrong).findings]
            for month in (NOVEMBER, DECEMBER)
        ]
    # December has the late line of a change in the short period.
    assert codes == [["VER009"], ["VER009"]]


def ended(told: Story, edit: dict[str, str] | None = None) -> None:
    """The last period, billed with other prices where told."""
    told.line("alpha", 10, "31.00")
    told.line("beta", 3, "7.05")
    told.at(JANUARY)
    lines = [
        InvoiceItem(i.name, i.quantity, Decimal((edit or {}).get(i.name, str(i.price))), i.date)
        for i in told.would_bill(DECEMBER)
    ]
    told.bill(DECEMBER, lines, last=ENDS)


def test_a_line_that_is_wrong_otherwise_keeps_its_own_finding() -> None:
    with story(part_period="full", **CUT["end"]) as told:
        ended(told, {"beta": "6.00"})
        found = told.verify(DECEMBER, part_period="prorated")
    assert [(f.code, f.subject.service) for f in found.findings] == [
        ("VER009", None),
        ("VER003", "beta"),
    ]
    assert "1 line for 310.00 USD, and 190.00 USD expected" in found.findings[0].message


def test_where_a_line_fits_only_what_is_assumed_the_other_side_is_no_explanation() -> None:
    with story(part_period="full", **CUT["end"]) as told:
        ended(told, {"beta": "4.32"})
        found = told.verify(DECEMBER, part_period="prorated")
    (one,) = found.findings
    assert (one.code, one.subject.service) == ("VER003", "alpha")
    assert "`part_period: full` would give it" in one.message


def test_a_sent_invoice_is_a_matter_for_the_customer() -> None:
    with story(part_period="full", **CUT["end"]) as told:
        ended(told)
        (number,) = (one.invoice_id for one in told.verify(DECEMBER).invoices)
        found = told.verify(DECEMBER, sent=frozenset({number}), part_period="prorated")
    assert "agree with the customer" in found.findings[0].remedy


def test_a_whole_period_says_nothing_of_short_ones() -> None:
    with story() as told:
        told.line("alpha", 10, "31.00")
        told.at(DECEMBER)
        told.bill(NOVEMBER, [InvoiceItem("alpha", Decimal(10), Decimal("19.00"), NOVEMBER)])
        found = told.verify(NOVEMBER)
    assert [f.code for f in found.findings] == ["VER003"]
    assert "part_period" not in found.findings[0].message


def test_a_contract_without_an_end_in_sight_is_looked_at_too() -> None:
    with story(part_period="full", start=BEGINS, end=date.max) as told:
        told.line("alpha", 10, "31.00")
        told.at(DECEMBER)
        told.bill(BEGINS, last=month_end(NOVEMBER))
        found = told.verify(NOVEMBER, part_period="prorated")
    assert [f.code for f in found.findings] == ["VER009"]


def begun(told: Story, lines: list[InvoiceItem] | None = None) -> None:
    """Two lines that a first apply adds in the short period; by our clock the invoice of it came
    just before."""
    for name, price in (("alpha", "31.00"), ("beta", "7.05")):
        told.services[name] = told.sandbox.add_service(name, price)
        told.facts[name], told.writes[name] = [], []
    told.at(BEGINS, hour=12)
    told.move("alpha", BEGINS, 10)
    told.move("beta", date(2026, 11, 14), 3)
    told.at(BEGINS, hour=10)
    told.bill(BEGINS, lines, last=month_end(NOVEMBER))
    told.at(DECEMBER)
    told.bill(DECEMBER)
    told.at(JANUARY)


@pytest.mark.parametrize(
    ("side", "said"),
    [
        ("full", "bills it in full: 2 lines for 328.93 USD, and 208.32 USD expected"),
        ("prorated", "bills it by its days: 2 lines for 208.30 USD, and 328.92 USD expected"),
    ],
)
def test_what_an_invoice_has_in_other_money_is_not_open_on_the_next(side: str, said: str) -> None:
    wrong = "full" if side == "prorated" else "prorated"
    with story(part_period=side, start=BEGINS) as told:
        begun(told)
        (one,) = told.verify(NOVEMBER, part_period=wrong).findings
        assert (one.code, said in one.message) == ("VER009", True)
        december = told.verify(DECEMBER, part_period=wrong)
    assert (december.findings, december.count("matched")) == ((), 2)


def test_the_other_side_is_said_with_all_that_was_to_be_billed() -> None:
    """A broken quantity does not tell whether the first invoice had the change."""
    broken = InvoiceItem("alpha", Decimal("12.5"), Decimal("24.80"), BEGINS)
    with story(part_period="full", start=BEGINS) as told:
        begun(told, [broken, InvoiceItem("beta", Decimal(3), Decimal("6.31"), BEGINS)])
        found = told.verify(DECEMBER, part_period="prorated")
    (one,) = found.findings
    assert (one.code, found.count("open")) == ("VER009", 1)
    assert "1 line for 310.00 USD, and 506.33 USD expected" in one.message
