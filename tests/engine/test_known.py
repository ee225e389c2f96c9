from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.known import known_line, replay, worth
from reconciler.model.ledgered import KnownSource
from reconciler.model.timeline import Timeline
from tests.engine.builders import ONE_DAY, START, a_row, fact

D = date
DAYS = st.dates(START, D(2026, 3, 1))
PARTS = st.lists(st.tuples(DAYS, st.integers(-5, 9)), min_size=1, max_size=6)


@given(PARTS)
def test_rows_add_up_in_whatever_order_they_were_learned(parts: list[tuple[date, int]]) -> None:
    found = replay([fact(units, day) for day, units in parts])
    assert found == replay([fact(units, day) for day, units in reversed(parts)])
    for day in {day for day, _ in parts}:
        assert found.at(day) == sum(units for start, units in parts if start <= day)
    assert found.at(min(day for day, _ in parts) - ONE_DAY) is None


@given(PARTS, st.integers(0, 9), DAYS)
def test_units_in_all_replace_what_was_known_from_their_day(
    parts: list[tuple[date, int]], units: int, day: date
) -> None:
    facts = [fact(units, day) for day, units in parts]
    found = replay([*facts, fact(units, day, effect="set")])
    assert found.at(day) == found.at(D(2027, 1, 1)) == units
    assert found.at(day - ONE_DAY) == replay(facts).at(day - ONE_DAY)


def test_what_was_before_units_in_all_is_unknown_even_where_something_is_added() -> None:
    found = replay([fact(12, D(2026, 1, 10), effect="set"), fact(2, D(2026, 1, 5))])
    assert found.at(D(2026, 1, 5)) is None
    assert found.at(D(2026, 1, 10)) == 14


def test_nothing_learned_is_nothing_known() -> None:
    assert replay([]) == Timeline()


def test_a_row_nobody_told_about_makes_the_line_unknown() -> None:
    rows = [a_row(id=1000), a_row(id=1001)]
    line = known_line(rows, [fact(5)], agreed=False)
    assert not line.is_known
    assert [row.id for row in line.silent] == [1001]


def test_a_silent_row_of_a_proved_line_is_for_the_proof_to_explain() -> None:
    rows = [a_row(id=1000), a_row(id=1001)]
    line = known_line(rows, [fact(5)], agreed=True)
    assert line.timeline.at(START) == 5


def test_units_in_all_speak_for_every_row() -> None:
    rows = [a_row(id=1000), a_row(id=1001)]
    assert known_line(rows, [fact(5, row_id=None, effect="set")], agreed=False).is_known


def test_a_line_without_row_or_fact_does_not_exist() -> None:
    assert not known_line([], [], agreed=False).exists
    assert known_line([a_row()], [], agreed=False).exists
    assert known_line([], [fact(5)], agreed=False).exists


@pytest.mark.parametrize(
    ("source", "counts"), [("reply", True), ("note", True), ("baseline", False), ("hand", False)]
)
def test_only_answers_of_bms_date_the_newest_reply(source: KnownSource, counts: bool) -> None:
    line = known_line([a_row()], [fact(5, D(2026, 1, 7), source=source)], agreed=True)
    assert (line.newest_reply == D(2026, 1, 7)) is counts


def test_worth_takes_each_rows_own_price_and_leaves_out_what_is_not_in_force() -> None:
    rows = [a_row(id=1000), a_row(id=1001, price=Decimal(25), date=D(2026, 1, 10))]
    facts = [fact(5), fact(2, D(2026, 1, 10), row_id=1001)]
    line = known_line(rows, facts, agreed=True)
    assert worth(line, D(2026, 1, 9), "effective") == 100
    assert worth(line, D(2026, 1, 10), "effective") == 150
    assert worth(line, D(2026, 1, 9), "all") == 150


def test_units_in_all_replace_the_worth_of_earlier_ones() -> None:
    facts = [fact(5, effect="set"), fact(7, D(2026, 1, 10), effect="set")]
    line = known_line([a_row(date=D(2026, 1, 10))], facts, agreed=True)
    assert worth(line, D(2026, 1, 20), "effective") == 140


def test_a_line_bms_does_not_have_is_worth_nothing() -> None:
    assert worth(known_line([], [], agreed=False), START, "all") == 0


@pytest.mark.parametrize(("source", "day_before"), [("accepted", 140), ("reply", 0)])
def test_what_a_person_read_of_all_rows_is_there_whatever_day_bms_has(
    source: KnownSource, day_before: int
) -> None:
    """A write of ours may wait for its day there."""
    rows = [a_row(id=1000), a_row(id=1001)]
    facts = [fact(5), fact(7, D(2026, 1, 10), row_id=None, effect="set", source=source)]
    line = known_line(rows, facts, agreed=True)
    assert worth(line, D(2026, 1, 9), "effective") == day_before
    assert worth(line, D(2026, 1, 10), "effective") == 140
