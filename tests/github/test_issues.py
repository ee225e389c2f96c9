"""Issues of ours: one of each, found again whatever else there is, and never two of one."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from reconciler.github import Entry, GithubClient, GithubError, Month, Standing, Tag, enter, keep
from tests.github.api import REPOSITORY, TOKEN, Api

MONTH = Month(Tag("month", "billing-config", "2026-11", 5), "Billing 2026-11", "One comment a day.")
DAY = Tag("day", "billing-config", "2026-11-23", 5)
DRIFT = Tag("drift", "billing-config", "", 5)


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def client(api: Api) -> GithubClient:
    return GithubClient("https://api.example.test", REPOSITORY, TOKEN, api, lambda _: None)


def say(client: GithubClient, text: str, *, notable: bool = True, run: int = 5) -> str:
    tag = replace(DAY, at=run)
    return enter(client, MONTH, Entry(tag, lambda limit: text[:limit], f"run {run}", notable))


def stand(client: GithubClient, text: str, *, wanted: bool = True, run: int = 5) -> str:
    tag, news = replace(DRIFT, at=run), f"now {text}"
    return keep(
        client, Standing(tag, "It differs", lambda limit: text[:limit], f"run {run}", news, wanted)
    )


def shown(bodies: list[str]) -> list[str]:
    return [body.partition("\n")[2].strip() for body in bodies]


def issues(api: Api) -> list[str]:
    return shown([one["body"] for one in api.issues if one["user"]["login"] != "maria"])


def test_a_month_has_one_issue_and_a_day_one_comment(client: GithubClient, api: Api) -> None:
    assert [say(client, "one"), say(client, "two", run=6)] == ["created", "edited"]
    assert issues(api) == ["One comment a day."]
    assert shown(api.bodies()) == ["two\nrun 6"]


def test_a_quiet_day_makes_nothing_and_brings_up_to_date(client: GithubClient, api: Api) -> None:
    assert say(client, "nothing", notable=False) == "quiet"
    assert (api.issues, api.comments) == ([], [])
    say(client, "something")
    assert say(client, "nothing", notable=False, run=6) == "edited"
    assert shown(api.bodies()) == ["nothing\nrun 6"]


def test_what_says_the_same_is_not_written_again(client: GithubClient, api: Api) -> None:
    assert [say(client, "one"), say(client, "one", run=6)] == ["created", "same"]
    assert [stand(client, "off"), stand(client, "off", run=6)] == ["created", "same"]
    assert not [call for call in api.calls if call.startswith("PATCH")]


def test_what_was_seen_earlier_never_overwrites_what_was_seen_later(
    client: GithubClient, api: Api
) -> None:
    assert [say(client, "new", run=9), say(client, "old", run=8)] == ["created", "older"]
    assert [stand(client, "new", run=9), stand(client, "old", run=8)] == ["created", "older"]
    assert shown(api.bodies()) == ["new\nrun 9"]


def test_ours_is_found_behind_many_others(client: GithubClient, api: Api) -> None:
    say(client, "one")
    for number in range(230):
        api.open(f"request {number}", "please", login="github-actions[bot]")
    assert say(client, "two", run=6) == "edited"


def test_nobody_can_pose_as_us_nor_can_a_pull_request(client: GithubClient, api: Api) -> None:
    line = replace(MONTH.tag, at=10**9).dumps()
    api.open("Billing 2026-11", f"{line}\n")
    api.open("Billing 2026-11", f"{line}\n", login="github-actions[bot]", pull_request={})
    assert say(client, "one") == "created"
    assert issues(api)[-1] == "One comment a day."
    api.say(f"{DAY.dumps()}\nall is well", login="mallory", number=103)
    assert say(client, "one", run=6) == "same"


def test_each_configuration_has_its_own_and_closes_only_that(
    client: GithubClient, api: Api
) -> None:
    """Though their titles are the same."""

    def other(month: str) -> None:
        tag = replace(MONTH.tag, config="other", key=month)
        entry = Entry(replace(DAY, config="other"), lambda _: "two", "", notable=True)
        enter(client, replace(MONTH, tag=tag), entry)

    say(client, "one")
    other("2026-11")
    other("2026-12")
    assert [one["state"] for one in api.issues] == ["open", "closed", "open"]
    assert say(client, "more", run=6) == "edited"
    stand(client, "off")
    keep(client, Standing(replace(DRIFT, config="other"), "It", lambda _: "x", "", "", open=False))
    assert api.issues[-1]["state"] == "open"


def test_a_month_that_somebody_closed_is_open_again_with_the_next_news(
    client: GithubClient, api: Api
) -> None:
    say(client, "one")
    for text, run, state in (("one", 6, "closed"), ("two", 7, "open"), ("old", 6, "closed")):
        api.issues[0]["state"] = "closed"
        say(client, text, run=run)
        assert api.issues[0]["state"] == state
    api.comments.clear()
    assert say(client, "nothing", notable=False) == "quiet"
    assert api.issues[0]["state"] == "closed"
    assert say(client, "another day") == "created"
    assert api.issues[0]["state"] == "open"


def test_a_month_that_a_later_one_closed_stays_closed(client: GithubClient, api: Api) -> None:
    say(client, "one")
    later = replace(MONTH, tag=replace(MONTH.tag, key="2026-12"))
    entry = Entry(replace(DAY, key="2026-12-01"), lambda _: "december", "", notable=True)
    enter(client, later, entry)
    assert say(client, "more", run=6) == "edited"
    assert [one["state"] for one in api.issues] == ["closed", "open"]


def test_what_lost_its_answer_is_not_made_twice(client: GithubClient, api: Api) -> None:
    api.lose_answers = 1
    assert say(client, "one") == "created"
    api.lose_answers = 1
    assert stand(client, "off") == "created"
    api.comments.clear()
    api.lose_answers = 1
    assert say(client, "one") == "created"
    assert (len(api.issues), len(api.comments)) == (2, 1)


def test_where_github_takes_less_a_shorter_text_is_tried(client: GithubClient, api: Api) -> None:
    api.most_bytes = 40_000
    assert say(client, "x" * 100_000) == "created"
    assert 20_000 < len(api.bodies()[0].encode()) <= 30_000
    stand(client, "y" * 100_000)
    assert 20_000 < len(api.issues[-1]["body"].encode()) <= 30_000


def test_one_issue_is_closed_and_opened_again_with_a_word(client: GithubClient, api: Api) -> None:
    assert stand(client, "fine", wanted=False) == "none"
    assert stand(client, "off") == "created"
    assert stand(client, "more off", run=6) == "edited"
    assert stand(client, "fine", wanted=False, run=7) == "closed"
    assert stand(client, "fine", wanted=False, run=8) == "same"
    assert stand(client, "off", run=9) == "reopened"
    assert [one["state"] for one in api.issues] == ["open"]
    assert shown(api.bodies()) == ["now fine", "now off"]


def test_an_issue_that_a_person_closed_is_opened_while_it_is_so(
    client: GithubClient, api: Api
) -> None:
    stand(client, "off")
    api.issues[0]["state"] = "closed"
    assert stand(client, "off", run=6) == "reopened"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(410, json={"message": f"Issues are disabled {TOKEN}"}),
        httpx.Response(200, text=f"<html>{TOKEN}</html>"),
        httpx.TooManyRedirects(TOKEN),
    ],
)
def test_what_does_not_pass_is_told_without_the_token(
    client: GithubClient, api: Api, answer: httpx.Response | Exception
) -> None:
    api.first.extend(answer for _ in range(9))
    with pytest.raises(GithubError) as raised:
        say(client, "one")
    assert TOKEN not in str(raised.value)
    assert raised.value.__cause__ is None or TOKEN not in str(raised.value.__cause__)


@pytest.mark.parametrize("config", ["a-->b", "--", '"quoted"', "naïve\n", "${{ x }}"])
def test_a_tag_is_read_back_and_cannot_be_ended_early(config: str) -> None:
    tag = replace(DAY, config=config)
    assert (tag.dumps().count("-->"), tag.dumps().count("\n")) == (1, 0)
    assert Tag.find(f"{tag.dumps()}\nthe text") == tag
    assert Tag.find(f"> {tag.dumps()}") is None
