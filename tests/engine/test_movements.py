from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.known import KnownLine, known_line, replay
from reconciler.engine.movements import Movement, known_since, movements_of, prices_of
from reconciler.model.ledgered import Intent, KnownFact, RowMark, Settled
from tests.engine import builders as make

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
D = date


def line(*facts: KnownFact, **row: Any) -> KnownLine:
    return known_line([make.a_row(**row)], facts, agreed=True)


def write(
    ref: str, at: datetime, kind: Literal["units", "price"] = "units", *marks: RowMark
) -> tuple[Intent, Settled]:
    zero = Decimal(0)
    intent = Intent(
        ref, "plan", ref, kind, make.KEY, at.date(), 1, 0, 1, zero, marks, zero, zero, at, 1
    )
    return intent, Settled(ref, "answered", at)


def moved(known: KnownLine, *writes: tuple[Intent, Settled]) -> tuple[Movement, ...]:
    return movements_of(known, writes, UTC)


def test_rows_that_add_up_move_by_their_units() -> None:
    known = line(make.fact(10), make.fact(-2, D(2026, 11, 5), row_id=1001))
    assert [(m.day, m.units, m.row_id) for m in moved(known)] == [
        (make.START, 10, 1000),
        (D(2026, 11, 5), -2, 1001),
    ]


def test_units_in_all_move_by_the_difference_and_undo_later_steps() -> None:
    known = line(
        make.fact(10, effect="set"),
        make.fact(14, D(2026, 11, 20), effect="set"),
        make.fact(12, D(2026, 11, 5), effect="set"),
    )
    assert [(m.day, m.units) for m in moved(known)] == [
        (make.START, 10),
        (D(2026, 11, 20), 4),
        (D(2026, 11, 5), 2),
        (D(2026, 11, 20), -4),
    ]


facts = st.lists(
    st.builds(
        make.fact,
        st.integers(-5, 20),
        st.dates(D(2026, 1, 1), D(2026, 3, 1)),
        effect=st.sampled_from(["add", "set"]),
    ),
    min_size=1,
    max_size=6,
)


@given(facts, st.dates(D(2026, 1, 1), D(2026, 3, 10)))
def test_movements_add_up_to_the_known_units(learned: list[KnownFact], day: date) -> None:
    timeline = replay(learned)
    if timeline.at(day) is not None:
        total = sum(m.units for m in moved(line(*learned)) if m.day <= day)
        assert total == timeline.at(day)


def test_a_write_of_ours_was_made_when_it_was_sent() -> None:
    known = line(make.fact(10), make.fact(2, D(2026, 11, 3), source="reply", ref="A"))
    first, ours = moved(known, write("A", NOON))
    assert ours.made == NOON
    assert first.made == datetime(2026, 1, 1, tzinfo=UTC)
    assert (ours.known_at(NOON), ours.known_at(NOON - timedelta(seconds=1))) == (True, False)
    assert not ours.unsure_at(NOON + timedelta(days=2))
    assert ours.unsure_at(NOON + timedelta(hours=5))


def test_when_a_person_edited_is_never_sure() -> None:
    known = line(make.fact(10), make.fact(2, source="accepted", recorded_at=NOON))
    _, theirs = moved(known)
    assert theirs.made == NOON
    assert theirs.unsure_at(NOON + timedelta(days=90))


def test_rows_that_add_up_had_nothing_before_the_first() -> None:
    assert known_since(line(make.fact(10)), ()) == date.min


def test_units_in_all_say_nothing_of_the_days_before() -> None:
    known = line(make.fact(10, D(2026, 11, 5), effect="set"))
    assert known_since(known, ()) == D(2026, 11, 5)


def test_a_line_that_our_own_write_began_had_nothing_before() -> None:
    known = line(make.fact(10, D(2026, 11, 5), effect="set", source="reply", ref="A"))
    assert known_since(known, [write("A", NOON)]) == date.min
    mark = RowMark(1000, 100, make.START, Decimal(20))
    assert known_since(known, [write("A", NOON, "units", mark)]) == D(2026, 11, 5)


def test_a_line_with_a_row_nobody_told_about_is_never_known() -> None:
    known = known_line([make.a_row()], [], agreed=False)
    assert known_since(known, ()) is None
    assert moved(known) == ()


def test_a_line_that_bms_does_not_have_is_known_to_have_nothing() -> None:
    assert known_since(known_line([], [], agreed=False), ()) == date.min


def test_a_price_was_another_before_each_change_of_ours() -> None:
    def mark(price: int) -> RowMark:
        return RowMark(1000, 100, make.START, Decimal(price))

    later = NOON + timedelta(days=5)
    writes = [write("B", later, "price", mark(19)), write("A", NOON, "price", mark(18))]
    prices = prices_of(line(make.fact(10)), writes, Decimal(0))
    moments = (NOON - timedelta(1), NOON, later - timedelta(1), later)
    assert [prices.at(1000, moment) for moment in moments] == [18, 19, 19, 20]
    assert prices.at(None, NOON) == 20


def test_units_that_update_their_row_give_it_their_price() -> None:
    """A credit at 18, which the line had before, and then its price again."""

    def mark(price: int) -> RowMark:
        return RowMark(1000, 100, make.START, Decimal(price))

    credited, again = NOON + timedelta(days=5), NOON + timedelta(days=5, seconds=9)
    writes = [
        write("A", NOON, "price", mark(18)),
        write("B", credited, "units", mark(20)),
        write("C", again, "price", mark(18)),
    ]
    prices = prices_of(line(make.fact(10)), writes, Decimal(0))
    assert [prices.at(1000, moment) for moment in (NOON, credited, again)] == [20, 18, 20]


def test_a_price_that_bms_refused_changes_nothing() -> None:
    intent, _ = write("A", NOON, "price", RowMark(1000, 100, make.START, Decimal(18)))
    refused = (intent, Settled("A", "refused", NOON))
    prices = prices_of(line(make.fact(10)), [refused], Decimal(0))
    assert prices.at(1000, NOON - timedelta(1)) == 20


def test_a_line_without_a_row_has_the_catalogues_price() -> None:
    known = known_line([], [], agreed=False)
    assert prices_of(known, (), Decimal(7)).at(None, NOON) == 7
