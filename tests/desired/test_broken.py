"""A name that nothing defines is told together with the other mistakes, not after them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desired.house import ACCOUNT, BILLING, SERVICES, found, messages

WRONG = "mod: apply\n"
OWN = "policies: {own: {adjust: daily}}\n"


@pytest.mark.parametrize(
    ("file", "text", "places"),
    [
        ("billing.yaml", BILLING + OWN + WRONG + "default_policy: x\n", ["6:1", "7:17"]),
        ("accounts/brass.yaml", ACCOUNT + WRONG + "settings: {policy: x}\n", ["9:1", "10:20"]),
        ("accounts/brass.yaml", ACCOUNT.replace("{}", "{policy: x, mod: a}"), ["8:29", "8:32"]),
        (
            "accounts/brass.yaml",
            ACCOUNT.replace("{}", "{changes: [{from: soon, policy: x}]}"),
            ["8:38", "8:52"],
        ),
        ("services/datto-rmm.yaml", SERVICES + "    policy: x\n    mod: a\n", ["10:13", "11:5"]),
    ],
)
def test_an_unknown_policy_is_told_beside_another_mistake(
    tmp_path: Path, file: str, text: str, places: list[str]
) -> None:
    problems = found(tmp_path, {file: text})
    assert [place for _, place in problems] == [f"{file}:{place}" for place in places]
    assert "CFG007" in {code for code, _ in problems}


@pytest.mark.parametrize("version", ["2", "one", "0"])
@pytest.mark.parametrize("more", ["", OWN])
def test_names_are_checked_where_only_the_version_is_wrong(
    tmp_path: Path, version: str, more: str
) -> None:
    files = {
        "billing.yaml": BILLING.replace("version: 1", f"version: {version}")
        + more
        + "default_policy: x\nexclude: [{product: vza, reason: r}]\n",
        "services/datto-rmm.yaml": SERVICES + "    policy: y\n",
        "accounts/brass.yaml": ACCOUNT + "settings: {policy: z}\n",
    }
    assert [code for code, _ in found(tmp_path, files)] == [
        "CFG007", "CFG004", "CFG007", "CFG005", "CFG007",
    ]  # fmt: skip


def test_a_version_that_no_release_has_hides_no_other_mistake(tmp_path: Path) -> None:
    text = ACCOUNT.replace("version: 1", "version: one").replace("{}", "{policy: x}") + WRONG
    assert found(tmp_path, {"accounts/brass.yaml": text}) == [
        ("CFG004", "accounts/brass.yaml:1:10"),
        ("CFG007", "accounts/brass.yaml:8:29"),
        ("CFG002", "accounts/brass.yaml:9:1"),
    ]


def test_an_unknown_service_is_told_beside_another_mistake(tmp_path: Path) -> None:
    text = ACCOUNT.replace("workstation:", "workstatoin:") + WRONG
    assert messages(tmp_path, {"accounts/brass.yaml": text})[0].startswith(
        "billing-config/accounts/brass.yaml:8:7: CFG008 unknown service `workstatoin`"
    )


def test_an_unknown_product_is_told_beside_another_mistake(tmp_path: Path) -> None:
    files = {
        "accounts/brass.yaml": ACCOUNT.replace("datto-rmm", "datto-rm") + WRONG,
        "services/datto-rmm.yaml": SERVICES.replace("datto-rmm", "datto-rm") + WRONG,
    }
    assert found(tmp_path, files) == [
        ("CFG005", "accounts/brass.yaml:4:3"),
        ("CFG002", "accounts/brass.yaml:9:1"),
        ("CFG005", "services/datto-rmm.yaml:2:10"),
        ("CFG002", "services/datto-rmm.yaml:10:1"),
    ]


def test_names_that_a_file_with_mistakes_defines_are_known(tmp_path: Path) -> None:
    files = {
        "billing.yaml": BILLING + OWN.replace("daily", "never"),
        "services/datto-rmm.yaml": SERVICES + "    mod: a\n",
        "accounts/brass.yaml": ACCOUNT.replace(
            "workstation: {}", "workstation: {policy: own}\n      srever: {policy: onw}"
        ),
    }
    assert found(tmp_path, files) == [
        ("CFG008", "accounts/brass.yaml:9:7"),
        ("CFG007", "accounts/brass.yaml:9:24"),
        ("CFG003", "billing.yaml:5:26"),
        ("CFG002", "services/datto-rmm.yaml:10:5"),
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"billing.yaml": BILLING + OWN.replace("policies", "polices")},
        {"billing.yaml": BILLING + OWN + "  - [\n"},
        {"billing.yaml": BILLING.replace("version: 1", "version: 2") + WRONG},
        {"services/datto-rmm.yaml": SERVICES.replace("services:", "service:")},
        {"services/datto-rmm.yaml": SERVICES + "  - [\n"},
    ],
)
def test_where_nobody_can_tell_what_is_defined_nothing_is_told(
    tmp_path: Path, files: dict[str, str]
) -> None:
    account = ACCOUNT + WRONG + "settings: {policy: own}\n"
    files["services/more.yaml"] = SERVICES.replace("  workst", "  other").replace("  ser", "  more")
    told = {code for code, _ in found(tmp_path, {**files, "accounts/brass.yaml": account})}
    expected = {"CFG007"} if "billing.yaml" not in files else set()
    assert told & {"CFG007", "CFG008"} == expected


def test_a_name_that_is_wrong_in_itself_is_told_once(tmp_path: Path) -> None:
    text = ACCOUNT + "settings: {policy: '  '}\n"
    assert len(found(tmp_path, {"accounts/brass.yaml": text})) == 1


MEANT = (
    "billing: {invoice: end}\nsettings: {late: next-period}\n"
    "policies: {daily: {adjust: daily, increase: period-start, late: next-period}}\n"
)


@pytest.mark.parametrize(
    "broken", [MEANT + WRONG, MEANT + "- [\n", MEANT.replace("invoice: end", "invoice: ends")]
)
@pytest.mark.parametrize("line", ["{increase: period-start}", "{over: sum}", "{late: hold}"])
def test_what_a_broken_billing_file_may_settle_is_not_told(
    tmp_path: Path, broken: str, line: str
) -> None:
    files = {
        "billing.yaml": BILLING + broken,
        "accounts/brass.yaml": ACCOUNT.replace("{}", line),
    }
    told = found(tmp_path, files)
    assert {place.split(":")[0] for _, place in told} == {"billing.yaml"}


def test_what_the_policy_of_a_misspelt_name_may_settle_is_not_told(tmp_path: Path) -> None:
    text = ACCOUNT.replace("{}", "{policy: mnth-end, increase: period-start}")
    assert found(tmp_path, {"accounts/brass.yaml": text}) == [
        ("CFG007", "accounts/brass.yaml:8:29")
    ]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("{minimum: 5, maximum: 3}", "8:42"),
        ("{late: hold, increase: change-date, decrease: never}", "8:27"),
        ("{over: sum, adjust: daily, increase: change-date, decrease: never}", "8:27"),
    ],
)
def test_what_no_billing_file_can_settle_is_told_beside_a_broken_one(
    tmp_path: Path, line: str, place: str
) -> None:
    files = {
        "billing.yaml": BILLING + WRONG,
        "accounts/brass.yaml": ACCOUNT.replace("{}", line),
    }
    told = found(tmp_path, files)
    assert [at for _, at in told] == [f"accounts/brass.yaml:{place}", "billing.yaml:5:1"]


@pytest.mark.parametrize(("first", "second"), [(WRONG, ""), ("", WRONG), (WRONG, WRONG), ("", "")])
def test_a_service_defined_twice_is_told_beside_another_mistake(
    tmp_path: Path, first: str, second: str
) -> None:
    files = {
        "services/datto-rmm.yaml": SERVICES + first,
        "services/more.yaml": SERVICES.replace("  server", "  other") + second,
    }
    told = found(tmp_path, files)
    assert [one for one in told if one[0] == "CFG019"] == [("CFG019", "services/more.yaml:4:3")]
