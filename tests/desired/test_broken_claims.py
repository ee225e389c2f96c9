"""What two files claim at once is told together with the other mistakes in either."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desired.house import ACCOUNT, BILLING, SERVICES, found, messages

WRONG = "mod: apply\n"
AMBER = "version: 1\naccount: {id: 7, name: Amber}\norganizations: {vsa: X}\n"
BRONZE = "version: 1\naccount: {id: 7, name: Bronze}\norganizations: {vsa: [Y, X]}\n"
CLAIMS = [("CFG011", "accounts/b.yaml:2:10"), ("CFG009", "accounts/b.yaml:3:26")]


@pytest.mark.parametrize("first", ["", WRONG])
@pytest.mark.parametrize("second", ["", WRONG])
@pytest.mark.parametrize(
    "files",
    [
        {},
        {"billing.yaml": BILLING + WRONG},
        {"billing.yaml": BILLING.replace("1", "2", 1)},
        {"services/datto-rmm.yaml": SERVICES + WRONG},
        {"accounts/brass.yaml": ACCOUNT + WRONG},
        {"accounts/brass.yaml": "- ["},
    ],
)
def test_claims_are_told_whichever_file_has_another_mistake(
    tmp_path: Path, first: str, second: str, files: dict[str, str]
) -> None:
    claimed = {"accounts/a.yaml": AMBER + first, "accounts/b.yaml": BRONZE + second}
    told = found(tmp_path, {**files, **claimed})
    assert [one for one in told if one[0] in {"CFG009", "CFG011"}] == CLAIMS


def test_the_same_is_said_of_files_with_and_without_other_mistakes(tmp_path: Path) -> None:
    def said(more: str) -> list[str]:
        files = {"accounts/a.yaml": AMBER + more, "accounts/b.yaml": BRONZE + more}
        told = messages(tmp_path, files)
        return [one for one in told if "CFG009" in one or "CFG011" in one]

    assert said(WRONG) == said("")
    assert "is claimed by `Amber` in billing-config/accounts/a.yaml" in said(WRONG)[1]


def test_a_file_whose_account_cannot_be_read_is_named_alone(tmp_path: Path) -> None:
    files = {"accounts/a.yaml": AMBER.replace("7", "x"), "accounts/b.yaml": BRONZE}
    _, claimed = messages(tmp_path, files)
    assert "CFG009 organization `X` of vsa is claimed in billing-config/accounts/a.yaml" in claimed


@pytest.mark.parametrize(
    "text",
    [
        AMBER.replace("id: 7", "id: x").replace("X", "{nme: X}"),
        AMBER.replace("account: ", "acount: ").replace("vsa: X", "vsa: [[X]]"),
        AMBER.replace("version: 1", "version: 2") + WRONG,
        "version: 1\naccount: {id: 8, name: Amber}\norganizations: X\n",
    ],
)
def test_what_is_wrong_in_itself_claims_nothing(tmp_path: Path, text: str) -> None:
    told = found(tmp_path, {"accounts/a.yaml": text, "accounts/b.yaml": BRONZE})
    assert told
    assert {place.split(":")[0] for _, place in told} == {"accounts/a.yaml"}


def test_a_contract_listed_twice_is_told_beside_another_mistake(tmp_path: Path) -> None:
    text = ACCOUNT + "  - {contract: Managed Services, services: {}}\n" + WRONG
    assert found(tmp_path, {"accounts/brass.yaml": text}) == [
        ("CFG011", "accounts/brass.yaml:9:16"),
        ("CFG002", "accounts/brass.yaml:10:1"),
    ]
