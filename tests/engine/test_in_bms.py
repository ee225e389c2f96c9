"""What BMS's own steps and invoices say about a line's days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from reconciler.engine.in_bms import (
    begun_at,
    came_as_pending,
    ends_from,
    is_credit_held,
    is_past,
    until_bms_moves,
)
from reconciler.engine.invoiced import Closing
from reconciler.engine.periods import Schedule
from reconciler.engine.question import Question
from reconciler.model.timeline import UNKNOWN, Timeline
from tests.engine import builders as make

D = date
JANUARY, FEBRUARY = D(2026, 1, 1), D(2026, 2, 1)
END = D(2026, 1, 31)


def question(
    *steps: tuple[date, int], policy: dict[str, Any] | None = None, **more: Any
) -> Question:
    given: dict[str, Any] = {
        "line": make.line(make.settings(**policy or {})),
        "inputs": [],
        "schedule": make.monthly(),
        "first": JANUARY,
        "as_of": D(2026, 2, 10),
        "known": Timeline.of([(D(2025, 12, 1), 10), *steps]),
        "exists": True,
    }
    return Question(**{**given, **more})


def test_a_step_at_a_periods_start_came_from_before_where_the_policy_says_so() -> None:
    for policy, step in (({"increase": "next-period"}, 12), ({"decrease": "next-period"}, 8)):
        assert came_as_pending(question((FEBRUARY, step), policy=policy), FEBRUARY)
        assert not came_as_pending(question((FEBRUARY, 20 - step), policy=policy), FEBRUARY)
        assert not came_as_pending(question((D(2026, 2, 2), step), policy=policy), D(2026, 2, 2))
    assert not came_as_pending(question(policy={"decrease": "next-period"}), FEBRUARY)


def test_a_credit_that_was_held_came_from_before_and_a_rise_did_not() -> None:
    held = {"credits": "hold"}
    assert came_as_pending(question((FEBRUARY, 8), policy=held), FEBRUARY)
    assert not came_as_pending(question((FEBRUARY, 12), policy=held), FEBRUARY)


def test_nothing_comes_from_before_after_a_contracts_end() -> None:
    """BMS may have a step there: the end was moved since."""
    over = Schedule(JANUARY, "monthly", calendar=True, end=END)
    policy = {"decrease": "next-period"}
    assert not came_as_pending(question((FEBRUARY, 8), policy=policy, schedule=over), FEBRUARY)


def test_a_day_is_past_under_an_invoice_that_the_policy_leaves_alone() -> None:
    for policy, past in (
        ({"late": "next-period"}, True),
        ({"credits": "hold"}, False),
        ({}, False),
    ):
        asked = question(policy=policy, closed=END)
        settings = asked.line.settings[0].settings
        assert is_past(asked, END, settings) is past
        assert not is_past(asked, FEBRUARY, settings)
        assert not is_past(replace(asked, closed=None), END, settings)


def test_a_credit_is_held_on_days_whose_count_came_after_their_invoice() -> None:
    """The invoice of January was made on the third."""
    held = question(policy={"credits": "hold"}, closings=(Closing(D(2026, 1, 3), END),))
    days = [D(2026, 1, 2), D(2026, 1, 3), END, FEBRUARY]
    assert [is_credit_held(held, day) for day in days] == [False, True, True, False]
    free = replace(held, line=make.line(make.settings()))
    assert not any(is_credit_held(free, day) for day in days)


def test_what_a_period_began_with_is_told_from_before_its_true_up() -> None:
    policy = {"increase": "next-period"}
    asked = question((FEBRUARY, 12), policy=policy)
    assert begun_at(asked, FEBRUARY) == 12
    assert begun_at(replace(asked, begun={FEBRUARY: 11}), FEBRUARY) == 11
    assert begun_at(replace(asked, begun={FEBRUARY: 10}), FEBRUARY) is UNKNOWN
    assert begun_at(replace(asked, begun={FEBRUARY: UNKNOWN}), FEBRUARY) is UNKNOWN


def test_a_line_ends_after_what_is_invoiced_unless_decreases_are_prorated_there() -> None:
    waits = {"decrease": "next-period"}
    last = D(2026, 1, 15)
    assert ends_from(question(policy=waits), last) == D(2026, 1, 16)
    assert ends_from(question(policy=waits, closed=END), last) == FEBRUARY
    assert ends_from(question(policy=waits, closed=D(2025, 12, 31)), last) == D(2026, 1, 16)
    prorated = {"decrease": "next-period", "late": "prorated-transaction"}
    for policy in ({}, prorated):
        assert ends_from(question(policy=policy, closed=END), last) == D(2026, 1, 16)
    assert ends_from(question(first=FEBRUARY), last) == FEBRUARY


def test_days_go_together_up_to_the_next_step_of_bms() -> None:
    asked = question((D(2026, 1, 10), 11), (D(2026, 1, 20), 12))
    assert until_bms_moves(asked, D(2026, 1, 5), END) == D(2026, 1, 9)
    assert until_bms_moves(asked, D(2026, 1, 10), END) == D(2026, 1, 19)
    assert until_bms_moves(asked, D(2026, 1, 20), END) == END
