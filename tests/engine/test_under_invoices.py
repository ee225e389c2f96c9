"""What the policy leaves of days under an invoice: they keep what BMS has, and are told."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.diff import Closed, Post, Rules, difference
from reconciler.engine.under_invoices import Invoiced, kept
from reconciler.model.assumptions import Assumptions
from reconciler.model.timeline import Timeline
from tests.engine.builders import ONE_DAY, days

FIRST, AS_OF = date(2026, 1, 1), date(2026, 2, 1)
LAST = date(2026, 1, 19)
STEPS = st.dictionaries(st.dates(FIRST, AS_OF), st.integers(0, 20), max_size=6)
HELD = st.sampled_from(["rises", "falls", "both", "neither"])


def timeline(steps: dict[date, int], before: int | None = 10) -> Timeline:
    start = [] if before is None else [(FIRST - ONE_DAY, before)]
    return Timeline.of([*start, *steps.items()])


def invoiced(last: date = LAST, held: str = "both") -> Invoiced:
    def holds(_: date, more: int) -> bool:
        return held in ("rises" if more > 0 else "falls", "both")

    return Invoiced(last, holds)


def written(desired: Timeline, known: Timeline) -> Timeline:
    """What BMS has once all that differs was added."""
    rules = Rules(Assumptions(line_update="append", negative_units="accepted"), FIRST, AS_OF)
    for step in difference(desired, known, rules):
        assert isinstance(step, Post)
        known = known.adding(step.day, step.posts)
    return known


@given(wanted=STEPS, had=STEPS, last=st.dates(FIRST - ONE_DAY, AS_OF + ONE_DAY), held=HELD)
def test_a_day_is_as_it_should_be_or_is_held_and_told(
    wanted: dict[date, int], had: dict[date, int], last: date, held: str
) -> None:
    desired, known, under = timeline(wanted), timeline(had), invoiced(last, held)
    allowed, closed = kept(desired, known, under, FIRST, AS_OF)
    after = written(allowed, known)
    told = {day: one for one in closed for day in days(one.day, one.last)}
    assert sum(len(days(one.day, one.last)) for one in closed) == len(told)
    for day in days(FIRST, AS_OF):
        right, there = desired.at(day) or 0, known.at(day) or 0
        if day in told:
            assert (after.at(day), told[day].after - told[day].before) == (there, right - there)
            assert day <= last
            assert under.holds(day, right - there)
        else:
            assert after.at(day) == right
            assert day > last or right == there or not under.holds(day, right - there)
    assert kept(desired, after, under, FIRST, AS_OF) == (allowed, closed) or not closed
    assert written(desired, after) == written(desired, known)


def test_what_is_held_is_told_for_the_days_that_lack_the_same() -> None:
    desired = timeline({date(2026, 1, 5): 20, date(2026, 1, 10): 15})
    allowed, closed = kept(desired, timeline({}), invoiced(), FIRST, AS_OF)
    assert closed == (
        Closed(date(2026, 1, 5), 10, 20, date(2026, 1, 9)),
        Closed(date(2026, 1, 10), 10, 15, LAST),
    )
    assert allowed.steps == ((FIRST, 10), (date(2026, 1, 20), 15))


def test_days_that_lack_the_same_are_told_once_though_the_line_moves_within_them() -> None:
    moves = date(2026, 1, 5)
    desired, known = timeline({FIRST: 12, moves: 16}), timeline({moves: 14})
    _, closed = kept(desired, known, invoiced(), FIRST, AS_OF)
    assert closed == (Closed(FIRST, 10, 12, LAST),)


def test_the_way_back_of_what_may_be_written_may_be_too() -> None:
    """Decreases may be dated under an invoice, and raises not."""
    desired = timeline({date(2026, 1, 5): 8, date(2026, 1, 10): 10})
    allowed, closed = kept(desired, timeline({}), invoiced(held="rises"), FIRST, AS_OF)
    assert (allowed, closed) == (desired, ())


def test_the_way_back_of_what_is_held_is_no_step() -> None:
    """BMS has 14 from the second on, and 10 until the tenth is right: that may not be lowered."""
    known = timeline({date(2026, 1, 2): 14})
    desired = timeline({date(2026, 1, 10): 14})
    allowed, closed = kept(desired, known, invoiced(held="falls"), FIRST, AS_OF)
    assert closed == (Closed(date(2026, 1, 2), 14, 10, date(2026, 1, 9)),)
    assert written(allowed, known) == known


def test_each_day_is_held_or_not_by_its_own_settings() -> None:
    changes_on = date(2026, 1, 10)
    under = Invoiced(LAST, lambda day, _: day < changes_on)
    desired = timeline({FIRST: 12, changes_on: 13})
    allowed, closed = kept(desired, timeline({}), under, FIRST, AS_OF)
    assert closed == (Closed(FIRST, 10, 12, changes_on - ONE_DAY),)
    assert allowed.steps == ((FIRST, 10), (changes_on, 13))


def test_a_day_on_which_the_policy_changes_is_looked_at_by_itself() -> None:
    changes_on = date(2026, 1, 10)
    under = Invoiced(LAST, lambda day, _: day < changes_on, [changes_on])
    allowed, closed = kept(timeline({FIRST: 12}), timeline({}), under, FIRST, AS_OF)
    assert closed == (Closed(FIRST, 10, 12, changes_on - ONE_DAY),)
    assert allowed.steps == ((FIRST, 10), (changes_on, 12))


def test_the_last_day_under_an_invoice_is_one_of_its_days() -> None:
    _, closed = kept(timeline({LAST: 12}), timeline({}), invoiced(), FIRST, AS_OF)
    assert closed == (Closed(LAST, 10, 12, LAST),)


def test_a_single_day_under_an_invoice_is_held_too() -> None:
    allowed, closed = kept(timeline({FIRST: 12}), timeline({}), invoiced(FIRST), FIRST, AS_OF)
    assert closed == (Closed(FIRST, 10, 12, FIRST),)
    assert allowed.steps == ((FIRST, 10), (FIRST + ONE_DAY, 12))


def test_a_line_that_bms_does_not_bill_yet_lacks_all_of_it() -> None:
    known = timeline({FIRST: 0}, before=None)
    _, closed = kept(timeline({FIRST: 2}), known, invoiced(), FIRST, AS_OF)
    assert closed == (Closed(FIRST, 0, 2, LAST),)


def test_the_first_open_day_is_as_it_should_be_from_that_day_on() -> None:
    under = invoiced(AS_OF - ONE_DAY)
    allowed, closed = kept(timeline({FIRST: 12}), timeline({}), under, FIRST, AS_OF)
    assert closed == (Closed(FIRST, 10, 12, AS_OF - ONE_DAY),)
    assert allowed.steps == ((FIRST, 10), (AS_OF, 12))


def test_a_day_that_is_open_tomorrow_is_no_step_of_today() -> None:
    allowed, closed = kept(timeline({FIRST: 12}), timeline({}), invoiced(AS_OF), FIRST, AS_OF)
    assert closed == (Closed(FIRST, 10, 12, AS_OF),)
    assert allowed.steps == ((FIRST, 10),)


def test_what_is_dated_on_the_first_open_day_stays_in_sight() -> None:
    opens = AS_OF + ONE_DAY
    allowed, _ = kept(timeline({FIRST: 12, opens: 9}), timeline({}), invoiced(AS_OF), FIRST, AS_OF)
    assert allowed.steps == ((FIRST, 10), (opens, 9))


@pytest.mark.parametrize("unknown", ["desired", "known"])
def test_a_day_that_nobody_knows_is_not_held(unknown: str) -> None:
    nobody, told = timeline({}, before=None), timeline({date(2026, 1, 5): 12})
    desired, known = (nobody, told) if unknown == "desired" else (told, nobody)
    assert kept(desired, known, invoiced(), FIRST, AS_OF) == (desired, ())
