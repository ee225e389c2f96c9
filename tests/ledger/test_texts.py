"""Stored values come back as they were, and equal values are stored alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger.texts import (
    Reader,
    compact,
    instant,
    instant_text,
    parse,
    quantity_text,
    runs,
)

quantities = st.decimals(min_value=0, max_value=10**12, places=4)


@given(quantities)
def test_a_quantity_comes_back_equal(quantity: Decimal) -> None:
    assert Decimal(quantity_text(quantity)) == quantity


@pytest.mark.parametrize(
    ("given_text", "stored"),
    [("12", "12"), ("12.0", "12"), ("1E+2", "100"), ("0.50", "0.5"), ("-0", "0"), ("0.00", "0")],
)
def test_equal_quantities_have_one_text(given_text: str, stored: str) -> None:
    assert quantity_text(Decimal(given_text)) == stored


def test_an_instant_is_stored_in_utc_and_comes_back() -> None:
    at = datetime(2026, 11, 22, 1, 0, tzinfo=timezone(timedelta(hours=-5)))
    assert instant_text(at) == "2026-11-22T06:00:00.000000+00:00"
    assert instant(instant_text(at)) == at


def test_the_text_order_of_instants_is_their_order() -> None:
    first = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    later = first + timedelta(microseconds=1)
    assert instant_text(first) < instant_text(later)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        instant_text(datetime(2026, 11, 22))  # noqa: DTZ001


def test_equal_values_have_one_compact_text() -> None:
    assert compact({"b": 1, "a": ["é"]}) == '{"a":["é"],"b":1}'
    assert parse(compact({"a": [1, "2"]})) == {"a": [1, "2"]}


def test_days_become_runs() -> None:
    days = [date(2026, 11, 3), date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 1)]
    assert runs(days) == [
        (date(2026, 10, 31), date(2026, 11, 1)),
        (date(2026, 11, 3), date(2026, 11, 3)),
    ]
    assert runs([]) == []


def test_a_reader_gives_the_values_of_texts() -> None:
    reader = Reader()
    assert reader.day("2026-11-22") == date(2026, 11, 22)
    assert str(reader.decimal("4.10")) == "4.10"
    assert reader.instant("2026-11-22T06:00:00.000000+00:00") == datetime(
        2026, 11, 22, 6, tzinfo=UTC
    )
