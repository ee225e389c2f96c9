from __future__ import annotations

import json

import pytest

from reconciler.cli.main import run
from reconciler.findings import CODES


def test_a_code_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rule", "KNW002"]) == 0
    text = capsys.readouterr().out
    assert "Drift: BMS was changed by hand" in text
    assert "What to do:" in text


def test_case_does_not_matter(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rule", "knw002"]) == 0
    assert "KNW002" in capsys.readouterr().out


def test_without_a_code_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rule"]) == 0
    text = capsys.readouterr().out
    assert all(code in text for code in CODES)


def test_the_list_says_of_each_code_what_its_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rule"]) == 0
    rows = [line.split()[:3] for line in capsys.readouterr().out.splitlines()]
    holds = {code: what for code, _, what in rows}
    assert [holds[code] for code in ("USG004", "KNW002", "USG003", "CFG002")] == [
        *("yes", "yes", "no"),
        "all",
    ]


def test_an_unknown_code_is_wrong_usage_with_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rule", "KNW020"]) == 2
    assert "did you mean KNW0" in capsys.readouterr().err


def test_a_code_like_no_other_points_to_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rule", "weather"]) == 2
    assert "`reconciler rule` lists all codes" in capsys.readouterr().err


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rule", "CFG001", "--format", "json"]) == 0
    (page,) = json.loads(capsys.readouterr().out)
    assert page["title"] == CODES["CFG001"].title


def test_markdown_holds_every_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rule", "--format", "markdown"]) == 0
    assert capsys.readouterr().out.count("\n## ") == len(CODES) - 1
