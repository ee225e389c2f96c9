from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.days import why_no_day


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-11-31", "November 2026 has 30 days"),
        ("2026-02-29", "February 2026 has 28 days"),
        ("2028-02-30", "February 2028 has 29 days"),
        ("2026-13-01", "months go from 01 to 12"),
        ("0000-01-01", "years begin with 0001"),
        ("yesterday", None),
        ("2026-1-1", None),
    ],
)
def test_it_says_what_the_calendar_does_not_have(text: str, why: str | None) -> None:
    assert why_no_day(text) == why


@given(st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True).filter(str.isascii))
def test_whatever_looks_like_a_day_gets_a_reason_or_is_one(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        assert why_no_day(text)
