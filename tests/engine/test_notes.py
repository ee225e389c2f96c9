from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.notes import Note, described, note_in, own_words

TEMPLATE = "{change}, {units} in all as of {date} · ref {ref}"
TEMPLATES = st.sampled_from(
    [TEMPLATE, "{units} as of {date} · ref {ref}", "(ref {ref})", "[{ref}] {units}/{units} [*+?]"]
)
REFS = st.text("0123456789ABCDEF", min_size=8, max_size=12)
NOTES = st.builds(
    Note, ref=REFS, change=st.integers(-99, 99), units=st.integers(0, 999), day=st.dates()
)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40)


@given(TEMPLATES, WORDS, NOTES)
def test_a_note_can_be_read_back(template: str, words: str, note: Note) -> None:
    found = note_in(template, described(template, words, note))
    assert found is not None
    assert found.ref == note.ref
    assert found.units in (note.units, None)
    assert found.change in (note.change, None)
    assert found.day in (note.day, None)


@given(TEMPLATES, WORDS, NOTES, NOTES)
def test_renewing_a_note_keeps_the_descriptions_own_words(
    template: str, words: str, first: Note, second: Note
) -> None:
    once = described(template, words, first)
    twice = described(template, once, second)
    assert own_words(template, twice) == own_words(template, words)
    assert twice == described(template, words, second)


def test_the_whole_note_is_read() -> None:
    note = Note("7F3A9C00", 2, 12, date(2026, 11, 15))
    text = described(TEMPLATE, "Workstations, gold plan", note)
    expected = "Workstations, gold plan | +2, 12 in all as of 2026-11-15 · ref 7F3A9C00"
    assert text == expected
    assert note_in(TEMPLATE, text) == note


def test_a_decrease_keeps_its_sign() -> None:
    note = Note("7F3A9C00", -2, 10, date(2026, 11, 15))
    assert note_in(TEMPLATE, described(TEMPLATE, "", note)) == note


@pytest.mark.parametrize(
    "words", ["", "Workstations", "ref 7F3A9C00 of the old system | gold", "12 in all"]
)
def test_other_words_are_no_note(words: str) -> None:
    assert note_in(TEMPLATE, words) is None
    assert own_words(TEMPLATE, words) == words


def test_space_that_bms_adds_at_the_end_does_not_hide_a_note() -> None:
    note = Note("7F3A9C00", 2, 12, date(2026, 11, 15))
    assert note_in(TEMPLATE, described(TEMPLATE, "Gold", note) + " \n") == note


def test_without_a_template_the_description_stays_as_it_is() -> None:
    note = Note("7F3A9C00", 2, 12, date(2026, 11, 15))
    assert described(None, "Gold", note) == "Gold"
    assert note_in(None, "Gold") is None
