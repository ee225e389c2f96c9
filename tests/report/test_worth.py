"""The money of a price is not 0.00 where nobody knows the units."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from rich.console import Console

from reconciler.engine.caused import caused
from reconciler.model.plan import Change, Plan
from reconciler.model.settings import Mode
from reconciler.report import plan_markdown, plan_text
from reconciler.report.caused import first_line
from reconciler.report.sections import changes as table
from reconciler.report.worth import figure, per_month
from tests.engine.test_foreseen import TODAY, of, shop
from tests.engine.test_unplanned import untold
from tests.report.example import PLAN

NINE = Decimal(9)


def repriced(mode: Mode = "apply") -> Plan:
    return untold(replace(of(price=NINE), mode=mode)).plan(TODAY).plan


def change() -> Change:
    (one,) = repriced().changes
    return one


def test_one_alone_and_among_others() -> None:
    (known,) = shop(of(price=NINE)).plan(TODAY).plan.changes
    assert (figure([change()], "USD"), per_month([change()], "USD")) == ("unknown", "money unknown")
    assert figure([known], "USD") == "-110.00"
    assert figure([known, change()], "USD") == "-110.00"
    assert per_month([known, change()], "USD") == "-110.00 USD per month and 1 of unknown money"
    assert per_month([], "USD") == "0.00 USD per month"


@pytest.mark.parametrize("mode", ["apply", "observe"])
def test_no_plan_calls_it_nothing(mode: Mode) -> None:
    told = plan_markdown.render(repriced(mode))
    assert ("money unknown" in told, "0.00 USD" in told) == (True, False)
    assert "| unknown | 0.00 |" in told
    console = Console(width=160, record=True, force_terminal=False)
    plan_text.render(repriced(mode), console)
    shown = console.export_text()
    assert ("money unknown" in shown, "0.00 USD" in shown) == (True, False)


def test_nor_does_a_comment_or_an_issue() -> None:
    found = caused(untold(of(price=NINE)).entry(TODAY), untold(of()).entry(TODAY))
    assert first_line(found) == "Merging this: 1 change waits for a person, money unknown."
    assert "| unknown |" in table("Held", [(change(), "why")], "USD", 2_000)


def test_what_is_known_is_told_as_ever() -> None:
    assert per_month(PLAN.changes, "USD").endswith(" USD per month")
