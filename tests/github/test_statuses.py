"""The status of a commit, as GitHub takes it."""

from __future__ import annotations

import httpx
import pytest

from reconciler.github import GithubClient, GithubError, Status, set_status, status_of
from tests.github.api import REPOSITORY, TOKEN, Api

COMMIT = "c" * 40


@pytest.fixture
def api() -> Api:
    return Api()


def client_of(api: Api) -> GithubClient:
    return GithubClient("https://api.example.test", REPOSITORY, TOKEN, api, lambda _: None)


def put(api: Api, description: str = "all is well", config: str = "billing-config") -> None:
    set_status(client_of(api), COMMIT, config, Status("success", description), "https://run.test")


def test_it_says_what_was_found_and_leads_to_the_run(api: Api) -> None:
    put(api)
    assert api.statuses[COMMIT] == {
        "state": "success",
        "context": "reconciler",
        "description": "all is well",
        "target_url": "https://run.test",
    }


def test_a_second_configuration_has_a_status_of_its_own(api: Api) -> None:
    put(api, config="europe/billing-config")
    assert api.statuses[COMMIT]["context"] == "reconciler (europe/billing-config)"


def test_a_long_reason_is_cut_to_what_github_takes(api: Api) -> None:
    put(api, "x" * 141)
    assert api.statuses[COMMIT]["description"] == "x" * 139 + "…"


def test_a_lost_answer_is_asked_for_again(api: Api) -> None:
    api.first.append(httpx.ReadTimeout("no answer"))
    put(api)
    assert len(api.calls) == 2
    assert COMMIT in api.statuses


def test_what_github_does_not_take_names_the_permission(api: Api) -> None:
    api.first.append(httpx.Response(403, json={"message": "Resource not accessible"}))
    with pytest.raises(GithubError) as raised:
        put(api)
    assert "`statuses: write`" in (raised.value.remedy or "")


def test_each_configurations_newest_is_read_back(api: Api) -> None:
    for description in ("one", "two"):
        put(api, description, config="eu")
    put(api, "other")
    found = status_of(client_of(api), COMMIT, "eu")
    assert found == (Status("success", "two"), "https://run.test")
    assert status_of(client_of(api), COMMIT, "us") is None
    assert status_of(client_of(api), "d" * 40, "eu") is None


def test_one_that_somebody_else_set_may_have_no_words(api: Api) -> None:
    listed = [{"context": "reconciler", "state": "error", "description": None, "target_url": None}]
    api.first.append(httpx.Response(200, json=listed))
    assert status_of(client_of(api), COMMIT, "billing-config") == (Status("error", ""), "")
