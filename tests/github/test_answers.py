"""What is no answer of GitHub's is our own error, and never read as nothing there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest

from reconciler.github import GithubClient, GithubError, Marker, Tag, find, last_written
from reconciler.github.comments import Found
from reconciler.github.failures import Unsure
from reconciler.github.issues import comment, issue, open_issues, update_issue
from reconciler.github.pulls import Wanted, declined, find_pull, is_open, open_pulls, pull
from tests.github.api import REPOSITORY, TOKEN

TAG = Tag("month", "billing-config", "2026-11", 1)
MARKER = Marker("billing-config", "p", "b", "h", date(2026, 11, 23), "1", 5)
FOUND = Found(1, "IC_1", "", MARKER)
WANTED = Wanted("ours", "main", TAG, "A title", lambda _limit: "text")
COMMIT = "a" * 40

LISTS: dict[str, Callable[[GithubClient], Any]] = {
    "pulls of a commit": lambda client: client.pulls_of(COMMIT),
    "reviews": lambda client: client.approvers(7, COMMIT),
    "comments": lambda client: find(client, 7, "billing-config"),
    "a tagged comment": lambda client: comment(client, 7, TAG),
    "issues": lambda client: issue(client, TAG),
    "open issues": lambda client: list(open_issues(client, TAG)),
    "open pulls": lambda client: list(open_pulls(client, "main")),
    "a branch's pull": lambda client: find_pull(client, "ours"),
    "a declined pull": lambda client: declined(client, WANTED),
}
OBJECTS: dict[str, Callable[[GithubClient], Any]] = {
    "a merger": lambda client: client.merger(7),
    "a pull": lambda client: pull(client, 7, "main"),
    "whether it is open": lambda client: is_open(client, 7),
    "an edit": lambda client: client.update_comment(1, "text"),
    "an issue's edit": lambda client: update_issue(client, 1, state="closed"),
    "who wrote it": lambda client: last_written(client, FOUND),
}
STRANGE = ["null", "{}", "7", '"text"', "[null]", "[[]]", '[{"number": "seven"}]', '{"data": null}']
NO_LIST = [*STRANGE, '{"message": "Moved"}', '[{"id": 1}]']
NO_OBJECT = ["null", "[]", "7", '"text"', "[{}]", "<html>", ""]


def answering(content: str, status: int = 200) -> GithubClient:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=content.encode())

    transport = httpx.MockTransport(answer)
    return GithubClient("https://api.example.test", REPOSITORY, TOKEN, transport, lambda _: None)


@pytest.mark.parametrize("content", NO_LIST)
@pytest.mark.parametrize("asked", LISTS)
def test_what_is_no_list_of_them_is_said(asked: str, content: str) -> None:
    with pytest.raises(GithubError, match="did not answer GET") as raised:
        LISTS[asked](answering(content))
    assert raised.value.where == REPOSITORY
    assert "run the job again" in (raised.value.remedy or "")


@pytest.mark.parametrize("content", NO_OBJECT)
@pytest.mark.parametrize("asked", OBJECTS)
def test_what_is_no_such_thing_is_said(asked: str, content: str) -> None:
    with pytest.raises(GithubError, match="did not answer"):
        OBJECTS[asked](answering(content))


@pytest.mark.parametrize("content", ["{}", '{"number": 7, "state": null}', '{"merged_by": 7}'])
def test_an_object_without_what_is_asked_for_is_said(content: str) -> None:
    for asked in ("a merger", "a pull", "whether it is open", "who wrote it"):
        with pytest.raises(GithubError, match="did not answer"):
            OBJECTS[asked](answering(content))


@pytest.mark.parametrize("content", ["null", "[]", "{}", '{"id": "1"}', "<html>"])
def test_what_was_made_perhaps_is_looked_for(content: str) -> None:
    with pytest.raises(Unsure, match="did not answer POST"):
        answering(content, 201).create_comment(7, "text")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"errors": [{"message": "Something went wrong"}], "data": null}', "Something went wrong"),
        ('{"errors": [{"message": "Too deep"}], "data": {"node": null}}', "Too deep"),
        ('{"errors": [{}], "data": {"node": null}}', "did not take a query"),
        ('{"errors": 7, "data": {"node": null}}', "errors"),
        ('{"errors": null, "data": null}', "data"),
        ('{"data": {}}', "data.node"),
        ('{"data": {"node": {}}}', "data.node.createdAt"),
        (
            '{"data": {"node": {"createdAt": "2026-11-23T17:00:00"}}}',
            "data",
        ),
        ('{"data": {"node": null}}', "a comment is gone"),
    ],
)
def test_a_query_that_is_not_answered_whole_is_said(content: str, told: str) -> None:
    with pytest.raises(GithubError, match=told) as raised:
        last_written(answering(content), FOUND)
    assert not isinstance(raised.value, Unsure)
    assert raised.value.remedy


@pytest.mark.parametrize("errors", ["null", "7", '"no"', '[7, {"message": "why"}]'])
def test_a_refusal_in_another_shape_is_told_all_the_same(errors: str) -> None:
    with pytest.raises(GithubError, match="status 404, Not Found"):
        answering(f'{{"message": "Not Found", "errors": {errors}}}', 404).merger(7)


def test_accounts_and_forks_that_are_gone_are_no_mistake() -> None:
    gone = (
        f'{{"number": 7, "state": "open", "title": "A", "body": null, "user": null,'
        f' "merged_at": null, "merge_commit_sha": null, "head": {{"ref": "c", "sha": "{COMMIT}",'
        f' "repo": null}}, "base": {{"ref": "main", "sha": "{COMMIT}", "repo": null}}}}'
    )
    assert is_open(answering(gone), 7)
    assert list(open_pulls(answering(f"[{gone}]"), "main")) == []
    assert answering('{"merged_by": null}').merger(7) == "ghost"
