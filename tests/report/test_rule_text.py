from __future__ import annotations

import json

import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.findings import CODES
from reconciler.report.rule_text import dumps, markdown, render, render_list
from tests.report.screen import console, shown


@pytest.mark.parametrize("code", ["CFG009", "KNW002", "USG006", "USG016"])
def test_a_page(code: str, snapshot: SnapshotAssertion) -> None:
    terminal = console(80)
    render(CODES[code], terminal)
    assert shown(terminal) == snapshot


def test_a_page_as_markdown(snapshot: SnapshotAssertion) -> None:
    assert markdown(CODES["KNW002"]) == snapshot


def test_every_code_has_a_page_that_says_what_to_do() -> None:
    for code in CODES.values():
        terminal = console(10_000)
        render(code, terminal)
        assert code.meaning in shown(terminal)
        assert f"What to do: {code.remedy}." in shown(terminal)


@pytest.mark.parametrize("code", ["CFG002", "CFG020", "CFG023"])
def test_a_page_does_not_say_that_a_mistake_in_tests_stops_a_plan(code: str) -> None:
    said = "until it is mended; a mistake in `tests/` fails only `reconciler validate`."
    assert said in markdown(CODES[code])


def test_the_list_names_every_code_once() -> None:
    terminal = console(80)
    render_list(CODES.values(), terminal)
    first_words = [line.split()[0] for line in shown(terminal).splitlines() if line]
    assert [word for word in first_words if word in CODES] == list(CODES)


def test_json_holds_every_code() -> None:
    assert [code["code"] for code in json.loads(dumps(CODES.values()))] == list(CODES)
