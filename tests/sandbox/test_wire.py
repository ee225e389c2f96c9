"""JSON as BMS writes it."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.sandbox.wire import camel, dumps, pascal


@pytest.mark.parametrize(
    ("document", "live"),
    [
        ("Id", "id"),
        ("AccountId", "accountId"),
        ("SLAId", "slaId"),
        ("GLAccountCode", "glAccountCode"),
        ("PONumber", "poNumber"),
        ("UnitOfMeasure", "unitOfMeasure"),
    ],
)
def test_names_seen_live_start_small(document: str, live: str) -> None:
    assert camel(document) == live
    assert pascal(document) == document


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_a_decimal_keeps_its_digits(amount: Decimal) -> None:
    text = dumps({"UnitPrice": amount}, pascal)
    assert json.loads(text, parse_float=Decimal, parse_int=Decimal)["UnitPrice"] == amount
    assert "E" not in text.removeprefix('{"UnitPrice"')


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["Id", "Name", "UnitPrice"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=50)
@given(values)
def test_everything_else_is_ordinary_json(value: object) -> None:
    assert json.loads(dumps(value, pascal)) == value  # type: ignore[arg-type]
