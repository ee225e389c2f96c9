"""The schemas that editors use: checked in, valid, and of one mind with the loader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.desired import careful
from reconciler.desired.schema import DOCUMENTS, known_keys, schema_documents, schema_text
from reconciler.desired.source import parse_carefully

ROOT = Path(__file__).parents[2]
KINDS = {
    "services": "services",
    "accounts": "account",
    "approvals": "approvals",
    "tests": "tests",
}
EXAMPLES = sorted((ROOT / "billing-config").rglob("*.yaml"))

ACCOUNT = "version: 1\naccount: A\n"
LINE = ACCOUNT + "contracts: [{contract: M, services: {s: {%s}}}]\n"
SERVICE = "version: 1\nproduct: vsa\nservices: {s: {bms_service: S, count: %s}}\n"
BILLING = "version: 1\ntenant: T\ncurrency: USD\ntime_zone: UTC\n"
BMS = BILLING + "bms: {company: C, username: u, password: %s%s}\n"
SOURCE = BILLING + "usage: [{source: file, path: '*.csv'%s}]\n"
ID = "7f3a9c21d04e5b68"
APPROVAL = (
    "version: 1\napprovals: [{change: %s, account: a, contract: k, service: s, from_units: 1,"
    " to_units: 2, day: 2026-11-01, monthly: %s, reason: r}]\n"
)

CASE = (
    "version: 1\ncases: [{name: n, contract: {start: 2026-01-01%s}, as_of: 2026-11-30,"
    " readings: %s, expect: %s}]\n"
)

GOOD = [
    ("account", ACCOUNT), ("account", "version: '1'\naccount: {id: 12}\n"),
    ("account", LINE % ""), ("account", LINE % "minimum: 0, price: 4.10, units: null"),
    ("account", LINE % "from: 2026-12-01, gaps: {allow: 3d}, included: 1.5"),
    ("account", LINE % "organizations: {vsa: [a, {id: b}], passly: c}"),
    ("account", ACCOUNT + "contracts: [{contract: M, services: all}]\n"),
    ("account", ACCOUNT + "contracts: [{contract: M, services: {s: }}]\n"),
    ("services", SERVICE % "{metric: m, of: [x]}"), ("services", SERVICE % "[{metric: m}]"),
    ("services", SERVICE % "[{metric: m}, {metric: n, subtract: true}]"),
    ("billing", BILLING), ("billing", SOURCE % ", max_age: 3d"), ("billing", BMS % ("'${P}'", "")),
    ("billing", BMS % ("'${P}'", ", line_note: null, assume: {page_base: 0, page_cap: 7}")),
    ("billing", BILLING + "guards: {percent: 10, line: null}\npolicies: {a: , b: {}}\n"),
    ("approvals", "version: 1\n"), ("approvals", APPROVAL % (ID, "-12.50")),
    ("tests", "version: 1\n"),
    ("tests", CASE % ("", "{2026-11-01..2026-11-29: 10}", "{units: 0}")),
    ("tests", CASE % (", units: 3, price: 1.5", "{2026-11-01: 0.5}", "{changes: []}")),
    ("tests", CASE % ("", "[{dimension: Server, days: {2026-11-01: 1}}]", "{scheduled: []}")),
    ("tests", CASE % ("", "{2026-11-01: 1}", "{money: {monthly: -1, billed: {2026-11: 2}}}")),
    ("tests", CASE % ("", "{2026-11-01: 1}", "{days: {2026-11-01..2026-11-03: 7}}")),
]  # fmt: skip
BAD = [
    ("account", ""), ("account", "version: 1\n"), ("account", "version: 2\naccount: A\n"),
    ("account", "version: 1\naccount: {}\n"), ("account", ACCOUNT + "x: 1\n"),
    ("account", ACCOUNT + "mode: aply\n"), ("account", "version: 1\naccount: {id: 010}\n"),
    ("account", LINE % "minimum: 03"), ("account", LINE % "minimum: -1"),
    ("account", LINE % "minimum: 1.0"), ("account", LINE % "price: 1e3"),
    ("account", LINE % "price: -1"), ("account", LINE % "per: 0"), ("account", LINE % "per: 0.0"),
    ("account", LINE % "price: 1_000"), ("account", LINE % "adjust: "),
    ("account", LINE % "from: 2026-1-1"), ("account", LINE % "gaps: {allow: 3}"),
    ("account", LINE % "gaps: {}"), ("account", LINE % "units: {fixed: 3}"),
    ("account", LINE % "note: ''"), ("account", LINE % "changes: [{price: 1}]"),
    ("account", ACCOUNT + "contracts: [{contract: M}]\n"),
    ("account", ACCOUNT + "contracts: [{contract: M, services: none}]\n"),
    ("account", ACCOUNT + "waivers: [{code: GRD001, reason: r}]\n"),
    ("account", ACCOUNT + "exclude: [{reason: r}]\n"),
    ("services", SERVICE % "{}"), ("services", SERVICE % "[]"), ("services", SERVICE % "m"),
    ("services", SERVICE % "{metric: m, of: []}"),
    ("services", SERVICE % "{metric: m, subtract: yes}"),
    ("billing", BILLING.replace("USD", "usd")), ("billing", BILLING.replace("tenant: T\n", "")),
    ("billing", BMS % ("hunter2", "")), ("billing", BMS % ("'${P}'", ", url: 'ftp://x'")),
    ("billing", BMS % ("'${P}'", ", line_note: '{units}'")),
    ("billing", BMS % ("'${P}'", ", assume: {page_base: 2}")),
    ("billing", BMS % ("'${P}'", ", assume: {line_update: both}")),
    ("billing", SOURCE.replace("file", "ftp") % ""), ("billing", SOURCE % ", max_age: 2h"),
    ("billing", BILLING + "invoice_run: {day: 31}\n"),
    ("billing", BILLING + "invoice_run: {time: '6:00'}\n"),
    ("billing", BILLING + "settings: {x: 1}\n"),
    ("approvals", APPROVAL % (ID, "12,50")), ("approvals", APPROVAL % (f"{ID}0", "1")),
    ("approvals", APPROVAL % (ID.upper(), "1")), ("approvals", APPROVAL % (ID[1:], "1")),
    ("approvals", "version: 1\napprovals: {}\n"),
    ("tests", CASE % ("", "{}", "{units: 1}")), ("tests", CASE % ("", "10", "{units: 1}")),
    ("tests", CASE % ("", "{2026-11-01: -1}", "{units: 1}")),
    ("tests", CASE % ("", "{2026-11: 1}", "{units: 1}")),
    ("tests", CASE % ("", "{2026-11-01...2026-11-02: 1}", "{units: 1}")),
    ("tests", CASE % ("", "[{metric: m}]", "{units: 1}")),
    ("tests", CASE % ("", "{2026-11-01: 1}", "{}")),
    ("tests", CASE % ("", "{2026-11-01: 1}", "{money: {}}")),
    ("tests", CASE % ("", "{2026-11-01: 1}", "{money: {billed: {2026-13: 1}}}")),
    ("tests", CASE % ("", "{2026-11-01: 1}", "{units: 1.5}")),
    ("tests", CASE % (", cycle: daily", "{2026-11-01: 1}", "{units: 1}")),
]  # fmt: skip


def accepts(kind: str, text: str) -> bool:
    """Does the schema accept the document's text form?"""
    root, problems = careful.read(text.encode(), "f.yaml")
    assert root is not None
    assert problems == []
    return Draft202012Validator(schema_documents()[kind]).is_valid(root.plain())


def loads(kind: str, text: str) -> bool:
    return parse_carefully(text.encode(), "f.yaml", DOCUMENTS[kind]).doc is not None


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_the_checked_in_schema_is_the_generated_one(name: str) -> None:
    checked_in = (ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    assert checked_in == schema_text(schema_documents()[name])


def test_every_checked_in_schema_is_generated_or_the_plans() -> None:
    names = {path.name.removesuffix(".schema.json") for path in (ROOT / "schemas").glob("*.json")}
    assert set(DOCUMENTS) <= names <= {*DOCUMENTS, "plan"}


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_schema_is_valid_draft_2020_12(name: str) -> None:
    document = schema_documents()[name]
    Draft202012Validator.check_schema(document)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def parts(schema: Any) -> list[tuple[str, dict[str, Any]]]:
    """Every key of every mapping in a schema."""
    mappings = [schema, *schema.get("$defs", {}).values()]
    return [pair for one in mappings for pair in one.get("properties", {}).items()]


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_key_explains_itself(name: str) -> None:
    for key, part in parts(schema_documents()[name]):
        assert part.get("description"), key
        assert "title" not in part, key
        assert part.get("default", "") is not None, key


def test_changing_a_schema_that_was_handed_out_changes_no_other() -> None:
    schema_documents()["account"]["properties"].clear()
    assert schema_documents()["account"]["properties"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda one: one.stem)
def test_the_example_files_satisfy_their_schema(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    kind = KINDS.get(path.parent.name, path.stem)
    assert accepts(kind, text)
    assert loads(kind, text)
    first = text.splitlines()[0]
    target = path.parent / first.removeprefix("# yaml-language-server: $schema=")
    assert target.resolve() == ROOT / "schemas" / f"{kind}.schema.json"


@pytest.mark.parametrize(("kind", "text"), GOOD)
def test_schema_and_loader_accept(kind: str, text: str) -> None:
    assert (accepts(kind, text), loads(kind, text)) == (True, True)


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_schema_and_loader_refuse(kind: str, text: str) -> None:
    assert (accepts(kind, text), loads(kind, text)) == (False, False)


def test_numbers_as_an_editor_reads_them_satisfy_the_schema() -> None:
    document = {"version": 1, "account": {"id": 7}, "settings": {"minimum": 3, "price": 4.1}}
    validator = Draft202012Validator(schema_documents()["account"])
    assert validator.is_valid(document)
    assert not validator.is_valid({**document, "settings": {"minimum": 3.5}})
    assert not validator.is_valid({**document, "settings": {"price": -1}})


def test_the_keys_of_a_place_are_known() -> None:
    account, services = DOCUMENTS["account"], DOCUMENTS["services"]
    assert "waivers" in known_keys(account, ())
    line = ("contracts", 0, "services", "a mapping", "x")
    assert {"from", "last_day", "price"} <= set(known_keys(account, line))
    assert "subtract" in known_keys(services, ("services", "x", "count", 0))
    assert "allow" in known_keys(account, ("settings", "gaps"))


def test_schemas_are_plain_json() -> None:
    for document in schema_documents().values():
        assert json.loads(schema_text(document)) == document
