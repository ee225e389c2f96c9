"""``github annotate`` in the checkout of a pull request."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.cli.main import run
from tests.ledger.branch.copies import git

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
ACCOUNT = """\
version: 1
account: %s
organizations:
  datto-rmm: Brass Building Supplies LLC
"""
FAILS = """\
version: 1
cases:
  - name: a case
    contract: {start: 2026-01-01, units: 5}
    readings: {2026-11-01..2026-11-29: 7}
    as_of: 2026-11-30
    expect: {units: 6}
"""


@dataclass
class Desk:
    """A repository whose configuration does not lie at its top."""

    top: Path
    capsys: pytest.CaptureFixture[str]
    base: str = ""

    @property
    def config(self) -> Path:
        return self.top / "ops" / "billing-config"

    @property
    def summary(self) -> str:
        path = self.top / "summary.md"
        return path.read_text("utf-8") if path.exists() else ""

    def write(self, name: str, text: str) -> None:
        (self.config / name).parent.mkdir(parents=True, exist_ok=True)
        (self.config / name).write_text(text, "utf-8")

    def commit(self) -> str:
        git(self.top, "add", "ops")
        git(self.top, "commit", "--quiet", "--allow-empty", "--message", "a change")
        return git(self.top, "rev-parse", "HEAD")

    def __call__(self, *more: str) -> tuple[int, str]:
        pull = {"number": 7, "base": {"sha": self.base}, "head": {"sha": self.commit()}}
        (self.top / "event.json").write_text(json.dumps({"pull_request": pull}), "utf-8")
        code = run(["github", "annotate", "--config", str(self.config), *more])
        return code, self.capsys.readouterr().out


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    made = Desk(tmp_path, capsys)
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    made.write("billing.yaml", BILLING)
    made.write("accounts/brass.yaml", ACCOUNT % "Brass")
    made.base = made.commit()
    for name in ("GITHUB_TOKEN", "GITHUB_REPOSITORY", "BMS_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "event.json"))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    return made


def test_a_good_configuration_is_0_without_a_token(desk: Desk) -> None:
    assert desk() == (0, "")
    assert desk.summary == ""


def test_a_mistake_is_shown_on_its_line_from_the_repositorys_top(desk: Desk) -> None:
    desk.write("billing.yaml", BILLING.replace("currency", "currencie"))
    code, said = desk()
    assert code == 1
    assert "::error file=ops/billing-config/billing.yaml,line=3,col=1,title=CFG002" in said
    assert desk.summary == ""


def test_an_error_that_the_pull_request_did_not_write_is_in_the_summary(desk: Desk) -> None:
    """It claims an organization; the one that had it first is named in its own file too."""
    desk.write("billing.yaml", f"{BILLING}\nwrong: 1\n")
    desk.base = desk.commit()
    desk.write("accounts/cobalt.yaml", f"{ACCOUNT % 'Cobalt'}nonsense: 1\n")
    code, said = desk()
    assert code == 1
    assert "::error file=ops/billing-config/accounts/cobalt.yaml,line=5" in said
    assert "file=ops/billing-config/billing.yaml" not in said
    assert "::error::1 more error: see the summary of this run" in said
    assert "ops/billing-config/billing.yaml:11 | CFG002" in desk.summary


def test_a_policy_test_that_fails_elsewhere_is_in_the_summary(desk: Desk) -> None:
    desk.write("tests/a.yaml", FAILS)
    desk.base = desk.commit()
    desk.write("billing.yaml", f"{BILLING}# a remark\n")
    code, said = desk("--tests")
    assert code == 1
    assert "::error::1 more error" in said
    assert "ops/billing-config/tests/a.yaml:3 | CFG020" in desk.summary


def test_a_trial_merge_is_compared_with_what_it_was_merged_onto(desk: Desk) -> None:
    """The event may name an older base; a mistake that main got meanwhile is not this one's."""
    git(desk.top, "checkout", "--quiet", "-b", "change")
    desk.write("accounts/cobalt.yaml", f"{ACCOUNT % 'Cobalt'}nonsense: 1\n")
    head = desk.commit()
    git(desk.top, "checkout", "--quiet", "main")
    desk.write("billing.yaml", f"{BILLING}wrong: 1\n")
    desk.commit()
    git(desk.top, "merge", "--quiet", "--no-ff", "--message", "trial", "change")
    pull = {"number": 7, "base": {"sha": desk.base}, "head": {"sha": head}}
    (desk.top / "event.json").write_text(json.dumps({"pull_request": pull}), "utf-8")
    assert run(["github", "annotate", "--config", str(desk.config)]) == 1
    said = desk.capsys.readouterr().out
    assert "file=ops/billing-config/accounts/cobalt.yaml" in said
    assert "file=ops/billing-config/billing.yaml" not in said


@pytest.mark.parametrize("base", ["f" * 40, "--help"])
def test_where_git_cannot_tell_nothing_is_lost(desk: Desk, base: str) -> None:
    desk.write("billing.yaml", f"{BILLING}wrong: 1\n")
    desk.base = base
    code, said = desk()
    assert code == 1
    assert "::error file=ops/billing-config/billing.yaml,line=10" in said


def test_a_folder_that_is_not_there_is_never_valid(desk: Desk) -> None:
    assert run(["github", "annotate", "--config", str(desk.top / "none")]) == 1
    assert "CFG012" in desk.capsys.readouterr().out
