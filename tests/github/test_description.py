"""Every call of our GitHub client in these tests is held against GitHub's own description."""

from __future__ import annotations

import httpx
import pytest

from reconciler.github import GithubClient
from tests.github.api import REPOSITORY, TOKEN, Api
from tests.github.description import MISSING, answered, available, problems

pytestmark = pytest.mark.skipif(not available(), reason=MISSING)


def asked(method: str, path: str, **options: object) -> list[str]:
    request = httpx.Request(method, f"https://api.test/repos/{REPOSITORY}/{path}", **options)  # type: ignore[arg-type]
    body = options.get("json")
    return [one.partition(": ")[2] for one in problems(request, body)]


def test_what_is_documented_passes() -> None:
    params = {"state": "all", "creator": "github-actions[bot]", "per_page": 100, "page": 1}
    assert asked("GET", "issues", params=params) == []
    fields = {"title": "Billing", "body": "text", "labels": ["billing"]}
    assert asked("POST", "issues", json=fields) == []


@pytest.mark.parametrize(
    ("method", "path", "options", "told"),
    [
        ("GET", "issue", {}, "not documented"),
        ("PUT", "issues", {}, "not documented"),
        ("GET", "issues", {"params": {"author": "x"}}, "query parameter author is not documented"),
        ("GET", "issues", {"params": {"per_page": "many"}}, "per_page: "),
        ("GET", "issues", {"params": {"state": "merged"}}, "state: "),
        ("POST", "issues", {"json": {"body": "text"}}, "'title' is a required property"),
        ("POST", "issues", {"json": {"title": "a", "label": []}}, "label is not documented"),
        ("POST", "statuses/" + "a" * 40, {"json": {"state": "green"}}, "'green' is not one of"),
    ],
)
def test_what_is_not_is_told(method: str, path: str, options: dict[str, object], told: str) -> None:
    assert told in "; ".join(asked(method, path, **options))


def test_our_answers_are_such_as_github_gives() -> None:
    request = httpx.Request("GET", f"https://api.test/repos/{REPOSITORY}/issues/7/comments")
    assert answered(request, [{"id": 1, "body": "text", "user": {"login": "maria"}}]) == []
    assert answered(request, [{"id": "one"}]) != []
    assert answered(request, [{"number": 7}]) == ["answer: number is not documented"]


def test_a_call_that_github_does_not_know_fails_its_test() -> None:
    client = GithubClient("https://api.test", REPOSITORY, TOKEN, Api())
    with client, pytest.raises(AssertionError, match="not documented"):
        client.ask("GET", "remarks", dict)
