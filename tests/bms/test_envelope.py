from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.bms.envelope import Answer, Refusal, Unreadable, open_envelope

SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "pascal": str,
    "camel": lambda name: name[0].lower() + name[1:],
    "upper": str.upper,
}


def _spelled(how: str, **fields: object) -> bytes:
    return json.dumps({SPELLINGS[how](name): value for name, value in fields.items()}).encode()


@pytest.mark.parametrize("how", SPELLINGS)
def test_success_is_read_in_any_spelling(how: str) -> None:
    content = _spelled(how, Success=True, Result=[1], TotalRecords=7)
    assert open_envelope(content) == Answer([1], 7)


@pytest.mark.parametrize("how", SPELLINGS)
def test_a_failure_with_http_200_is_a_refusal_with_code_and_reason(how: str) -> None:
    spell = SPELLINGS[how]
    error = {spell("Code"): 12, spell("Message"): "Contract expired", spell("Details"): None}
    content = _spelled(how, Success=False, Error=error)
    assert open_envelope(content) == Refusal("12", "Contract expired")


def test_details_are_added_and_the_stack_trace_is_not() -> None:
    error = {"Message": "No", "Details": "expired", "StackStrace": "at Kaseya.Secret()"}
    opened = open_envelope(_spelled("pascal", Success=False, Error=error))
    assert opened == Refusal(None, "No; expired")


def test_a_failure_without_a_reason_is_still_a_refusal() -> None:
    assert open_envelope(b'{"Success": false}') == Refusal(None, "no reason given")


def test_numbers_keep_their_digits() -> None:
    opened = open_envelope(b'{"success": true, "result": [4.10, 0.1, 12, 1234567890.123456789]}')
    assert isinstance(opened, Answer)
    assert isinstance(opened.result, list)
    assert [str(number) for number in opened.result] == [
        "4.10",
        "0.1",
        "12",
        "1234567890.123456789",
    ]
    assert isinstance(opened.result[0], Decimal)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>Bad Gateway</html>",
        b'{"success": true, "res',
        b"[]",
        b"null",
        b'"ok"',
        b"{}",
        b'{"result": []}',
        b'{"success": "true", "result": []}',
        b'{"success": 1, "result": []}',
        b'{"success": true, "totalRecords": "many"}',
        b'{"success": true, "totalRecords": true}',
        b'{"success": true, "result": NaN}',
        b'{"success": true, "result": 1e99999999999999999999}',
        b"\xff\xfe",
    ],
)
def test_anything_else_is_unreadable_and_never_an_empty_result(content: bytes) -> None:
    assert isinstance(open_envelope(content), Unreadable)


@given(st.binary())
def test_no_bytes_make_it_fail(content: bytes) -> None:
    assert isinstance(open_envelope(content), Answer | Refusal | Unreadable)


def test_what_was_received_is_not_shown() -> None:
    assert "s3cret" not in repr(open_envelope(b'{"success": true, "result": "s3cret"}'))
