"""What staff and what a customer are shown of one explanation, in each form."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.model.explanation import Explanation, SettingShown, UnitsSince, WriteShown
from reconciler.model.plan import Step
from reconciler.model.reading import Reading
from reconciler.report.explain_text import dumps, render, to_markdown
from tests.report.example import BRASS, change, line
from tests.report.screen import console, shown

LINE = line(BRASS, "srv-01-code")
SERVER = replace(LINE, bms_service="Managed Server")
ONE = Explanation(
    line=SERVER,
    as_of=date(2026, 11, 23),
    period=(date(2026, 11, 1), date(2026, 11, 30)),
    units=7,
    wanted=8,
    price=Decimal("95.00"),
    monthly=Decimal("760.00"),
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
    prices = ((Decimal("90.00"), 3), (Decimal("95.00"), 5))
    terminal = console(100)
    one = replace(ONE, by_price=prices, monthly=Decimal("745.00"))
    render([one], "USD", terminal, customer=True)
    said = " ".join(shown(terminal).split())
    assert "3 at 90.00 USD and 5 at 95.00 USD; what is wanted comes to 745.00 USD per month" in said
