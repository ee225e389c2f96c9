"""Policy tests end to end: from a directory to what passed and what did not."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.runs.policy_tests import check, run_policy_tests

ROOT = Path(__file__).parents[2]
BILLING = "version: 1\ntenant: Example MSP\ncurrency: USD\ntime_zone: UTC\n"
CASES = """\
version: 1
cases:
  - name: passes
    contract: {start: 2026-01-01, units: 5}
    readings: {2026-11-01..2026-11-29: 7}
    as_of: 2026-11-30
    expect: {units: 7}
  - name: fails
    settings: {maximum: 6}
    contract: {start: 2026-01-01, units: 5}
    readings: {2026-11-01..2026-11-29: 7}
    as_of: 2026-11-30
    expect: {units: 7, changes: []}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    top = tmp_path / "billing-config"
    (top / "tests").mkdir(parents=True)
    (top / "billing.yaml").write_text(BILLING, encoding="utf-8")
    (top / "tests" / "a.yaml").write_text(CASES, encoding="utf-8")
    return top


def test_each_case_has_its_place_and_what_differs(config: Path) -> None:
    results, problems = run_policy_tests(config)
    assert problems == ()
    assert [(one.name, one.passed, one.position.line) for one in results] == [
        ("passes", True, 3),
        ("fails", False, 8),
    ]
    assert [one.what for one in results[1].differences] == ["units on 2026-11-30", "changes"]


def test_a_policy_that_changes_breaks_its_test(config: Path) -> None:
    settings = "settings: {decrease: next-period, increase: next-period}\n"
    (config / "billing.yaml").write_text(BILLING + settings, encoding="utf-8")
    assert run_policy_tests(config)[0][0].passed, "a policy wins over settings of billing.yaml"
    policies = "policies: {daily: {increase: next-period, decrease: never}}\n"
    (config / "billing.yaml").write_text(BILLING + policies, encoding="utf-8")
    assert not run_policy_tests(config)[0][0].passed


def test_nothing_runs_where_anything_is_wrong(config: Path) -> None:
    (config / "billing.yaml").write_text(BILLING + "x: 1\n", encoding="utf-8")
    results, problems = run_policy_tests(config)
    assert results == ()
    assert [one.code for one in problems] == ["CFG002"]
    assert check(config) == problems


def test_a_directory_without_tests_has_none(config: Path) -> None:
    (config / "tests" / "a.yaml").unlink()
    assert run_policy_tests(config) == ((), ())


def test_the_examples_cover_daily_month_end_and_packs() -> None:
    results, problems = run_policy_tests(ROOT / "billing-config")
    assert problems == ()
    assert {one.position.file.rsplit("/", 1)[1] for one in results} == {
        "daily.yaml",
        "month-end.yaml",
        "packs.yaml",
    }
    assert [one.name for one in results if not one.passed] == []
