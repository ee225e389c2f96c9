"""Messages say what is wrong, where, and what to write instead."""

from __future__ import annotations

import pytest

from reconciler.desired.documents import AccountDoc, BillingDoc
from reconciler.desired.source import parse
from reconciler.findings import CODES

ACCOUNT = "version: 1\naccount: A\n"
BILLING = "version: 1\ntenant: T\ncurrency: USD\ntime_zone: UTC\n"
BMS = BILLING + "bms:\n  company: C\n  username: u\n  password: ${P}\n"


def account(text: str) -> list[str]:
    return [str(one) for one in parse(text.encode(), "a.yaml", AccountDoc).problems]


def billing(text: str) -> list[str]:
    return [str(one) for one in parse(text.encode(), "b.yaml", BillingDoc).problems]


@pytest.mark.parametrize(
    ("text", "start", "remedy"),
    [
        ("acount: A\n", "a.yaml:3:1: CFG002 unknown key `acount`", "did you mean `account`?"),
        ("zzz: A\n", "a.yaml:3:1: CFG002 unknown key `zzz`", "take one of"),
        ("mode: aply\n", "a.yaml:3:7: CFG003 `mode` cannot be `aply`", "did you mean `apply`?"),
        ("mode: 3\n", "a.yaml:3:7: CFG003 `mode` cannot be `3`", "it takes `observe`, `propose`"),
        (
            "settings: {minimum: 010}\n",
            "a.yaml:3:21: CFG003 `minimum` cannot be `010`",
            "such as 3",
        ),
        (
            "settings: {price: 1e3}\n",
            "a.yaml:3:19: CFG003 `price` cannot be `1e3`",
            "such as 22.00",
        ),
        (
            "settings: {price: 3,50}\n",
            "a.yaml:3:21: CFG002 unknown key `50`",
            "with a point and no separators",
        ),
        (
            "settings: {minimum: 1,000}\n",
            "a.yaml:3:23: CFG002 unknown key `000`",
            "with a point and no separators",
        ),
        ("settings: [a]\n", "a.yaml:3:11: CFG003 `settings` cannot be a list", "write a mapping"),
        ("waivers: {}\n", "a.yaml:3:10: CFG003 `waivers` cannot be a mapping", "write a list"),
        ("exclude:\n", "a.yaml:3:1: CFG003 `exclude` cannot be an empty value", "write a list"),
        ("exclude: [{reason: r}]\n", "a.yaml:3:11: CFG018 `exclude` needs `organization:`", "add"),
        ("contracts: [{contract: M}]\n", "a.yaml:3:13: CFG018 `services:` is missing", "add it"),
        (
            "contracts: [{contract: M, services: {x: {frm: 1}}}]\n",
            "a.yaml:3:42: CFG002 unknown key `frm`",
            "did you mean `from`?",
        ),
        (
            "contracts: [{contract: {nme: M}, services: {}}]\n",
            "a.yaml:3:25: CFG002 unknown key `nme`",
            "did you mean `name`?",
        ),
    ],
)
def test_a_mistake_has_place_code_and_remedy(text: str, start: str, remedy: str) -> None:
    (said,) = account(ACCOUNT + text)
    assert said.startswith(start)
    assert remedy in said


def test_a_document_that_is_no_mapping_is_said_so() -> None:
    (said,) = account("- a\n")
    assert said == "a.yaml:1:1: CFG003 the file cannot be a list; write a mapping (`key: value`)"


def test_a_password_in_the_file_is_never_repeated() -> None:
    (said,) = billing(BMS.replace("${P}", "hunter2"))
    assert said.startswith("b.yaml:8:13: CFG015 ")
    assert "hunter2" not in said
    assert "${NAME}" in said


@pytest.mark.parametrize("text", ["x${P}", "${P}x", "${}", "${1A}", "$P", "${P} "])
def test_only_a_whole_variable_is_a_password(text: str) -> None:
    (said,) = billing(BMS.replace("${P}", f"'{text}'"))
    assert "CFG015" in said


@pytest.mark.parametrize("key", ["tenant", "default_policy"])
def test_variables_are_refused_where_no_secret_belongs(key: str) -> None:
    text = (
        BILLING.replace("tenant: T", "tenant: ${T}")
        if key == "tenant"
        else BILLING + f"{key}: ${{T}}\n"
    )
    (said,) = billing(text)
    assert f"CFG003 `{key}` cannot be `${{T}}`" in said


@pytest.mark.parametrize(
    "url",
    ["http://api.bms.kaseya.com", "api.bms.kaseya.com", "https://u:p@x.example", "https://x/?a"],
)
def test_an_address_that_would_leak_the_password_is_refused(url: str) -> None:
    (said,) = billing(BMS + f"  url: '{url}'\n")
    assert "CFG003 `url`" in said


@pytest.mark.parametrize("url", ["https://api.bms.kaseya.com", "http://127.0.0.1:8480", "${URL}"])
def test_a_safe_address_is_taken(url: str) -> None:
    assert billing(BMS + f"  url: {url}\n") == []


@pytest.mark.parametrize(
    "note", ["{units}", "{ref} {unit}", "{ref!r}", "{ref:>9}", "{ref", "{0} {ref}"]
)
def test_a_line_note_must_be_a_template_that_proves_the_write(note: str) -> None:
    (said,) = billing(BMS + f"  line_note: '{note}'\n")
    assert "CFG003 `line_note`" in said


@pytest.mark.parametrize("note", ["{ref}", "{change} {units} {date} · {ref}", "{{x}} {ref}"])
def test_a_line_note_with_its_proof_is_taken(note: str) -> None:
    assert billing(BMS + f"  line_note: '{note}'\n") == []


def test_an_unknown_source_lists_the_known_ones() -> None:
    (said,) = billing(BILLING + "usage:\n  - {source: datto-rmm, path: x}\n")
    assert said.startswith("b.yaml:6:14: CFG003 `source` cannot be `datto-rmm`")
    assert "file" in said


def test_an_unknown_time_zone_says_what_was_meant() -> None:
    (said,) = billing(BILLING.replace("UTC", "America/NewYork"))
    assert "did you mean `America/New_York`?" in said


def test_a_mistake_inside_an_alias_is_shown_once_at_its_anchor() -> None:
    (said,) = account(
        ACCOUNT + "settings: &s {minimum: x}\ncontracts:\n  - {contract: M, services: {a: *s}}\n"
    )
    assert said.startswith("a.yaml:3:24: CFG003 `minimum`")


def test_every_code_used_here_is_in_the_table() -> None:
    said = [*account("x: 1\n"), *billing(BMS.replace("${P}", "p") + "mode: x\n")]
    assert {line.split()[1] for line in said} <= set(CODES)
