from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.engine.simulated import NotReplayed
from reconciler.report.simulate_view import checked, headline, lines_of, missed
from tests.report.simulated import (
    AGAINST,
    FOUND,
    JUNE,
    MAY,
    SERVER,
    WORKSTATION,
    month,
)


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


def test_what_was_looked_at_is_said() -> None:
    said = "; ".join(checked(FOUND))
    assert "3 lines replayed, 4 months in all; 2 lines would have been billed otherwise" in said
    assert "in 1 of these months a day had no complete reading" in said
    assert "2 lines that no configuration names would stay as is" in said


def test_lines_of_a_contract_with_one_reason_are_said_together() -> None:
    assert missed(FOUND) == [
        "Brass Building Supplies / Managed Services / server, 2026-06: no reading",
        "Cobalt / Managed / 2 lines, 2026-05, 2026-06: nobody knows its units",
        "Teal: no account `Teal` in BMS",
    ]


def test_many_months_are_counted_not_listed() -> None:
    months = tuple(MAY.replace(month=number) for number in range(1, 7))
    left = NotReplayed("Teal", "", "", months, "no reading")
    assert missed(replace(FOUND, not_replayed=(left,))) == [
        "Teal, 2026-01, 2026-02, 2026-03, 3 more: no reading"
    ]
