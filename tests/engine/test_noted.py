from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from inspect import signature

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.noted import noted
from reconciler.engine.notes import Note, described
from reconciler.model.bms import Row
from reconciler.model.desired import DesiredState
from tests.engine.builders import KEY, a_row
from tests.engine.play import APPEND, UPSERT

TEMPLATE: str = signature(DesiredState).parameters["line_note"].default
ONLY_UNITS = "{units} as of {date} · ref {ref}"


def rows(changes: Sequence[int], template: str = TEMPLATE) -> list[Row]:
    """As our posts leave them, one after the other."""
    out = []
    for n, change in enumerate(changes):
        day = date(2026, 1, n + 1)
        note = Note("7F3A9C00", change, sum(changes[: n + 1]), day)
        out.append(a_row(id=1000 + n, date=day, description=described(template, "Gold", note)))
    return out


CHANGES = st.lists(st.integers(-5, 9).filter(bool), min_size=1, max_size=5)


@given(CHANGES)
def test_each_row_has_the_change_that_its_own_note_says(changes: list[int]) -> None:
    facts = noted(KEY, rows(changes)[::-1], TEMPLATE, APPEND)
    assert [(fact.row_id, fact.effect, fact.units) for fact in facts] == [
        (1000 + n, "add", change) for n, change in enumerate(changes)
    ]


@given(CHANGES, st.data())
def test_a_row_without_a_note_leaves_the_whole_line_unknown(
    changes: list[int], data: st.DataObject
) -> None:
    found = rows(changes)
    place = data.draw(st.integers(0, len(found)))
    bare = a_row(id=990 + 100 * data.draw(st.integers(0, 1)))
    assert noted(KEY, [*found[:place], bare, *found[place:]], TEMPLATE, APPEND) == ()


@given(CHANGES.filter(lambda changes: len(changes) > 1), st.data())
def test_notes_that_contradict_each_other_tell_nothing(
    changes: list[int], data: st.DataObject
) -> None:
    """A row is gone that the newest note counted."""
    found = rows(changes)
    del found[data.draw(st.integers(0, len(found) - 2))]
    assert noted(KEY, found, TEMPLATE, APPEND) == ()


def test_units_in_all_are_no_rows_own_under_append() -> None:
    assert noted(KEY, rows([5], ONLY_UNITS), ONLY_UNITS, APPEND) == ()


@pytest.mark.parametrize("template", [TEMPLATE, ONLY_UNITS])
def test_the_one_row_of_a_line_has_the_units_in_all_under_upsert(template: str) -> None:
    note = Note("7F3A9C00", 2, 12, date(2026, 1, 2))
    row = a_row(description=described(template, "Gold", note))
    (found,) = noted(KEY, [row], template, UPSERT)
    assert (found.row_id, found.effect, found.units) == (1000, "set", 12)
    assert noted(KEY, [row, a_row(id=1001)], template, UPSERT) == ()
    assert noted(KEY, [a_row()], template, UPSERT) == ()
