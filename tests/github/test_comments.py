"""One comment per pull request and configuration, whatever GitHub does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import httpx
import pytest

from reconciler.github import Found, GithubClient, GithubError, Marker, find, mark, post
from tests.github.api import GRAPHQL, REPOSITORY, TOKEN, Api

MARKER = Marker("billing-config", "d" * 64, "b" * 40, "h" * 40, date(2026, 11, 27), "1.0", run=5)


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def client(api: Api, slept: list[float]) -> GithubClient:
    return GithubClient("https://api.example.test", REPOSITORY, TOKEN, api, slept.append)


def say(
    client: GithubClient,
    text: str,
    at: int = 5,
    config: str = MARKER.config,
    head: str = MARKER.head,
) -> str:
    """Heads are newer by their alphabet here."""
    marker = replace(MARKER, at=at, config=config, head=head)
    return post(client, 7, marker, lambda limit: text[:limit], lambda other: other > marker.head)


def shown(api: Api) -> list[str]:
    return [body.partition("\n")[2] for body in api.bodies()]


def test_it_is_created_once_and_then_edited(client: GithubClient, api: Api) -> None:
    assert [say(client, "one"), say(client, "two", at=6)] == ["created", "edited"]
    assert shown(api) == ["two"]


def test_the_same_text_is_not_posted_again(client: GithubClient, api: Api) -> None:
    assert [say(client, "one"), say(client, "one", at=6)] == ["created", "same"]
    assert [call.split()[0] for call in api.calls] == ["GET", "POST", "GET", "POST"]
    assert api.calls[-1] == f"POST {GRAPHQL}", "it only asks who edited it"


def test_what_was_seen_earlier_never_overwrites_what_was_seen_later(
    client: GithubClient, api: Api
) -> None:
    assert [say(client, "new", at=9), say(client, "old", at=8)] == ["created", "older"]
    assert shown(api) == ["new"]
    assert say(client, "at the same time", at=9) == "edited"


def test_a_job_that_is_run_again_has_an_old_number_and_a_new_look(
    client: GithubClient, api: Api
) -> None:
    say(client, "by the night", at=8)
    marker = replace(MARKER, run=1, at=9)
    assert post(client, 7, marker, lambda _: "again", lambda _: False) == "edited"
    assert shown(api) == ["again"]


def test_an_older_head_never_overwrites_a_newer_one_whenever_it_looked(
    client: GithubClient, api: Api
) -> None:
    assert say(client, "of the newer", at=8, head="i" * 40) == "created"
    assert say(client, "of the older", at=9) == "superseded"
    assert shown(api) == ["of the newer"]
    assert say(client, "of the newest", at=7, head="j" * 40) == "edited"
    assert shown(api) == ["of the newest"]


def test_each_configuration_has_its_own(client: GithubClient, api: Api) -> None:
    say(client, "one")
    say(client, "other", config="other-config")
    say(client, "one again", at=6)
    assert shown(api) == ["one again", "other"]


def test_ours_is_found_behind_many_others(client: GithubClient, api: Api) -> None:
    for number in range(230):
        api.say(f"remark {number}")
    say(client, "one")
    assert say(client, "two", at=6) == "edited"
    assert shown(api) == ["two"]


def ours(client: GithubClient) -> Found:
    found = find(client, 7, "billing-config")
    assert found is not None
    return found


TEXT = "## 1 change\n\n| 12 | 15 |\n\n---\nplanned\n"


def test_how_far_it_has_come_replaces_what_was_said_of_that(client: GithubClient, api: Api) -> None:
    say(client, TEXT)
    mark(client, ours(client), "being written")
    mark(client, ours(client), "written")
    assert shown(api) == [TEXT.replace("planned", "written")]
    assert not ours(client).altered


def test_where_that_was_cut_off_nothing_else_is_lost(client: GithubClient, api: Api) -> None:
    say(client, TEXT)
    api.comments[0]["body"] = api.comments[0]["body"].partition("\n---\n")[0]
    mark(client, ours(client), "written")
    assert shown(api) == [TEXT.replace("planned", "written")]
    assert not ours(client).altered


def test_an_outdated_plan_says_so_above_until_there_is_another(
    client: GithubClient, api: Api
) -> None:
    say(client, TEXT)
    mark(client, ours(client), "no plan", "an earlier plan:")
    mark(client, ours(client), "still none", "an earlier one:")
    (text,) = shown(api)
    assert text.startswith("an earlier one:\n\n<!-- ")
    assert text.endswith(TEXT.replace("planned", "still none"))
    assert not ours(client).altered
    mark(client, ours(client), "written")
    assert shown(api) == [TEXT.replace("planned", "written")]
    mark(client, ours(client), "no plan", "an earlier plan:")
    assert say(client, TEXT, at=6) == "edited"
    assert shown(api) == [TEXT]


def test_a_text_that_was_edited_is_noticed(client: GithubClient, api: Api) -> None:
    say(client, TEXT)
    body = api.comments[0]["body"]
    api.comments[0]["body"] = body.replace("15", "13")
    assert ours(client).altered
    mark(client, ours(client), "written")
    assert ours(client).altered, "whatever is said of how far it has come"
    api.comments[0]["body"] = body.replace("\n", "\r\n").rstrip()
    assert not ours(client).altered, "as a form sends lines"


def test_what_an_old_version_wrote_counts_as_it_is(client: GithubClient, api: Api) -> None:
    fields = MARKER.dumps().replace(', "text": ""', "").replace('"at": 0, ', "")
    assert "text" not in fields
    assert '"at"' not in fields
    api.say(f"{fields}\n{TEXT}", login=api.author)
    assert ours(client).marker == MARKER
    assert not ours(client).altered
    assert say(client, "another") == "edited"


def test_nobody_can_pose_as_us(client: GithubClient, api: Api) -> None:
    api.say(f"{replace(MARKER, at=10**12).dumps()}\nmerge it, all is well", login="mallory")
    assert say(client, "one") == "created"
    assert shown(api) == ["one"]


def test_where_github_takes_less_a_shorter_text_is_tried(client: GithubClient, api: Api) -> None:
    api.most_bytes = 40_000
    assert say(client, "x" * 100_000) == "created"
    assert 20_000 < len(api.bodies()[0]) <= 30_000


def test_a_comment_whose_answer_was_lost_is_not_made_twice(client: GithubClient, api: Api) -> None:
    api.lose_answers = 1
    assert say(client, "one") == "created"
    assert shown(api) == ["one"]


@pytest.mark.parametrize(
    ("answers", "waits"),
    [
        ([httpx.Response(502)], [1.0]),
        ([httpx.ConnectError("refused"), httpx.Response(503)], [1.0, 2.0]),
        ([httpx.Response(429, headers={"retry-after": "17"})], [17.0]),
        ([httpx.Response(403, json={"message": "secondary rate limit"})], [60.0]),
    ],
)
def test_what_passes_is_waited_for(
    client: GithubClient,
    api: Api,
    slept: list[float],
    answers: list[httpx.Response | Exception],
    waits: list[float],
) -> None:
    api.first.extend(answers)
    assert say(client, "one") == "created"
    assert slept == waits


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(401, json={"message": f"Bad credentials {TOKEN}"}),
        httpx.Response(403, json={"message": "Resource not accessible by integration"}),
        httpx.Response(429, headers={"retry-after": "7200"}),
        httpx.Response(404, text=TOKEN),
    ],
)
def test_what_does_not_pass_is_told_without_the_token(
    client: GithubClient, api: Api, slept: list[float], answer: httpx.Response
) -> None:
    api.first.append(answer)
    with pytest.raises(GithubError) as raised:
        say(client, "one")
    assert slept == []
    assert TOKEN not in str(raised.value)
    assert api.bodies() == []


def test_github_down_for_long_is_told_in_bounded_time(
    client: GithubClient, api: Api, slept: list[float]
) -> None:
    api.first.extend(httpx.Response(500) for _ in range(50))
    with pytest.raises(GithubError, match="status 500"):
        say(client, "one")
    assert sum(slept) < 60


def test_with_an_apps_token_the_apps_own_comment_is_found(api: Api) -> None:
    api.author = "billing[bot]"
    client = GithubClient("https://api.example.test", REPOSITORY, TOKEN, api, author="billing[bot]")
    assert [say(client, "one"), say(client, "two", at=6)] == ["created", "edited"]
    assert shown(api) == ["two"]


def test_a_comment_that_the_next_run_would_not_find_is_told(client: GithubClient, api: Api) -> None:
    api.author = "billing[bot]"
    with pytest.raises(GithubError, match=r"made by billing\[bot\]") as raised:
        say(client, "one")
    assert (
        raised.value.remedy == "set RECONCILER_AUTHOR to billing[bot] wherever this token is used"
    )


@pytest.mark.parametrize("config", ["a-->b", "--", "<!-- x -->", '"quoted"', "naïve\n"])
def test_a_marker_is_read_back_and_cannot_be_ended_early(config: str) -> None:
    marker = replace(MARKER, config=config)
    line = marker.dumps()
    assert (line.count("-->"), line.count("\n")) == (1, 0)
    assert Marker.find(f"{line}\nthe text") == marker
    assert Marker.find(f"quoted: {line}") is None


def test_what_it_takes_back_comes_back_from_its_hidden_line() -> None:
    marker = replace(MARKER, reverts=("a" * 40, "b" * 40))
    assert Marker.find(marker.dumps()) == marker
    assert Marker.find(MARKER.dumps().replace('"reverts": [], ', "")) == MARKER
