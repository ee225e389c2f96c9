from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from reconciler.model.plan import APPROVED, Step
from reconciler.report.changes_table import render
from reconciler.report.plan_view import by_standing
from tests.report.example import CHANGES, PLAN
from tests.report.screen import console, shown

NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf")), min_size=1, max_size=60
)


def text_of(name: str, units: int, money: Decimal, width: int, *because: str) -> str:
    change = replace(
        CHANGES[0],
        because=because or CHANGES[0].because,
        units_after=units,
        line=replace(CHANGES[0].line, service=name),
        money=replace(CHANGES[0].money, monthly=money, prorated=-money),
    )
    terminal = console(width)
    (group,) = by_standing(replace(PLAN, changes=(change,)))
    render(group, "USD", terminal)
    return shown(terminal)


@given(
    NAMES,
    st.integers(0, 999_999),
    st.decimals(min_value=-999_999, max_value=999_999, places=2),
    st.integers(80, 160),
)
def test_any_name_fits_beside_its_numbers(
    name: str, units: int, money: Decimal, width: int
) -> None:
    text = text_of(name, units, money, width)
    assert all(cell_len(line) <= width for line in text.splitlines())


@given(
    NAMES,
    st.integers(0, 2**31 - 1),
    st.decimals(min_value=-(10**7), max_value=10**7, places=2),
    st.integers(20, 160),
    st.sets(st.sampled_from(["GRD001", "GRD002", "GRD003", "GRD006", "KNW002"])),
)
def test_numbers_and_days_are_whole_even_where_the_terminal_is_too_narrow(
    name: str, units: int, money: Decimal, width: int, because: set[str]
) -> None:
    text = text_of(name, units, money, width, *sorted(because))
    assert f"40 -> {units:,}" in text
    assert f"{money:,.2f}" in text
    assert f"{-money:,.2f}" in text
    assert CHANGES[0].day.isoformat() in text


def test_large_numbers_and_many_reasons_fit_80_columns() -> None:
    text = text_of("ws", 2000, Decimal("-75658.00"), 80, "GRD001", "GRD002")
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "-75,658.00  +75,658.00" in text


def test_columns_stand_in_line_across_accounts() -> None:
    terminal = console(100)
    for group in by_standing(PLAN):
        if group.standing == "ready":
            render(group, "USD", terminal)
    rows = [line for line in shown(terminal).splitlines() if "2026-11-15" in line]
    assert len({row.index("2026-11-15") for row in rows}) == 1
    assert len(rows) == 5


def test_an_account_with_one_change_repeats_no_sum() -> None:
    terminal = console(100)
    (group,) = by_standing(replace(PLAN, changes=CHANGES[:1]))
    render(group, "USD", terminal)
    assert shown(terminal).count("+88.00") == 1


def test_what_approved_a_change_stands_beneath_its_row() -> None:
    let = "billing-config/approvals/2026-11.yaml: the new office in Lyon was announced"
    change = replace(CHANGES[0], steps=(Step(APPROVED, let),))
    terminal = console(100)
    (group,) = by_standing(replace(PLAN, changes=(change, replace(change, id="c99", steps=()))))
    render(group, "USD", terminal)
    row, below, other = shown(terminal).splitlines()[2:]
    assert row == other
    assert below.strip() == f"approved: {let}"
