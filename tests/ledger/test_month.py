"""A month's text says the same as the month."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger.month import Month, decode, encode, fingerprint, month_of, without_nothing

values = st.tuples(st.sampled_from(["0", "1", "2", "2.5"]), st.sampled_from(["", "aa", "bb"]))
answers = st.dictionaries(st.sampled_from(["", "Desktop", 'odd "type"\n']), values)
months = st.dictionaries(st.integers(1, 31), answers.map(without_nothing), min_size=1)


@given(months)
def test_a_month_comes_back(month: Month) -> None:
    assert decode(*encode(month)) == month


@given(months)
def test_the_order_in_which_answers_came_does_not_show(month: Month) -> None:
    shuffled = {
        number: dict(reversed(answer.items())) for number, answer in reversed(month.items())
    }
    assert encode(shuffled) == encode(month)


def test_equal_days_are_one_span_and_a_gap_parts_them() -> None:
    month: Month = {n: {"": ("3", "")} for n in (1, 2, 4)} | {5: {"": ("4", "")}}
    assert encode(month) == ('[[1,2,4,5],{"":[1,2,"3",4,4,"3",5,5,"4"]}]', "")


def test_a_day_that_counts_nothing_is_covered() -> None:
    assert encode({3: {}}) == ("[[3,3],{}]", "")
    assert decode("[[3,3],{}]", "") == {3: {}}


def test_the_fingerprint_of_names_ignores_their_order() -> None:
    assert fingerprint(["a", "b"]) == fingerprint(["b", "a"]) != fingerprint(["ab"])
    assert fingerprint([]) == ""


def test_a_month_is_named_by_year_and_month() -> None:
    assert month_of(date(2026, 1, 31)) == "2026-01"
