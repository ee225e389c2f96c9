"""Scalars keep what was written."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from reconciler.desired import scalars
from reconciler.model.days import FIRST, LAST

NUMBERS_IN_DISGUISE = ["010", "0x1F", "0o17", "1_000", "1e3", "+1", " 1", "1 ", "", "٣", ".5", "5."]


def adapter(kind: Any) -> TypeAdapter[object]:
    return TypeAdapter(kind)


@pytest.mark.parametrize("kind", [scalars.Whole, scalars.Count])
@pytest.mark.parametrize("text", [*NUMBERS_IN_DISGUISE, "3.0", "1234567890", None, ["1"]])
def test_only_plain_digits_are_a_whole_number(kind: object, text: object) -> None:
    with pytest.raises(ValidationError):
        adapter(kind).validate_python(text)


@pytest.mark.parametrize("kind", [scalars.Number, scalars.Amount, scalars.Factor])
@pytest.mark.parametrize("text", [*NUMBERS_IN_DISGUISE, "NaN", ".inf", "1,5", "9" * 25, None])
def test_only_plain_digits_are_a_decimal(kind: object, text: object) -> None:
    with pytest.raises(ValidationError):
        adapter(kind).validate_python(text)


@pytest.mark.parametrize("text", ["010", "NO", "yes", "1.10", "2026-11-01", "0x1F", "null"])
def test_text_that_looks_like_something_else_stays_text(text: str) -> None:
    assert adapter(scalars.Text).validate_python(text) == text


@pytest.mark.parametrize("text", [None, "", "${HOME}", "a ${HOME} b", {"a": "b"}, ["a"]])
def test_text_is_neither_empty_nor_a_variable(text: object) -> None:
    with pytest.raises(ValidationError):
        adapter(scalars.Text).validate_python(text)


@given(st.decimals(min_value=0, max_value=10**9, places=6, allow_nan=False))
def test_a_decimal_is_exactly_what_its_text_says(number: Decimal) -> None:
    assert str(scalars.read_amount(f"{number:f}")) == f"{number:f}"


@given(st.integers(min_value=-999_999_999, max_value=999_999_999))
def test_a_whole_number_survives_its_text(number: int) -> None:
    assert scalars.read_whole(str(number)) == number


@pytest.mark.parametrize("reader", [scalars.read_count, scalars.read_amount])
def test_a_count_or_amount_is_not_negative(reader: object) -> None:
    assert callable(reader)
    with pytest.raises(Exception, match="0 or more"):
        reader("-1")


def test_a_factor_is_above_zero() -> None:
    assert scalars.read_factor("0.5") == Decimal("0.5")
    with pytest.raises(Exception, match="above 0"):
        scalars.read_factor("0.00")


@pytest.mark.parametrize("text", ["1999-12-31", "2200-01-01", "0001-01-01", "9999-12-31"])
def test_a_day_that_nobody_bills_is_a_slip_of_the_finger(text: str) -> None:
    with pytest.raises(Exception, match="a day from 2000-01-01 to 2199-12-31"):
        scalars.read_day(text)


@given(st.dates(FIRST, LAST))
def test_a_day_survives_its_text(day: date) -> None:
    assert scalars.read_day(day.isoformat()) == day


def test_a_day_that_the_calendar_lacks_says_why() -> None:
    with pytest.raises(Exception, match="a day of the calendar: February 2026 has 28 days"):
        scalars.read_day("2026-02-30")


@pytest.mark.parametrize("text", ["2026-1-1", "20260101", "01/02/2026", "", None])
def test_other_ways_to_write_a_day_are_refused(text: str | None) -> None:
    with pytest.raises(Exception, match="a day such as"):
        scalars.read_day(text)


@pytest.mark.parametrize("text", ["3", "3h", "1w", "-1d", "03d", "d", "", None, "10000d"])
def test_durations_are_whole_days(text: str | None) -> None:
    assert scalars.read_days("3d") == 3
    with pytest.raises(Exception, match="a number of days"):
        scalars.read_days(text)


@pytest.mark.parametrize("text", ["yes", "no", "on", "True", "FALSE", "1", "", None])
def test_flags_are_true_or_false_alone(text: str | None) -> None:
    assert scalars.read_flag("true") is True
    assert scalars.read_flag("false") is False
    with pytest.raises(Exception, match="true or false"):
        scalars.read_flag(text)


@pytest.mark.parametrize("text", ["6:00", "24:00", "06:60", "0600", "360", None])
def test_a_time_of_day_has_hours_and_minutes(text: str | None) -> None:
    assert scalars.read_time("06:00") == time(6)
    with pytest.raises(Exception, match="a time of day"):
        scalars.read_time(text)


def test_a_message_shows_a_long_value_only_in_part() -> None:
    assert len(scalars.show("x" * 1000)) < 80
