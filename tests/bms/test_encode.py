from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.bms.encode import encode

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9)
LEAVES = st.none() | st.booleans() | st.integers() | st.text() | NUMBERS
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


@given(VALUES)
def test_every_value_comes_back_as_it_was_sent(value: object) -> None:
    assert json.loads(encode(value), parse_float=Decimal) == value


@given(NUMBERS)
def test_a_decimal_is_a_plain_number_in_its_own_digits(value: Decimal) -> None:
    text = encode({"UnitPrice": value}).decode().removeprefix('{"UnitPrice":').removesuffix("}")
    assert "e" not in text.lower()
    assert Decimal(text) == value


def test_trailing_zeros_of_a_price_are_kept() -> None:
    assert encode([Decimal("4.10")]) == b"[4.10]"


def test_text_outside_ascii_is_sent_as_utf8() -> None:
    assert encode("Käse & Söhne") == '"Käse & Söhne"'.encode()


@pytest.mark.parametrize("value", [1.5, Decimal("NaN"), Decimal("Infinity"), b"x", object()])
def test_what_has_no_exact_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        encode({"x": value})
