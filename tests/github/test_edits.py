"""A comment is ours as long as GitHub says that nobody else edited it last."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from reconciler.github import Found, GithubClient, GithubError, editor, find, mark, post
from tests.github.api import REPOSITORY, TOKEN, Api
from tests.github.test_comments import MARKER, TEXT


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def client(api: Api) -> GithubClient:
    return GithubClient("https://api.example.test", REPOSITORY, TOKEN, api, lambda _: None)


def ours(client: GithubClient) -> Found:
    found = find(client, 7, "billing-config")
    assert found is not None
    return found


def say(client: GithubClient, run: int = 5) -> str:
    return post(client, 7, replace(MARKER, run=run), lambda _: TEXT, lambda _: False)


def test_what_we_wrote_and_edited_is_ours(client: GithubClient) -> None:
    say(client)
    assert editor(client, ours(client)) == ""
    mark(client, ours(client), "written")
    assert editor(client, ours(client)) == ""


def test_an_apps_own_edit_is_ours(api: Api) -> None:
    api.author = "billing[bot]"
    client = GithubClient("https://api.example.test", REPOSITORY, TOKEN, api, author="billing[bot]")
    say(client)
    mark(client, ours(client), "written")
    assert editor(client, ours(client)) == ""


@pytest.mark.parametrize(
    ("login", "told"), [("mallory", "mallory"), ("", "ghost"), ("other[bot]", "other[bot]")]
)
def test_a_digest_that_was_replaced_is_noticed(
    client: GithubClient, api: Api, login: str, told: str
) -> None:
    say(client)
    api.edit(MARKER.plan, "e" * 64, login)
    assert not ours(client).altered, "its text is as it was"
    assert editor(client, ours(client)) == told


def test_an_edited_comment_is_written_anew_though_it_shows_the_same(
    client: GithubClient, api: Api
) -> None:
    say(client)
    api.edit(MARKER.plan, "e" * 64)
    assert say(client, run=6) == "edited"
    assert (ours(client).marker.plan, editor(client, ours(client))) == (MARKER.plan, "")
    assert say(client, run=7) == "same"


def test_a_query_that_is_refused_is_told_without_the_token(client: GithubClient, api: Api) -> None:
    say(client)
    found = ours(client)
    told = {"data": None, "errors": [{"message": f"Resource not accessible {TOKEN}"}]}
    api.first.append(httpx.Response(200, json=told))
    with pytest.raises(GithubError, match="Resource not accessible") as raised:
        editor(client, found)
    assert TOKEN not in str(raised.value)


def test_a_query_makes_nothing_and_is_asked_again(client: GithubClient, api: Api) -> None:
    say(client)
    found = ours(client)
    api.first.append(httpx.Response(502))
    assert editor(client, found) == ""
    assert api.calls[-2:] == ["POST /graphql"] * 2


def test_a_comment_that_is_gone_proves_nothing(client: GithubClient, api: Api) -> None:
    say(client)
    found = ours(client)
    api.first.append(httpx.Response(200, json={"data": {"node": None}}))
    with pytest.raises(GithubError, match="is gone"):
        editor(client, found)


def test_a_server_of_ones_own_has_it_beside_its_rest() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json={"data": {"node": None}})

    api = "https://github.example.test/api/v3"
    with GithubClient(api, REPOSITORY, TOKEN, httpx.MockTransport(answer)) as client:
        assert client.query("{}", dict) == {"node": None}
    assert asked == ["https://github.example.test/api/graphql"]
