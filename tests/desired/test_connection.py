"""Secrets come from the environment and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.desired import connection, load_checked
from reconciler.desired.secrets import AddressError
from reconciler.model.desired import BmsConnection
from reconciler.model.errors import ConfigError
from tests.desired.house import BILLING, build

BMS = BILLING + "bms:\n  company: Example MSP\n  username: ${U}\n  password: ${P}\n"
SET = {"U": "api", "P": "s3cret"}


def directory(root: Path, text: str = BMS) -> Path:
    return build(root, {"billing.yaml": text})


def test_variables_are_replaced_by_their_values(tmp_path: Path) -> None:
    made = connection(directory(tmp_path), SET)
    assert made == BmsConnection("https://api.bms.kaseya.com", "Example MSP", "api", "s3cret")
    assert "s3cret" not in repr(made)


def test_the_environments_address_wins(tmp_path: Path) -> None:
    top = directory(tmp_path, BMS + "  url: ${URL}\n")
    env = {**SET, "RECONCILER_BMS_URL": "http://127.0.0.1:9"}
    assert connection(top, env).url == "http://127.0.0.1:9"
    assert load_checked(top, env)[1] == ()


@pytest.mark.parametrize("env", [{"U": "api"}, {"U": "api", "P": ""}])
def test_a_variable_that_is_not_set_is_shown_where_it_is_named(
    tmp_path: Path, env: dict[str, str]
) -> None:
    top = directory(tmp_path)
    with pytest.raises(ConfigError) as raised:
        connection(top, env)
    (problem,) = raised.value.problems
    assert (problem.code, str(problem.position)) == ("CFG013", "billing-config/billing.yaml:8:13")
    assert "P is not set" in problem.message
    assert "validate" not in (raised.value.remedy or "")
    assert load_checked(top, env)[1] == (problem,)


def test_validation_needs_no_secrets(tmp_path: Path) -> None:
    assert load_checked(directory(tmp_path))[1] == ()


def test_an_address_from_the_environment_must_be_safe_too(tmp_path: Path) -> None:
    with pytest.raises(AddressError) as raised:
        connection(directory(tmp_path), {**SET, "RECONCILER_BMS_URL": "http://bms.example"})
    assert raised.value.where == "environment variable RECONCILER_BMS_URL"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("not a url", "is not a web address"),
        ("ftp://bms.example", "is not a web address"),
        ("https://", "is not a web address"),
        ("https://bms.example:99999", "is not a web address"),
        ("http://bms.example", "would send the password in the clear"),
        ("https://me:secret@bms.example", "has more than a host and a path"),
    ],
)
def test_what_is_wrong_with_an_address_is_said_without_repeating_it(
    tmp_path: Path, address: str, why: str
) -> None:
    with pytest.raises(AddressError, match=why) as raised:
        connection(directory(tmp_path), {**SET, "RECONCILER_BMS_URL": address})
    assert address not in raised.value.message


def test_without_bms_there_is_no_connection(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        connection(directory(tmp_path, BILLING), SET)
    assert [one.code for one in raised.value.problems] == ["CFG018"]


def test_a_broken_billing_file_is_told_before_anything_is_resolved(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        connection(directory(tmp_path, BMS + "x: 1\n"), {})
    assert [one.code for one in raised.value.problems] == ["CFG002"]
