"""What staff and what a customer are shown of one explanation, in each form."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.model.explanation import (
    BeginsLater,
    Explanation,
    SettingShown,
    UnitsSince,
    WriteShown,
)
from reconciler.model.plan import Step
from reconciler.model.reading import Reading
from reconciler.report.explain_text import dumps, parts, render, to_markdown
from tests.report.example import BRASS, change, line
from tests.report.screen import console, shown

WAITS = "Not written yet"
LINE = line(BRASS, "srv-01-code")
SERVER = replace(LINE, bms_service="Managed Server")
ONE = Explanation(
    line=SERVER,
    as_of=date(2026, 11, 23),
    period=(date(2026, 11, 1), date(2026, 11, 30)),
    units=7,
    wanted=8,
    price=Decimal("95.00"),
    monthly=Decimal("665.00"),
    wanted_monthly=Decimal("760.00"),
    readings=(
        Reading(
            "datto-rmm", "rmm-4711", "Brass LLC", "devices-by-type", "Server",
            date(2026, 11, 22), Decimal(8), "file usage/secret.csv", ("SRV-01", "SRV-02"),
        ),
    ),
    steps=(
        Step("datto-rmm devices-by-type (Server) of rmm-4711 on 2026-11-22", "8"),
        Step("commitment: lost the bid in 2025", "6 until 2027-06-30"),
        Step("units", "8"),
    ),
    customer_steps=(
        Step("Datto RMM Devices by Type (Server) of Brass LLC on 2026-11-22", "8"),
        Step("agreed minimum", "6 until 2027-06-30"),
        Step("units", "8"),
    ),
    settings=(
        SettingShown("policy", "daily", "billing-config/billing.yaml:30"),
        SettingShown("over", "last", ""),
    ),
    known=(UnitsSince(date(2026, 1, 1), 7, "baseline"),),
    desired=((date(2026, 11, 1), 7), (date(2026, 11, 15), 8)),
    changes=(change("c01", SERVER, 7, 8, "95.00", "50.67"),),
    writes=(
        WriteShown(
            at=datetime(2026, 10, 20, 17, tzinfo=UTC),
            day=date(2026, 10, 15),
            units_before=6,
            units_after=7,
            price=Decimal("95.00"),
            ref="7F3A9C0000",
            outcome="answered",
            plan="ab" * 32,
            approved_by="Sam (terminal)",
        ),
    ),
    note="grumbles about every invoice",
)  # fmt: skip
OURS = (
    "srv-01-code", "datto-rmm", "devices-by-type", "rmm-4711", "usage/", "billing-config",
    "grumbles", "lost the bid", "Sam", "7F3A9C",
)  # fmt: skip


def told(form: str, *, customer: bool) -> str:
    match form:
        case "text":
            terminal = console(100)
            render([ONE], "USD", terminal, customer=customer)
            return shown(terminal)
        case "markdown":
            return to_markdown([ONE], "USD", customer=customer)
        case _:
            return dumps([ONE], customer=customer)


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
@pytest.mark.parametrize("customer", [False, True], ids=["staff", "customer"])
def test_an_explanation(form: str, snapshot: SnapshotAssertion, *, customer: bool) -> None:
    assert told(form, customer=customer) == snapshot


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_a_customer_sees_nothing_of_ours(form: str) -> None:
    seen = told(form, customer=True)
    assert [word for word in OURS if word in seen] == []
    assert all(word in seen for word in ("Managed Server", "SRV-02", "95.00", "Datto RMM"))


def test_json_says_the_steps_once() -> None:
    (document,) = json.loads(dumps([ONE], customer=False))
    assert "customer_steps" not in document
    assert document["note"] == ONE.note


def test_rows_of_different_prices_are_told_apart() -> None:
    prices = ((Decimal("90.00"), 3), (Decimal("95.00"), 4))
    terminal = console(100)
    one = replace(ONE, by_price=prices, monthly=Decimal("650.00"))
    render([one], "USD", terminal, customer=True)
    said = " ".join(shown(terminal).split())
    assert "has 7 units (3 at 90.00 USD and 4 at 95.00 USD): 650.00 USD per month" in said


def waiting(one: Explanation, *, customer: bool = False) -> tuple[str, ...]:
    found = {part.title: part.lines for part in parts(one, "USD", customer=customer)}
    return found["Not on the contract yet" if customer else WAITS]


def now(one: Explanation) -> str:
    return next(p.lines[0] for p in parts(one, "USD", customer=False) if p.title == "Now")


def test_a_price_that_waits_is_told_apart_from_what_bms_bills() -> None:
    held = replace(
        change("c02", SERVER, 7, 7, "14.00", "0.00"),
        kind="price",
        price=Decimal("97.00"),
        price_before=Decimal("95.00"),
        standing="held",
        because=("GRD002",),
    )
    later = BeginsLater("price", "95.00", "99.00", date(2026, 12, 1), Decimal("28.00"))
    one = replace(ONE, changes=(held,), wanted_monthly=Decimal("776.00"), later=(later,))
    assert now(one) == "the contract has 7 units at 95.00 USD each: 665.00 USD per month"
    assert waiting(one) == (
        "price 95.00 -> 97.00 from 2026-11-15, +14.00 USD per month: held, not written until a"
        " person has looked; over the line guard (GRD002)",
        "with what is wanted by 2026-11-23: 8 units, 776.00 USD per month",
        "price 95.00 -> 99.00 from 2026-12-01, +28.00 USD per month with the units of today: its"
        " day has not come",
    )
    assert waiting(one, customer=True) == ("8 units wanted",)


def test_a_line_that_bms_does_not_have_has_no_price_there() -> None:
    one = replace(ONE, units=0, price=None, monthly=Decimal("0.00"))
    assert now(one) == "the contract has 0 units: 0.00 USD per month"


def test_units_that_nobody_knows_come_to_no_money() -> None:
    one = replace(ONE, units=None, monthly=None)
    assert now(one) == "nobody knows how many units the contract has, at 95.00 USD each"


def test_where_nothing_waits_nothing_is_said_of_it() -> None:
    one = replace(ONE, units=8, monthly=ONE.wanted_monthly, changes=())
    assert WAITS not in [part.title for part in parts(one, "USD", customer=False)]


def test_a_line_that_waits_for_the_end_of_its_period_says_when() -> None:
    waits = replace(ONE, sets_on=date(2026, 12, 1))
    (part,) = [p for p in parts(waits, "USD", customer=False) if p.title == WAITS]
    assert (
        "what the billing period comes to is written when it is over: on 2026-12-01" in part.lines
    )
    assert "when it is over" not in "".join(
        line for p in parts(waits, "USD", customer=True) for line in p.lines
    )
