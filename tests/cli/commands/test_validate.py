from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.cli.main import run

BILLING = """\
version: 1
tenant: Example MSP
currency: USD
time_zone: America/New_York
bms:
  url: https://api.bms.kaseya.com
  company: Example MSP
  username: ${BMS_USERNAME}
  password: ${BMS_PASSWORD}
"""


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    directory = tmp_path / "billing-config"
    (directory / "accounts").mkdir(parents=True)
    (directory / "services").mkdir()
    (directory / "billing.yaml").write_text(BILLING, encoding="utf-8")
    return directory


def broken(configuration: Path) -> Path:
    text = BILLING.replace("currency: USD", "currencie: USD")
    (configuration / "billing.yaml").write_text(text, encoding="utf-8")
    return configuration


def test_a_good_configuration_is_0_and_needs_no_secret(
    configuration: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BMS_PASSWORD", raising=False)
    assert run(["validate", "--config", str(configuration)]) == 0
    assert capsys.readouterr().out == "the configuration is valid\n"


def test_a_mistake_is_1_with_its_place(
    configuration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", "--config", str(broken(configuration))]) == 1
    assert "billing-config/billing.yaml:3:1: CFG002" in capsys.readouterr().out


def test_json_lists_the_mistakes(configuration: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", "--config", str(broken(configuration)), "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert not document["valid"]
    assert "CFG002" in {problem["code"] for problem in document["problems"]}


def test_annotations_name_the_file(configuration: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", "--config", str(broken(configuration)), "--format", "github"]) == 1
    assert "::error file=billing-config/billing.yaml,line=3,col=1," in capsys.readouterr().out


def test_a_directory_that_is_not_there_is_never_valid(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", "--config", str(tmp_path / "none")]) == 1
    assert "CFG012" in capsys.readouterr().out


CASES = """\
version: 1
cases:
  - name: a case
    contract: {start: 2026-01-01, units: 5}
    readings: {2026-11-01..2026-11-29: 7}
    as_of: 2026-11-30
    expect: {units: %s}
"""


def with_tests(configuration: Path, text: str) -> str:
    (configuration / "tests").mkdir()
    (configuration / "tests" / "a.yaml").write_text(text, encoding="utf-8")
    return str(configuration)


def test_policy_tests_that_pass_are_0(
    configuration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", "--tests", "--config", with_tests(configuration, CASES % 7)]) == 0
    assert capsys.readouterr().out == "the configuration is valid\n1 policy test passed\n"


def test_a_policy_test_that_fails_is_1_and_says_why(
    configuration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = with_tests(configuration, CASES % 6)
    assert run(["validate", "--tests", "--config", config]) == 1
    told = capsys.readouterr().out
    assert "billing-config/tests/a.yaml:3:5: FAILED a case" in told
    assert "expected  6" in told
    assert "found     7" in told
    assert run(["validate", "--tests", "--config", config, "--format", "github"]) == 1
    assert "::error file=billing-config/tests/a.yaml,line=3" in capsys.readouterr().out
    assert run(["validate", "--tests", "--config", config, "--format", "json"]) == 1
    assert not json.loads(capsys.readouterr().out)["tests"][0]["passed"]


def test_without_tests_a_failing_case_is_not_run_but_its_form_is_checked(
    configuration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = with_tests(configuration, CASES % 6)
    assert run(["validate", "--config", config]) == 0
    (configuration / "tests" / "a.yaml").write_text(CASES % "six", encoding="utf-8")
    capsys.readouterr()
    assert run(["validate", "--config", config]) == 1
    assert "billing-config/tests/a.yaml:7:21: CFG003" in capsys.readouterr().out


def test_the_examples_policy_tests_pass(capsys: pytest.CaptureFixture[str]) -> None:
    example = Path(__file__).parents[3] / "billing-config"
    assert run(["validate", "--tests", "--config", str(example)]) == 0
    assert "9 policy tests passed" in capsys.readouterr().out
