"""``github comment`` as the job of a pull request runs it: comment, status and exit code."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial

import httpx
import pytest

from reconciler import github
from tests.cli.shop import Shop
from tests.github.api import REPOSITORY, TOKEN, Api
from tests.ledger.branch.copies import git

BRASS = "accounts/brass.yaml"


@pytest.fixture
def api(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Api:
    """A pull request on a repository of the shop's configuration, and its job."""
    shop.calm()
    git(shop.folder, "init", "--quiet", "--initial-branch=main")
    commit(shop)
    made = Api()
    job = {
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_RUN_ID": "5",
        "GITHUB_API_URL": "https://api.example.test",
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_EVENT_PATH": str(shop.folder / "event.json"),
        "GITHUB_STEP_SUMMARY": str(shop.folder / "summary.md"),
    }
    for name, value in job.items():
        monkeypatch.setenv(name, value)
    client = partial(github.GithubClient, transport=made, sleep=lambda _: None)
    monkeypatch.setattr(github, "GithubClient", client)
    return made


def commit(shop: Shop) -> str:
    git(shop.folder, "add", "billing-config")
    git(shop.folder, "commit", "--quiet", "--message", "a change")
    return git(shop.folder, "rev-parse", "HEAD")


def propose(shop: Shop, name: str, old: str, new: str) -> str:
    """The head of a pull request with that edit."""
    base = git(shop.folder, "rev-parse", "HEAD")
    shop.edit(name, old, new)
    head = commit(shop)
    pull = {"number": 7, "base": {"sha": base}, "head": {"sha": head}}
    (shop.folder / "event.json").write_text(json.dumps({"pull_request": pull}), "utf-8")
    return head


def publish(api: Api, head: str) -> None:
    """GitHub knows it as the pull request's newest commit."""
    api.tips = lambda _: head
    there = {"number": 7, "state": "open", "user": {"login": "maria"}, "base": {"ref": "main"}}
    api.opened.append(
        {**there, "head": {"ref": "change", "sha": head, "repo": {"full_name": REPOSITORY}}}
    )


def test_the_status_says_what_merging_writes(shop: Shop, api: Api) -> None:
    head = propose(shop, BRASS, "endpoint: {}", "endpoint: {minimum: 13}")
    ran = shop("github", "comment")
    assert ran.code == 0, ran.err
    assert api.statuses[head] == {
        "state": "success",
        "context": "reconciler",
        "description": "+15.00 USD per month on 1 line of 1 account",
        "target_url": f"https://github.com/{REPOSITORY}/actions/runs/5",
    }


def test_what_is_held_is_no_failure_since_merging_leaves_it_held(shop: Shop, api: Api) -> None:
    head = propose(shop, BRASS, "endpoint: {}", "endpoint: {minimum: 500}")
    assert shop("github", "comment").code == 3
    said = api.statuses[head]
    assert said["state"] == "success"
    assert said["description"] == "Merging this writes nothing to BMS; 1 held, and stays so"


def test_a_plan_that_fails_leaves_no_earlier_success(
    shop: Shop, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = propose(shop, BRASS, "endpoint: {}", "endpoint: {minimum: 13}")
    shop("github", "comment")
    assert shop("github", "pending").code == 0
    assert api.statuses[head]["state"] == "pending"
    monkeypatch.setenv("BMS_PASSWORD", "wrong-secret")
    assert shop("github", "comment").code == 1
    assert api.statuses[head]["state"] == "error"
    assert api.statuses[head]["description"].startswith("No plan: ")
    (body,) = api.bodies()
    assert f"❌ **{head[:12]} could not be planned again:**" in body
    assert body.splitlines()[1].startswith("## "), "what stands there is still this commit's"
    assert "wrong-secret" not in f"{body}{api.statuses}"


def test_a_run_that_ended_before_its_plan_is_waited_for_no_more(shop: Shop, api: Api) -> None:
    older = propose(shop, BRASS, "endpoint: {}", "endpoint: {minimum: 13}")
    shop("github", "comment")
    said = api.statuses[older]
    assert shop("github", "unplanned").code == 0
    assert api.statuses[older] == said, "the run failed after that"
    head = propose(shop, BRASS, "minimum: 13", "minimum: 14")
    shop("github", "pending")
    shop("github", "unplanned")
    assert api.statuses[head]["state"] == "pending", "there is a newer one by now"
    publish(api, head)
    assert shop("github", "unplanned").code == 0
    assert (api.statuses[head]["state"], api.statuses[head]["description"]) == (
        "error",
        "No plan: the run ended before it had one, and its page says why",
    )
    assert api.bodies()[0].splitlines()[1].startswith(f"❌ **The newest commit, {head[:12]}")


def test_a_configuration_with_mistakes_is_a_failure(shop: Shop, api: Api) -> None:
    head = propose(shop, BRASS, "endpoint: {}", "endpoint: {minimun: 15}")
    assert shop("github", "comment").code == 1
    said = api.statuses[head]
    assert (said["state"], said["description"]) == (
        "failure",
        "No plan: 1 problem in the configuration",
    )


@pytest.mark.parametrize("command", ["comment", "pending", "unplanned"])
def test_a_status_that_cannot_be_set_is_a_warning(shop: Shop, api: Api, command: str) -> None:
    publish(api, propose(shop, BRASS, "endpoint: {}", "endpoint: {minimum: 13}"))
    told = {"message": "Resource not accessible by integration"}
    api.refused["statuses"] = httpx.Response(403, json=told)
    ran = shop("github", command)
    assert ran.code == 0
    assert "::warning::the commit's status could not be set: GitHub did not take POST" in ran.out


@pytest.mark.parametrize("password", ["right", "wrong-secret"])
def test_the_run_of_an_older_commit_says_nothing_in_the_comment_of_a_newer_one(
    shop: Shop, api: Api, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    """It is run again, so it looks later."""
    older = propose(shop, BRASS, "endpoint: {}", "endpoint: {minimum: 13}")
    event = (shop.folder / "event.json").read_text("utf-8")
    newer = propose(shop, BRASS, "minimum: 13", "minimum: 14")
    shop("github", "comment")
    before, said = api.bodies(), api.statuses[newer]
    assert f"Planned for {newer[:12]}" in before[0]
    (shop.folder / "event.json").write_text(event, "utf-8")
    git(shop.folder, "checkout", "--quiet", older)
    shop.clock.shift(timedelta(hours=1))
    if password != "right":
        monkeypatch.setenv("BMS_PASSWORD", password)
    ran = shop("github", "comment")
    assert ran.code == (0 if password == "right" else 1)
    assert (api.bodies(), api.statuses[newer]) == (before, said)
    told = "the comment stays: the pull request has a newer commit"
    assert (told in ran.err) is (password == "right")
    assert api.statuses[older]["state"] == ("success" if password == "right" else "error")


def test_a_job_that_is_run_again_says_what_it_sees_now(shop: Shop, api: Api) -> None:
    """Its number stays; a later one looked in between."""
    head = propose(shop, BRASS, "endpoint: {}", "endpoint: {minimum: 13}")
    client = github.GithubClient("https://api.example.test", REPOSITORY, TOKEN)
    shop("github", "comment")
    (body,) = api.bodies()
    marker = github.Marker.find(body)
    assert marker is not None
    by_the_night = replace(marker, run=10**9, at=marker.at + 3600)
    github.post(client, 7, by_the_night, lambda _: "by the night", lambda _: False)
    told, night = dict(api.statuses[head]), github.Status("success", "by the night")
    github.set_status(client, head, "billing-config", night, "https://run.test")
    ran = shop("github", "comment")
    assert "the comment stays: this commit was planned again meanwhile" in ran.err
    assert "by the night" in api.bodies()[0]
    assert api.statuses[head]["description"] == "by the night"
    shop.clock.shift(timedelta(hours=2))
    shop("github", "pending")
    assert "the comment: edited" in shop("github", "comment").err
    assert api.bodies()[0].partition("\n")[2] == body.partition("\n")[2]
    assert api.statuses[head] == told


def test_what_the_plan_finds_on_a_changed_line_is_shown_there(shop: Shop, api: Api) -> None:
    waiver = "waivers: [{code: GRD001, service: endpoint, reason: over, until: 2026-01-01}]\n"
    propose(shop, BRASS, "version: 1\n", f"version: 1\n{waiver}")
    ran = shop("github", "comment")
    (warning,) = [line for line in ran.out.splitlines() if line.startswith("::")]
    assert warning.startswith("::warning file=billing-config/accounts/brass.yaml,line=2,")
    assert "GRD005" in warning
