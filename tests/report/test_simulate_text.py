from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.engine.simulated import Month, NotReplayed, Simulation
from reconciler.model.plan import LineRef
from reconciler.report.simulate_text import dumps, headline, lines_of, render, to_markdown
from tests.report.screen import console, shown

MAY, JUNE, JULY = (date(2026, month, 1) for month in (5, 6, 7))
WORKSTATION = LineRef(
    1, "Brass Building Supplies", 10, "Managed Services", 100, "Managed Workstation", "workstation"
)
SERVER = replace(WORKSTATION, service_id=101, bms_service="Managed Server", service="server")
EVIL = replace(WORKSTATION, account_id=2, account="Evil|Co <b>@octocat</b>", contract_id=20)


def month(line: LineRef, day: date, base: str, would: str, missing: int = 0) -> Month:
    steps = ((day, 10), (day.replace(day=16), 12))
    return Month(line, day, Decimal(base), Decimal(would), steps, ((day, 12),), 31, missing)


FOUND = Simulation(
    tenant="Example MSP",
    currency="USD",
    config="c0ffee",
    against=None,
    first=MAY,
    last=JUNE,
    as_of=date(2026, 11, 23),
    months=(
        month(SERVER, MAY, "95.00", "95.00"),
        month(WORKSTATION, MAY, "418.00", "456.00"),
        month(WORKSTATION, JUNE, "1456.00", "1456.00", missing=2),
        month(EVIL, MAY, "200.00", "80.50"),
    ),
    not_replayed=(
        NotReplayed("Brass Building Supplies", "Managed Services", "server", (JUNE,), "no reading"),
        NotReplayed("Cobalt", "Managed", "a", (MAY, JUNE), "nobody knows its units"),
        NotReplayed("Cobalt", "Managed", "b", (MAY, JUNE), "nobody knows its units"),
        NotReplayed("Teal", "", "", (), "no account `Teal` in BMS"),
    ),
    left_alone=2,
)
SAME = replace(FOUND, months=FOUND.months[:1], not_replayed=(), left_alone=0)
NOTHING = replace(FOUND, months=())
AGAINST = replace(FOUND, against="beef", last=MAY)

CASES = pytest.mark.parametrize(
    "found", [FOUND, SAME, NOTHING, AGAINST], ids=["full", "same", "nothing", "against"]
)


@CASES
def test_text(found: Simulation, snapshot: SnapshotAssertion) -> None:
    terminal = console(90)
    render(found, terminal)
    assert shown(terminal) == snapshot


@CASES
def test_markdown(found: Simulation, snapshot: SnapshotAssertion) -> None:
    assert to_markdown(found) == snapshot


def test_the_first_line_says_it_all() -> None:
    assert headline(FOUND) == (
        "2026-05 to 2026-06: 2,169.00 USD was billed, 2,087.50 USD would have been: 81.50 USD less."
    )
    assert headline(AGAINST) == (
        "2026-05: 2,087.50 USD would have been billed, 2,169.00 USD under the other configuration:"
        " 81.50 USD less."
    )


def test_the_largest_difference_comes_first_whatever_its_sign() -> None:
    assert [line.difference for line in lines_of(FOUND)] == [Decimal("-119.50"), Decimal("38.00")]


def test_a_line_whose_months_cancel_out_is_still_shown() -> None:
    opposite = (month(SERVER, MAY, "5", "9"), month(SERVER, JUNE, "9", "5"))
    assert [line.difference for line in lines_of(replace(FOUND, months=opposite))] == [0]


def test_an_account_with_two_contracts_has_them_named() -> None:
    second = replace(SERVER, contract_id=11, contract="Projects")
    months = (month(WORKSTATION, MAY, "1", "2"), month(second, MAY, "1", "3"))
    names = [line.names[1] for line in lines_of(replace(FOUND, months=months))]
    assert names == ["server (Projects)", "workstation (Managed Services)"]


def test_a_hostile_name_opens_no_markup() -> None:
    text = to_markdown(FOUND)
    for raw in ("Evil|", "<b>", "@octocat"):
        assert raw not in text


def test_markdown_stays_under_its_limit_and_says_what_is_left_out() -> None:
    lines = [replace(WORKSTATION, account_id=n, account=f"Account {n}") for n in range(3000)]
    many = replace(
        FOUND,
        months=tuple(month(line, MAY, "1.00", "2.00") for line in lines),
        not_replayed=tuple(
            NotReplayed(line.account, "Managed", "server", (MAY,), "no reading") for line in lines
        ),
    )
    text = to_markdown(many, limit=60_000)
    assert len(text.encode()) < 60_000
    assert "more lines, smaller ones" in text
    assert "more entries" in text
    assert text.count("<details>") == text.count("</details>") > 1


def test_json_has_every_month_with_money_as_text() -> None:
    document = json.loads(dumps(FOUND))
    assert document["totals"] == {"base": "2169.00", "difference": "-81.50", "would": "2087.50"}
    assert len(document["lines"]) == 4
    assert document["lines"][2]["days_missing"] == 2
    assert document["lines"][0]["base_units"][1] == {"day": "2026-05-16", "units": 12}
    assert (document["from"], document["to"]) == ("2026-05", "2026-06")
    assert document["compared_with"] == "billed"
    assert document["not_replayed"][0]["why"] == "no reading"
