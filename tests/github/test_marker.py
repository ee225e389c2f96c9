"""Anybody may write what looks like our hidden line, and nobody ends a run with it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import pytest

from reconciler.github import Marker, Tag

MARKER = Marker("billing-config", "p", "b", "h", date(2026, 11, 23), "1", 5)
FIELDS = {**asdict(MARKER), "as_of": "2026-11-23"}


def line(text: str) -> str:
    return f"<!-- reconciler {text} -->"


@pytest.mark.parametrize(
    "wrong",
    [
        {"run": "5"},
        {"at": "5"},
        {"config": 7},
        {"plan": None},
        {"head": []},
        {"text": {}},
        {"reverts": [7]},
        {"reverts": 7},
        {"as_of": 20261123},
        {"as_of": "soon"},
        {"more": 1},
    ],
)
def test_a_line_with_something_else_in_it_is_not_ours(wrong: dict[str, object]) -> None:
    assert Marker.find(line(json.dumps(FIELDS))) == MARKER
    assert Marker.find(line(json.dumps({**FIELDS, **wrong}))) is None


def test_a_line_that_is_nested_deeper_than_can_be_read_is_not_ours() -> None:
    deep = "[" * 30_000 + "]" * 30_000
    for kind in (Marker, Tag):
        assert kind.find(line(f'{{"config": {deep}}}')) is None
