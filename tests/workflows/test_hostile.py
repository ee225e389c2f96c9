"""Whoever names an account, a contract, a service or an organization says no more than a name."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.cli import shop
from tests.workflows.outputs import commands, everything, markdown, wrong
from tests.workflows.town import Town

RUNNER = "::error::x ##[error]x ##[add-matcher]x ::set-output name=a::b"
SHELL = "$(touch hacked) `touch hacked` ; touch hacked;"
EXPRESSION = "${{ secrets.BMS_PASSWORD }} ${BMS_PASSWORD}"
MARKUP = (
    "<img src=x onerror=alert(1)> <!-- | `code` **bold** ~~no~~ [a](https://evil.example)"
    " @mallory #98765 GH-98765 www.evil.example </details>"
)
LINES = "two\nlines\r::error::x\u2028::warning::y\x1b[31m\u202e\u200f\x00 end"
LONG = "long " * 2_000
NAMES = {
    "account": f"::error::{MARKUP} {RUNNER}",
    "contract": f"{SHELL} {EXPRESSION} {RUNNER} | {MARKUP}",
    "service": f"{LINES.replace(chr(0), '')} {MARKUP}",
    "organization": f"- # {MARKUP} {SHELL} {RUNNER}",
    "stranger": f"{RUNNER}\n{EXPRESSION}{MARKUP}\n{LONG}",
}
TUESDAY = datetime(2026, 11, 24, 13, tzinfo=UTC)


@pytest.fixture(scope="module")
def town(shared_town: Town) -> Town:
    """Every workflow has run among such names."""
    town = shared_town
    contract = _rename(town)
    town.push_directly(lambda config: _configure(config, contract))
    town.schedule("daily")
    pull = town.propose(_minimum)
    town.plan(pull)
    town.push(town.merge(pull))
    town.plan(town.propose(_mistaken))
    town.at(TUESDAY)
    town.sandbox.ui.edit_units(town.rows(NAMES["account"])[0].row_id, 3)
    town.schedule("drift")
    town.schedule("daily")
    town.form("explain", account=NAMES["account"], service="", day="")
    town.form("baseline", file="")
    town.form(
        "accept", contract="1", units=f"{NAMES['service']}=3", others="", reason=NAMES["account"]
    )
    return town


def _rename(town: Town) -> int:
    """In BMS."""
    ui = town.sandbox.ui
    (row, *_) = town.rows(shop.BRASS)
    ui.rename_account(row.account_id, NAMES["account"])
    ui.rename_contract(row.contract_id, NAMES["contract"])
    ui.rename_service(row.service_id, NAMES["service"])
    return row.contract_id


def _configure(config: Path, contract: int) -> None:
    text = (config / "accounts" / "brass.yaml").read_text("utf-8")
    for old, new in (
        (f"account: {shop.BRASS}", f"account: {json.dumps(NAMES['account'])}"),
        (f"datto-edr: {shop.BRASS}", f"datto-edr: {json.dumps(NAMES['organization'])}"),
        ("contract: Managed Services", f"contract: {{id: {contract}}}"),
        ("reason: dispute", f"reason: {json.dumps(MARKUP)}"),
    ):
        assert old in text
        text = text.replace(old, new)
    (config / "accounts" / "brass.yaml").write_text(text, "utf-8")
    services = config / "services" / "datto-edr.yaml"
    name = json.dumps(NAMES["service"])
    services.write_text(services.read_text("utf-8").replace("Protected Endpoint", name), "utf-8")
    rows = [
        {"product": "datto-edr", "organization": NAMES[who], "metric": "total-devices",
         "day": str(date(2026, 11, day)), "quantity": 15}
        for who in ("organization", "stranger")
        for day in range(1, 23)
    ]  # fmt: skip
    (config / "usage" / "hostile.json").write_text(json.dumps(rows), "utf-8")
    billing = config / "billing.yaml"
    billing.write_text(billing.read_text("utf-8").replace("usage/*.csv", "usage/*.*"), "utf-8")


def _minimum(config: Path) -> None:
    path = config / "accounts" / "brass.yaml"
    path.write_text(path.read_text("utf-8").replace("endpoint: {}", "endpoint: {minimum: 16}"))


def _mistaken(config: Path) -> None:
    path = config / "accounts" / "cobalt.yaml"
    more = f"{json.dumps(RUNNER + MARKUP)}: {json.dumps(LINES)}\n"
    path.write_text(path.read_text("utf-8") + more, "utf-8")


def test_every_run_came_to_its_end(town: Town) -> None:
    ends = [job.result for job in town.runner.done]
    assert ends == [*["success"] * 4, "failure", "failure", *["success"] * 4, "failure"]
    assert "mallory" in "".join(job.summary for job in town.runner.done), "names are shown"


def test_it_stays_text_wherever_github_renders_it(town: Town) -> None:
    told = {place: found for place, text in markdown(town) if (found := wrong(text))}
    assert told == {}


def test_it_is_no_command_to_a_runner(town: Town) -> None:
    obeyed = [line for job in town.runner.done for line in commands(job.output)]
    (ours,) = obeyed
    assert ours.startswith("::error file=billing-config/accounts/cobalt.yaml,line=10,col=1,title=")


def test_nor_is_it_where_a_wrapped_line_begins_with_it(town: Town) -> None:
    for words in (("plan",), ("drift",), ("explain", NAMES["account"]), ("apply", "--account", "")):
        with town.started("desk-2", *words, COLUMNS="60") as process:
            assert commands(process.communicate(timeout=30)[0]) == [], words


def test_it_is_none_to_a_shell_and_names_no_branch(town: Town) -> None:
    assert not list(town.folder.rglob("hacked"))
    names = [text for place, text in everything(town) if place.startswith("the name of")]
    assert [name for name in names if not name.replace("/", "").replace("-", "").isalnum()] == []
