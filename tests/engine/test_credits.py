"""Credits: who gets one, when it waits, and what else an invoiced period asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.desired import desired
from reconciler.engine.question import Question
from reconciler.model.bms import Invoice, LineKey
from reconciler.model.desired import Billing, Reference
from reconciler.model.settings import Carry, Late, LineSettings
from reconciler.model.timeline import Timeline
from tests.engine import builders as make
from tests.engine.play import World, brass, changes, codes
from tests.engine.test_desired import ask
from tests.engine.test_desired_rules import FIRST, questions

D = date
JANUARY = D(2026, 1, 1)
END = D(2026, 1, 31)


def invoiced(*values: int, **settings: Any) -> World:
    """Ten workstations; January is invoiced at its start."""
    line = make.line(make.settings(**settings))
    world = brass(*values, accounts=[make.desired_account(line)])
    world.invoices.append(Invoice(1, 10, JANUARY, END))
    return world


def test_a_held_credit_waits_for_the_next_period() -> None:
    world = invoiced(*[10] * 5, 8, credits="hold")
    assert changes(world.plan(D(2026, 1, 7))) == [("2026-02-01", 10, 8, "scheduled")]


def test_a_credit_is_made_at_once_where_nothing_holds_it() -> None:
    world = invoiced(*[10] * 5, 8)
    assert changes(world.plan(D(2026, 1, 7))) == [("2026-01-06", 10, 8, "ready")]


def test_a_decrease_that_is_no_credit_is_not_held() -> None:
    world = invoiced(*[10] * 5, 8, credits="hold")
    world.invoices.clear()
    assert changes(world.plan(D(2026, 1, 7))) == [("2026-01-06", 10, 8, "ready")]


def test_holding_credits_holds_no_increase() -> None:
    world = invoiced(*[10] * 5, 12, credits="hold")
    assert changes(world.plan(D(2026, 1, 7))) == [("2026-01-06", 10, 12, "ready")]


def test_a_held_credit_stays_written_once_its_period_is_invoiced_too() -> None:
    world = invoiced(*[10] * 5, *[8] * 30, credits="hold")
    first = D(2026, 2, 1)
    assert world.apply(world.plan(first)) == 1
    world.invoices.append(Invoice(2, 10, first, D(2026, 2, 28)))
    for day in (first, D(2026, 2, 2), D(2026, 2, 5)):
        assert changes(world.plan(day)) == []
    assert world.units(100, D(2026, 1, 31)) == 10
    assert world.units(100, first) == 8


def test_a_credit_held_too_long_waits_for_the_next_period_that_is_not_invoiced() -> None:
    world = invoiced(*[10] * 30, *[8] * 3, credits="hold")
    world.invoices.append(Invoice(2, 10, D(2026, 2, 1), D(2026, 2, 28)))
    assert changes(world.plan(D(2026, 2, 3))) == [("2026-03-01", 10, 8, "scheduled")]


def under_an_invoice(
    case: tuple[Question, LineSettings, Any], closed: int, **policy: Any
) -> Iterator[tuple[int, int]]:
    """(units of BMS, units wanted) on each day that may be written and is invoiced."""
    question, wanted, _ = case
    through = FIRST + timedelta(closed)
    settings = replace(wanted, **policy)
    found = desired(replace(question, line=make.line(settings), closed=through)).timeline
    for day in make.days(question.first, min(through, question.as_of)):
        before, after = question.known.at(day), found.at(day)
        assert before is not None
        assert after is not None
        yield before, after


carries = st.sampled_from(get_args(Carry))


@given(questions(), st.integers(0, 80), carries, st.sampled_from(get_args(Late)))
def test_what_holds_credits_never_lowers_a_line_under_an_invoice(
    case: Any, closed: int, carry: Any, late: Any
) -> None:
    found = under_an_invoice(case, closed, credits="hold", carry=carry, late=late)
    assert all(after >= before for before, after in found)


@given(questions(), st.integers(0, 80), carries)
def test_what_waits_for_the_next_period_moves_nothing_under_an_invoice(
    case: Any, closed: int, carry: Any
) -> None:
    found = under_an_invoice(case, closed, late="next-period", carry=carry)
    assert all(after == before for before, after in found)


FEBRUARY = D(2026, 2, 1)


@pytest.mark.parametrize(
    "policy",
    [
        {"adjust": "daily", "increase": "next-period"},
        {"adjust": "month-end", "increase": "next-period"},
        {"adjust": "month-end", "increase": "next-period", "carry": "last"},
    ],
)
def test_what_begins_under_an_invoice_is_no_credit_when_the_reading_behind_it_is_corrected(
    policy: dict[str, Any],
) -> None:
    """January ended at 12, which February began with; it was invoiced, and then 12 became 11."""
    world = invoiced(*[10] * 20, *[12] * 11, credits="hold", **policy)
    assert world.apply(world.plan(FEBRUARY)) == 1
    assert world.units(100, FEBRUARY) == 12
    world.invoices.append(Invoice(2, 10, FEBRUARY, D(2026, 2, 28)))
    world.series = brass(*[10] * 20, *[11] * 40).series
    for day in (FEBRUARY, D(2026, 2, 2), D(2026, 2, 5)):
        assert changes(world.plan(day)) == [("2026-03-01", 12, 11, "scheduled")]


def test_a_true_up_leaves_alone_what_an_invoice_covers_of_its_month() -> None:
    policy = make.settings(adjust="month-end", credits="hold")
    known = Timeline(((JANUARY - make.ONE_DAY, 0), (D(2026, 1, 2), 1)))
    found = ask(policy, values=[0] * 31, known=known, closed=D(2026, 1, 2))
    assert found.timeline.steps == ((JANUARY, 0), (D(2026, 1, 2), 1), (D(2026, 1, 3), 0))


def test_a_start_at_the_newest_reading_is_no_credit_once_it_is_invoiced() -> None:
    """January's peak left 8 for February, which begins at the newest reading, 7."""
    policy = make.settings(
        adjust="month-end", over="peak", carry="last", credits="hold", increase="next-period"
    )
    world = brass(*[8] * 20, *[7] * 20, units=6, accounts=[make.desired_account(make.line(policy))])
    assert world.apply(world.plan(FEBRUARY)) == 1
    world.invoices.append(Invoice(1, 10, FEBRUARY, D(2026, 2, 28)))
    for day in (FEBRUARY, D(2026, 2, 2), D(2026, 2, 9)):
        assert changes(world.plan(day)) == []


@pytest.mark.parametrize("policy", [{"credits": "hold"}, {"late": "next-period"}])
def test_yesterdays_reading_takes_nothing_back_that_bms_has_today_under_an_invoice(
    policy: dict[str, Any],
) -> None:
    today = D(2026, 1, 3)
    question = Question(
        line=make.line(make.settings(**policy)),
        inputs=[make.an_input(make.series(10, 10))],
        schedule=make.monthly(),
        first=JANUARY,
        as_of=today,
        known=Timeline(((JANUARY - make.ONE_DAY, 10), (today, 12))),
        exists=True,
        closed=END,
    )
    assert desired(question).timeline.at(today) == 12
    assert desired(replace(question, closed=None)).timeline.at(today) == 10


@given(
    st.lists(st.none() | st.integers(0, 9), min_size=32, max_size=70),
    st.tuples(st.integers(0, 9), st.integers(0, 9)),
    st.sampled_from(["daily", "month-end"]),
    st.sampled_from(["change-date", "next-period"]),
    st.sampled_from(["level", "last"]),
)
def test_what_holds_credits_never_lowers_what_bms_has_under_an_invoice(
    values: list[int | None], units: tuple[int, int], adjust: Any, increase: Any, carry: Any
) -> None:
    settings = make.settings(adjust=adjust, increase=increase, credits="hold", carry=carry)
    known = Timeline(((JANUARY - make.ONE_DAY, units[0]), (FEBRUARY, units[1])))
    as_of = JANUARY + timedelta(len(values))
    question = Question(
        line=make.line(settings),
        inputs=[make.an_input(make.series(*values))],
        schedule=make.monthly(),
        first=JANUARY,
        as_of=as_of,
        known=known,
        exists=True,
        closed=D(2026, 2, 28),
    )
    found = desired(question).timeline
    for day in make.days(JANUARY, min(as_of, D(2026, 2, 28))):
        there, bms = found.at(day), known.at(day)
        assert there is not None
        assert bms is not None
        assert there >= bms, day


def ends_with_january(world: World) -> World:
    world.contracts = [replace(contract, end=END) for contract in world.contracts]
    return world


def test_a_credit_with_nothing_beside_it_is_told() -> None:
    world = ends_with_january(invoiced(*[10] * 5, 8))
    planned = world.plan(D(2026, 1, 7))
    (found,) = (f for f in planned.plan.findings if f.code == "POL004")
    assert "a credit of 33.55 USD" in found.message


def test_a_credit_beside_the_next_period_is_not_told() -> None:
    assert "POL004" not in codes(invoiced(*[10] * 5, 8).plan(D(2026, 1, 7)))


def test_a_credit_beside_another_contract_is_not_told() -> None:
    world = ends_with_january(invoiced(*[10] * 5, 8))
    other = make.a_contract(id=11, name="Projects", total=Decimal(50))
    world.contracts.append(other)
    assert "POL004" not in codes(world.plan(D(2026, 1, 7)))
    world.contracts[-1] = replace(other, total=Decimal(0))
    assert "POL004" in codes(world.plan(D(2026, 1, 7)))


@pytest.mark.parametrize(("units", "told"), [(3, False), (0, True)])
def test_a_credit_beside_a_contract_of_ours_that_was_never_invoiced(units: int, told: bool) -> None:
    """It began before we billed it, so nobody says what it had on its first day."""
    servers = replace(make.settings(), count=(replace(make.TERM, metric="servers"),))
    line = make.line(servers, service="server", bms_service=Reference(name="Managed Server"))
    account = make.desired_account()
    (first,) = account.contracts
    second = replace(first, contract=Reference(name="Projects"), lines=(line,))
    account = replace(account, contracts=(first, second))
    world = ends_with_january(brass(*[10] * 5, 8, accounts=[account]))
    world.invoices.append(Invoice(1, 10, JANUARY, END))
    world.contracts.append(make.a_contract(id=11, name="Projects", start=D(2025, 6, 1)))
    there = make.a_row(id=1001, contract_id=11, service_id=101, date=D(2025, 6, 1))
    world.rows.append((there, units))
    world.facts.append(make.fact(units, D(2025, 6, 1), row_id=1001, line=LineKey(1, 11, 101)))
    world.series["Brass", "servers"] = make.series(*[units] * 6)
    assert ("POL004" in codes(world.plan(D(2026, 1, 7)))) is told


def test_a_credit_is_told_where_nothing_is_left_from_the_next_period_on() -> None:
    line = make.line(make.settings(), last_day=END)
    world = brass(*[10] * 5, 8, accounts=[make.desired_account(line)])
    world.invoices.append(Invoice(1, 10, JANUARY, END))
    assert "POL004" in codes(world.plan(D(2026, 1, 7)))


@pytest.mark.parametrize(("invoice", "told"), [("start", True), ("end", False)])
def test_prorations_in_an_invoiced_period_are_told_once(invoice: Any, told: bool) -> None:
    world = invoiced(*[10] * 5, 12, 13)
    (account,) = world.accounts
    (contract,) = account.contracts
    contract = replace(contract, billing=Billing(invoice=invoice))
    world.accounts = [replace(account, contracts=(contract,))]
    found = codes(world.plan(D(2026, 1, 8)))
    assert found.count("POL005") == (1 if told else 0)


def test_nothing_is_said_of_periods_that_are_not_invoiced() -> None:
    assert "POL005" not in codes(brass(*[10] * 5, 12).plan(D(2026, 1, 7)))
