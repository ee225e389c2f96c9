"""Commitments, the rest of a metric's types, severities and waivers, as the YAML says them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reconciler.findings import CODES, HOLDS
from reconciler.model.settings import Commitment, Rest
from tests.desired.house import ACCOUNT, BILLING, found, lines_of, messages, state_of

RULES = """\
version: 1
product: datto-rmm
services:
  workstation:
    bms_service: Managed Workstation
    count: {metric: devices-by-type, of: %s}
"""


def test_rest_is_read_as_all_that_no_other_line_names(tmp_path: Path) -> None:
    state = state_of(tmp_path, {"services/datto-rmm.yaml": RULES % "rest"})
    (line,) = lines_of(state).values()
    assert line.settings[0].settings.count[0].of == Rest()


def test_rest_stands_alone(tmp_path: Path) -> None:
    files = {"services/datto-rmm.yaml": RULES % "[rest, Server]"}
    assert found(tmp_path, files) == [("CFG003", "services/datto-rmm.yaml:6:38")]


def committed(text: str) -> dict[str, str]:
    return {"accounts/brass.yaml": ACCOUNT.replace("{}", f"\n        {text}")}


def test_a_commitment_has_a_floor_and_an_end(tmp_path: Path) -> None:
    text = "commitment: {floor: 40, until: 2027-06-30}"
    (line,) = lines_of(state_of(tmp_path, committed(text))).values()
    assert line.settings[0].settings.commitment == Commitment(40, date(2027, 6, 30))
    assert found(tmp_path / "b", committed("commitment: {floor: 40}"))[0][0] == "CFG018"


def test_a_maximum_below_a_commitment_is_a_mistake(tmp_path: Path) -> None:
    text = "commitment: {floor: 40, until: 2027-06-30}\n        maximum: 39"
    assert [code for code, _ in found(tmp_path, committed(text))] == ["CFG003"]


def shown(text: str) -> dict[str, str]:
    return {"billing.yaml": f"{BILLING}findings: {text}\n"}


def test_severities_are_set_by_code(tmp_path: Path) -> None:
    state = state_of(tmp_path, shown("{USG003: error, USG014: off, KNW002: warning}"))
    assert state.shown == {"USG003": "error", "USG014": "off", "KNW002": "warning"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{KNW002: info}", "at least a warning"),
        ("{GRD006: off}", "at least a warning"),
        ("{USG002: off}", "at least a warning"),
        ("{CFG001: warning}", "always an error"),
        ("{APP001: warning}", "always an error"),
        ("{USG007: warning}", "always an error"),
        ("{USG999: off}", "unknown code"),
        ("{USG003: loud}", "loud"),
    ],
)
def test_what_holds_lines_stays_a_warning_at_least(tmp_path: Path, text: str, says: str) -> None:
    (message,) = messages(tmp_path, shown(text))
    assert says in message


def test_every_code_of_a_plan_or_verification_that_holds_nothing_can_be_anything(
    tmp_path: Path,
) -> None:
    free = [code for code in CODES if code not in HOLDS and not code.startswith(("APP", "CFG"))]
    wanted = ", ".join(f"{code}: off" for code in free)
    assert set(state_of(tmp_path, shown(f"{{{wanted}}}")).shown) == set(free)
    assert {"TRU001", "VER001", "VER005"} <= set(free)


def test_what_is_said_to_be_always_an_error_is_one(tmp_path: Path) -> None:
    for code, entry in CODES.items():
        for message in messages(tmp_path / code, shown(f"{{{code}: warning}}")):
            assert "always an error" in message
            assert entry.severity == "error"


def waived(code: str) -> dict[str, str]:
    text = f"waivers:\n  - {{code: {code}, reason: agreed, until: 2026-12-31}}\n"
    return {"accounts/brass.yaml": ACCOUNT + text}


@pytest.mark.parametrize("code", ["GRD001", "GRD006", "USG005", "USG013", "BMS009"])
def test_guards_and_what_holds_nothing_can_be_waived(tmp_path: Path, code: str) -> None:
    assert found(tmp_path, waived(code)) == []


@pytest.mark.parametrize("code", ["KNW001", "KNW002", "GRD004", "USG012", "CFG009", "USG999"])
def test_no_waiver_lets_lines_be_written_that_nobody_knows(tmp_path: Path, code: str) -> None:
    assert found(tmp_path, waived(code)) == [("CFG003", "accounts/brass.yaml:10:12")]


def test_what_is_told_for_all_accounts_is_waived_in_the_file_of_none(tmp_path: Path) -> None:
    (message,) = messages(tmp_path, waived("USG016"))
    assert "`USG016` cannot be waived for an account" in message
    assert "set `findings: {USG016: warning}` in billing.yaml" in message
    assert state_of(tmp_path / "b", shown("{USG016: warning}")).shown == {"USG016": "warning"}


def test_falls_to_zero_may_be_allowed(tmp_path: Path) -> None:
    assert state_of(tmp_path / "a").guards.zero == "hold"
    files = {"billing.yaml": f"{BILLING}guards: {{zero: allow}}\n"}
    assert state_of(tmp_path / "b", files).guards.zero == "allow"


def test_the_account_guard_is_not_waived_for_one_service(tmp_path: Path) -> None:
    of_one = waived("GRD003, service: workstation")
    assert found(tmp_path, of_one) == [("CFG003", "accounts/brass.yaml:10:12")]
    assert found(tmp_path / "b", waived("GRD003")) == []
    assert found(tmp_path / "c", waived("GRD002, service: workstation")) == []
