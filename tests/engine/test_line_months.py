"""One line over months: where a replay starts, what it needs, what it leaves out."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.bound import BoundContract, BoundLine
from reconciler.engine.day_runs import Input
from reconciler.engine.known import KnownLine, known_line
from reconciler.engine.line_months import Counted, LineCase, Span, line_months, periods_of
from reconciler.engine.periods import Cycle, Schedule
from reconciler.engine.replay import Start, days_without_readings, known_since, start_of
from reconciler.model.assumptions import Assumptions
from reconciler.model.desired import Billing, DesiredLine
from reconciler.model.ledgered import KnownFact
from reconciler.model.plan import LineRef
from reconciler.model.settings import DatedSettings, FixedUnits
from tests.engine.builders import (
    ACCOUNT,
    KEY,
    START,
    WORKSTATION,
    a_contract,
    a_row,
    an_input,
    desired_account,
    fact,
    line,
    monthly,
    series,
    settings,
)

D = date
JANUARY, MARCH = D(2026, 1, 1), D(2026, 3, 1)
YEAR = Span(JANUARY, D(2026, 12, 1), D(2027, 1, 1))
REF = LineRef(1, ACCOUNT.name, 10, "Managed Services", 100, WORKSTATION.name, "workstation")
EACH_DAY_4 = an_input(series(*[4] * 365))


def bound(wanted: DesiredLine, schedule: Schedule | None = None, **contract: Any) -> BoundLine:
    there = a_contract(**contract)
    schedule = schedule or monthly(there.start, there.end)
    on = BoundContract(there, ACCOUNT, desired_account(wanted), Billing(), schedule, None)
    return BoundLine(KEY, wanted, on, WORKSTATION, (a_row(),))


def known(*facts: KnownFact) -> KnownLine:
    return known_line((a_row(),) if facts else (), facts, agreed=True)


def case(
    would: BoundLine, have: KnownLine, *inputs: Input, span: Span = YEAR, **more: Any
) -> LineCase:
    return LineCase(
        base=more.pop("base", None),
        would=Counted(would, inputs),
        known=have,
        prices={},
        billed_by=more.pop("billed_by", ()),
        span=span,
        assume=Assumptions(),
        currency="USD",
    )


def test_every_month_of_a_year_is_billed_and_replayed() -> None:
    done, missed = line_months(case(bound(line()), known(fact(3)), EACH_DAY_4))
    assert [one.month.month for one in done] == list(range(1, 13))
    assert {(one.base, one.would) for one in done} == {(Decimal("60.00"), Decimal("80.00"))}
    assert missed == []


def test_a_side_that_names_no_line_leaves_it_as_it_is() -> None:
    without = replace(case(bound(line()), known(fact(3)), EACH_DAY_4), would=None)
    named = replace(without, base=Counted(bound(line()), (EACH_DAY_4,)))
    done, _ = line_months(named)
    assert {(one.base, one.would) for one in done} == {(Decimal("80.00"), Decimal("60.00"))}


def test_months_outside_the_contract_say_so() -> None:
    short = bound(line(), start=MARCH, end=D(2026, 5, 31))
    readings = an_input(series(*[4] * 365))
    done, missed = line_months(case(short, known(fact(3, MARCH)), readings))
    assert [one.month.month for one in done] == [3, 4, 5]
    assert [(one.why, len(one.months)) for one in missed] == [
        ("the contract starts on 2026-03-01", 2),
        ("the contract ended on 2026-05-31", 7),
    ]


def test_units_learned_later_leave_the_months_before_out() -> None:
    done, missed = line_months(case(bound(line()), known(fact(3, D(2026, 2, 10))), EACH_DAY_4))
    assert done[0].month == MARCH
    assert [(one.why, len(one.months)) for one in missed] == [
        ("nobody knows its units before 2026-02-10", 2)
    ]


def test_silent_months_are_left_out_and_short_ones_counted() -> None:
    readings = an_input(series(*[4] * 31, *[None] * 28, *[4] * 10, None, *[4] * 20))
    span = Span(JANUARY, MARCH, D(2026, 4, 1))
    done, missed = line_months(case(bound(line()), known(fact(3)), readings, span=span))
    assert [(one.month.month, one.days_missing, one.days) for one in done] == [
        (1, 0, 31),
        (3, 1, 31),
    ]
    assert [(one.why, one.months) for one in missed] == [("no complete reading", (D(2026, 2, 1),))]


def test_a_count_without_organizations_says_that_nothing_is_mapped() -> None:
    done, missed = line_months(case(bound(line()), known(fact(3))))
    assert done == []
    assert missed[0].why == "nothing is mapped that its count could count"


def test_fixed_units_need_no_reading() -> None:
    fixed = settings(fixed=FixedUnits(7, "agreed", D(2026, 1, 31)))
    span = Span(JANUARY, D(2026, 2, 1), D(2026, 3, 1))
    done, missed = line_months(case(bound(line(fixed)), known(fact(3)), an_input(None), span=span))
    assert [(one.month.month, one.would, one.days) for one in done] == [(1, Decimal("140.00"), 0)]
    assert missed[0].months == (D(2026, 2, 1),)


def test_a_quarter_counts_in_the_month_it_begins_in() -> None:
    schedule = Schedule(D(2026, 2, 15), "quarterly", end=D(2027, 12, 31))
    there = bound(line(), schedule, start=D(2026, 2, 15), billing_cycle="Quarterly")
    readings = an_input(series(*[4] * 365))
    done, missed = line_months(case(there, known(fact(3, D(2026, 2, 15))), readings))
    assert [one.month.month for one in done] == [2, 5, 8]
    assert [one.why for one in missed if one.months == (D(2026, 11, 1),)] == [
        "its period until 2027-02-14 is not over"
    ]


def test_all_weeks_that_begin_in_a_month_are_its() -> None:
    weekly = Schedule(START, "weekly")
    found = list(periods_of(weekly, D(2026, 2, 1), D(2026, 2, 1)))
    assert [one.first.day for one in found] == [5, 12, 19, 26]
    assert found[-1].end == D(2026, 3, 5)


def test_a_dated_price_counts_from_the_first_period_under_it() -> None:
    wanted = line(settings(), DatedSettings(D(2026, 2, 10), settings(price=Decimal("25.00"))))
    span = Span(JANUARY, MARCH, D(2026, 4, 1))
    done, _ = line_months(case(bound(wanted), known(fact(4)), EACH_DAY_4, span=span))
    assert [one.would for one in done] == [Decimal(80), Decimal(80), Decimal(100)]


def test_units_that_stay_keep_the_price_of_their_row() -> None:
    rows = (a_row(id=1, price=Decimal("18.00")), a_row(id=2, price=Decimal("20.00")))
    told = [fact(2, row_id=1), fact(1, row_id=2)]
    there = replace(bound(line()), rows=rows)
    have = known_line(rows, told, agreed=True)
    done, _ = line_months(case(there, have, EACH_DAY_4, span=Span(JANUARY, JANUARY, MARCH)))
    assert [(one.base, one.would) for one in done] == [(Decimal("56.00"), Decimal("76.00"))]


def test_the_last_day_ends_the_line_in_the_replay() -> None:
    ended = line(last_day=D(2026, 1, 10))
    span = Span(JANUARY, D(2026, 2, 1), MARCH)
    done, _ = line_months(case(bound(ended), known(fact(4)), EACH_DAY_4, span=span))
    assert [(one.month.month, one.would) for one in done] == [
        (1, Decimal("25.81")),
        (2, Decimal("0.00")),
    ]


def test_a_line_we_added_had_nothing_before() -> None:
    added = known(fact(4, D(2026, 1, 17), source="reply"))
    done, _ = line_months(
        case(bound(line()), added, EACH_DAY_4, span=Span(JANUARY, JANUARY, MARCH))
    )
    assert [(one.base, one.would) for one in done] == [(Decimal("38.71"), Decimal("80.00"))]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"decrease": "next-period"}, Start(3, MARCH)),
        ({"late": "next-period"}, Start(3, MARCH)),
        ({"increase": "next-period"}, Start(5, D(2026, 2, 28))),
        ({}, Start(5, D(2026, 2, 28))),
    ],
)
def test_a_step_on_the_first_day_is_the_replays_unless_it_was_left_over(
    rules: dict[str, Any], expected: Start
) -> None:
    have = known(fact(5), fact(3, MARCH, effect="set", row_id=None))
    assert start_of(have, MARCH, monthly(), settings(**rules)) == expected


def test_what_the_first_days_own_count_brought_is_the_replays() -> None:
    left, own = fact(3, MARCH, effect="set"), fact(7, MARCH, effect="set", ref="W", entered=3)
    rules = settings(decrease="next-period", late="next-period")
    assert start_of(known(fact(5), left, own), MARCH, monthly(), rules) == Start(3, MARCH)
    alone = fact(7, MARCH, effect="set", ref="W", entered=5)
    expected = Start(5, D(2026, 2, 28))
    assert start_of(known(fact(5), alone), MARCH, monthly(), rules) == expected


def test_since_when_units_are_known() -> None:
    assert known_since(known()) == date.min
    assert known_since(known(fact(1, MARCH))) == MARCH
    assert known_since(known(fact(1, MARCH, source="note"))) == date.min
    assert known_since(known_line((a_row(),), (), agreed=False)) is None


def test_days_after_the_last_or_before_the_first_need_no_reading() -> None:
    period = monthly().containing(JANUARY)
    ended = line(last_day=D(2026, 1, 10))
    begun = line(start=D(2026, 1, 30))
    assert days_without_readings(ended, [an_input(None)], period) == (10, 10)
    assert days_without_readings(begun, [an_input(None)], period) == (2, 2)


@pytest.mark.parametrize("cycle", ["weekly", "monthly", "quarterly", "yearly"])
def test_no_period_is_missed_or_seen_twice(cycle: Cycle) -> None:
    schedule = Schedule(D(2025, 1, 31), cycle)
    months = Span(D(2025, 1, 1), D(2027, 12, 1), D(2028, 1, 1)).months
    apart = [period for month in months for period in periods_of(schedule, month, month)]
    assert apart == list(periods_of(schedule, months[0], months[-1]))
    assert all(a.end == b.first for a, b in itertools.pairwise(apart))
