"""The scheduled commands as a job on GitHub runs them."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from reconciler import github
from tests.cli.shop import BRASS, COBALT, Result, Shop
from tests.github.api import REPOSITORY, TOKEN, Api

SECRET = "0c5f-heartbeat"


class Heart(BaseHTTPRequestHandler):
    """Hears the heartbeat."""

    status = 200
    heard: list[str] = []  # noqa: RUF012  emptied by the fixture

    def do_GET(self) -> None:
        self.heard.append(self.path)
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def heart(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Heart]]:
    Heart.heard.clear()
    monkeypatch.setattr(Heart, "status", 200)
    monkeypatch.setattr("reconciler.runs.heartbeat.time.sleep", lambda _: None)
    server = HTTPServer(("127.0.0.1", 0), Heart)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/{SECRET}"
    monkeypatch.setenv("RECONCILER_HEARTBEAT", address)
    yield Heart
    server.shutdown()
    server.server_close()


@pytest.fixture
def api(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Api:
    made = Api()
    job = {
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_RUN_ID": "5",
        "GITHUB_API_URL": "https://api.example.test",
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_EVENT_PATH": str(shop.folder / "event.json"),
        "GITHUB_STEP_SUMMARY": str(summary(shop)),
        "GITHUB_WORKFLOW": "Nightly billing",
        "GITHUB_SHA": "a" * 40,
    }
    for name, value in job.items():
        monkeypatch.setenv(name, value)
    client = partial(github.GithubClient, transport=made, sleep=lambda _: None)
    monkeypatch.setattr(github, "GithubClient", client)
    return made


def summary(shop: Shop) -> Path:
    return shop.folder / "summary.md"


def everything(shop: Shop, ran: Result, api: Api) -> str:
    """All that anybody can read afterwards."""
    written = summary(shop).read_text("utf-8") if summary(shop).exists() else ""
    bodies = [str(one) for one in (*api.comments, *api.issues)]
    return "\n".join([ran.out, ran.err, written, *bodies])


def test_a_day_is_written_reported_and_heard_of(shop: Shop, api: Api, heart: type[Heart]) -> None:
    ran = shop("github", "daily", "--label", "billing")
    assert ran.code == 3, ran.err
    assert ran.out.startswith("Written: 1 change, +10.00 USD per month; held: 1 change, +30.00 USD")
    assert "waiting for approval: 1 change, +5.00 USD per month" in ran.out
    assert "the day's comment: created" in ran.err
    assert (shop.units(BRASS, "Protected Endpoint"), heart.heard) == (12, [f"/{SECRET}"])
    assert [(one["title"], one["labels"]) for one in api.issues] == [
        ("Billing 2026-11", [{"name": "billing"}])
    ]
    assert "The plan, before anything was written" in summary(shop).read_text("utf-8")
    assert "Nightly billing" in shop("history").out


def test_a_failed_source_is_1_and_the_others_are_taken(
    shop: Shop, api: Api, heart: type[Heart]
) -> None:
    source = "  - {source: file, path: usage/*.csv, max_age: 2d}\n"
    more = f"{source}  - {{source: file, path: gone/*.csv, max_age: 2d}}\n"
    shop.edit("billing.yaml", source, more)
    ran = shop("github", "daily")
    assert ran.code == 1
    assert "no usage from file gone/*.csv" in ran.out
    assert (shop.units(BRASS, "Protected Endpoint"), len(heart.heard)) == (12, 1)
    assert len(api.bodies()) == 1


def test_a_run_that_cannot_do_its_work_is_no_heartbeat(
    shop: Shop, api: Api, heart: type[Heart], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BMS_PASSWORD", "wrong-secret")
    ran = shop("github", "daily")
    assert (ran.code, heart.heard, len(api.bodies())) == (1, [], 1)
    assert "error: " in ran.err
    assert "did not come to its end" in summary(shop).read_text("utf-8")
    assert "wrong-secret" not in everything(shop, ran, api)


def test_a_configuration_with_mistakes_is_told_in_the_months_issue(shop: Shop, api: Api) -> None:
    shop.edit("billing.yaml", "currency: USD", "currency: nonsense")
    ran = shop("github", "daily", "--label", "billing")
    assert ran.code == 1
    assert "❌ The daily run did not come to its end" in summary(shop).read_text("utf-8")
    assert [(one["title"], one["labels"]) for one in api.issues] == [
        ("Billing 2026-11", [{"name": "billing"}])
    ]
    (body,) = api.bodies()
    assert "❌ The daily run could not begin: 1 problem in the configuration" in body


def test_a_run_that_could_not_begin_and_not_say_so_ends_as_it_would(shop: Shop, api: Api) -> None:
    shop.edit("billing.yaml", "currency: USD", "currency: nonsense")
    told = {"message": f"Bad token {TOKEN}"}
    api.first.extend(httpx.Response(401, json=told) for _ in range(9))
    ran = shop("github", "daily")
    assert (ran.code, api.bodies()) == (1, [])
    assert "::warning::that the run could not begin could not be said" in ran.out
    assert "1 problem in the configuration" in ran.err
    assert TOKEN not in everything(shop, ran, api)


@pytest.mark.parametrize("command", ["daily", "drift"])
def test_what_cannot_be_posted_is_a_warning_and_no_secret_shows(
    shop: Shop, api: Api, heart: type[Heart], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(heart, "status", 500)
    monkeypatch.setattr("time.sleep", lambda _: None)
    told = {"message": f"Bad token {TOKEN}\n::add-mask::x", "errors": [{"message": TOKEN}]}
    api.first.extend(httpx.Response(401, json=told) for _ in range(9))
    ran = shop("github", command)
    assert ran.code == {"daily": 3, "drift": 0}[command]
    warnings = [line for line in ran.out.splitlines() if line.startswith("::")]
    assert len(warnings) == {"daily": 3, "drift": 1}[command]
    assert all(line.startswith("::warning::") for line in warnings)
    shown = everything(shop, ran, api)
    assert TOKEN not in shown
    assert SECRET not in shown


def test_drift_keeps_its_issue_and_ends_as_drift_does(shop: Shop, api: Api) -> None:
    shop.calm()
    shop("apply", "--yes")
    assert shop("github", "drift").code == 0
    row = shop.row(COBALT, "Protected Endpoint")
    shop.sandbox.ui.edit_units(row, 25)
    ran = shop("github", "drift")
    assert (ran.code, [one["state"] for one in api.issues]) == (3, ["open"])
    assert "the issue: created" in ran.err
    found = re.search(r"drift --accept (\d+) --units endpoint=26", api.issues[0]["body"])
    assert found is not None
    accepted = shop(
        "drift", "--accept", found[1], "--units", "endpoint=26", "--reason", "agreed by phone"
    )
    assert accepted.code == 0
    assert shop("github", "drift").code == 0
    assert [one["state"] for one in api.issues] == ["closed"]


def test_a_pull_request_that_cannot_be_opened_is_a_warning(shop: Shop, api: Api) -> None:
    shop.calm()
    shop("apply", "--yes")
    shop.edit("billing.yaml", "mode: propose", "mode: propose\non_drift: adopt")
    shop.sandbox.ui.edit_units(shop.row(COBALT, "Protected Endpoint"), 25)
    ran = shop("github", "drift")
    assert ran.code == 3
    (warning,) = [line for line in ran.out.splitlines() if line.startswith("::")]
    assert warning.startswith("::warning::the pull request that takes over edits: git rev-parse")


def test_outside_a_job_it_says_so(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    for command in ("daily", "drift"):
        ran = shop("github", command)
        assert (ran.code, "this is no job of a GitHub workflow" in ran.err) == (1, True)


def test_a_month_before_billing_starts_is_answered_on_the_forms_page(
    shop: Shop, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_EVENT_NAME", "workflow_dispatch")
    shop.edit("billing.yaml", "billing_starts: 2026-11-01", "billing_starts: 2027-03-01")
    ran = shop("github", "true-up")
    assert ran.code == 0, ran.err
    told = "the month is over before billing starts: there is nothing to set"
    assert (ran.out, summary(shop).read_text("utf-8")) == (f"{told}\n", f"- {told}\n")
