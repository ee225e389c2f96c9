"""What periods began with in BMS, before their own counts moved their first day."""

from __future__ import annotations

from datetime import date
from typing import Any

from reconciler.engine.begun import begun_by_writes, begun_on
from reconciler.model.ledgered import KnownFact
from tests.engine import builders as make
from tests.engine.play import World, brass
from tests.ledger.making import intent

D = date
JANUARY, FEBRUARY, MARCH = D(2026, 1, 1), D(2026, 2, 1), D(2026, 3, 1)
BASELINE = make.fact(10, D(2025, 6, 1))
MONTHLY = make.monthly()


def wrote(units: int, day: date, entered: int | None, **more: Any) -> KnownFact:
    given: dict[str, Any] = {"ref": f"W{day:%m%d}{units:+}", "source": "reply"}
    return make.fact(units, day, **{**given, "entered": entered, **more})


def begun(*facts: KnownFact) -> dict[date, int | None]:
    return dict(begun_by_writes(MONTHLY, [BASELINE, *facts]))


def test_what_a_period_counted_itself_is_left_out_of_its_own_day_alone() -> None:
    january = wrote(5, JANUARY, 10)
    lowered = wrote(-3, FEBRUARY, None)
    assert begun(january, lowered) == {JANUARY: 10}
    february = wrote(4, FEBRUARY, 12)
    assert begun(january, lowered, february) == {JANUARY: 10, FEBRUARY: 12}


def test_units_in_all_are_left_out_alike() -> None:
    january = wrote(15, JANUARY, 10, effect="set")
    lowered = wrote(12, FEBRUARY, None, effect="set")
    again = wrote(16, FEBRUARY, 12, effect="set")
    assert begun(january, lowered, again) == {JANUARY: 10, FEBRUARY: 12}


def test_one_write_may_bring_what_came_from_before_and_its_own_count() -> None:
    assert begun(wrote(3, FEBRUARY, 8)) == {FEBRUARY: 8}


def test_the_newest_write_says_what_the_period_was_entered_with() -> None:
    assert begun(wrote(5, FEBRUARY, 10), wrote(-2, FEBRUARY, 11)) == {FEBRUARY: 11}


def test_what_a_later_correction_of_the_days_before_left_goes_on() -> None:
    own = wrote(5, FEBRUARY, 10)
    assert begun(own, wrote(-2, D(2026, 1, 20), None)) == {FEBRUARY: 8}
    assert begun(own, make.fact(1, FEBRUARY, source="hand")) == {FEBRUARY: 11}


def test_only_the_first_day_of_a_period_is_begun() -> None:
    assert begun(wrote(5, D(2026, 1, 2), 10), wrote(5, D(2024, 12, 1), 10)) == {}
    assert begun(wrote(5, JANUARY, None), make.fact(5, JANUARY)) == {}


def test_a_line_that_a_write_began_began_with_nothing() -> None:
    assert begun_by_writes(MONTHLY, [wrote(5, JANUARY, 0)]) == {JANUARY: 0}


def test_a_write_that_is_taken_back_says_nothing() -> None:
    pending, own = wrote(-2, FEBRUARY, None, ref="P"), wrote(5, FEBRUARY, 8, ref="O")
    facts = [BASELINE, pending, own]
    assert begun_by_writes(MONTHLY, facts, [intent("O")]) == {}
    assert begun_by_writes(MONTHLY, [*facts, wrote(1, FEBRUARY, 9)], [intent("O")]) == {FEBRUARY: 9}
    assert begun_on(facts, FEBRUARY, {"O"}) == 8
    assert begun_on(facts, FEBRUARY, {"O", "P"}) == 10


def daily(*values: int, **more: Any) -> World:
    """Readings from January on, that a decrease waits for."""
    settings = make.settings(decrease="next-period", late="next-period")
    line = make.line(settings)
    return brass(*values, accounts=(make.desired_account(line),), **more)


def test_a_change_says_what_its_period_was_entered_with() -> None:
    world = daily(*[10] * 31, 15)
    (change,) = world.plan(D(2026, 2, 2)).plan.changes
    assert (change.day, change.units_after, change.entered) == (FEBRUARY, 15, 10)


def test_what_waited_for_a_period_is_what_it_is_entered_with() -> None:
    world = daily(*[10] * 30, 8, 13)
    (change,) = world.plan(D(2026, 2, 2)).plan.changes
    assert (change.units_before, change.units_after, change.entered) == (10, 13, 8)
    (waits,) = daily(*[10] * 30, 8).plan(FEBRUARY).plan.changes
    assert (waits.day, waits.units_after, waits.entered) == (FEBRUARY, 8, 8)


def test_a_change_within_a_period_says_nothing_of_it() -> None:
    world = daily(*[10] * 33, 15)
    (change,) = world.plan(D(2026, 2, 4)).plan.changes
    assert (change.day, change.entered) == (D(2026, 2, 3), None)
