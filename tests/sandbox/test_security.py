"""Logging in, tokens, limits and calls that lead nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from tests.sandbox.conftest import Bms

Make = Callable[..., Bms]
SUMMARY = "/v2/finance/contracts/summary"
LOGIN = "/v2/security/authenticate"


def form(bms: Bms, **changes: str) -> dict[str, str]:
    settings = bms.sandbox.client_settings
    return {
        "GrantType": "password",
        "UserName": settings.username,
        "Password": settings.password,
        "Tenant": settings.company,
    } | changes


@pytest.mark.parametrize("name", ["GrantType", "grantType"])
def test_both_forms_and_both_spellings_log_in(bms: Bms, name: str) -> None:
    sent = form(bms)
    sent[name] = sent.pop("GrantType")
    encoded = bms.client.post(LOGIN, data=sent)
    multipart = bms.client.post(LOGIN, files={key: (None, each) for key, each in sent.items()})
    assert encoded.json()["success"] is True
    assert multipart.json()["success"] is True


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Password": "wrong"}, "Invalid"),
        ({"Tenant": "Another MSP"}, "Invalid"),
        ({"UserName": "nobody"}, "Invalid"),
        ({"GrantType": "code"}, "GrantType code is not supported"),
        ({"GrantType": ""}, "GrantType is required"),
    ],
)
def test_a_wrong_login_is_an_answer_that_says_no(
    bms: Bms, changes: dict[str, str], message: str
) -> None:
    response = bms.client.post(LOGIN, data=form(bms, **changes))
    assert response.status_code == httpx.codes.OK
    assert response.json()["success"] is False
    assert message in response.json()["error"]["message"]


def test_a_token_ends_on_the_clock_of_the_sandbox(bms: Bms) -> None:
    life = timedelta(seconds=bms.sandbox.behaviour.access_token_seconds)
    bms.sandbox.advance(life - timedelta(seconds=1))
    assert bms.client.get(SUMMARY).status_code == httpx.codes.OK
    bms.sandbox.advance(timedelta(seconds=1))
    assert bms.client.get(SUMMARY).status_code == httpx.codes.UNAUTHORIZED


def test_a_refresh_gives_a_new_pair_once(bms: Bms) -> None:
    tokens = bms.log_in()
    bms.sandbox.advance(timedelta(hours=2))
    sent = {"AccessToken": tokens["accesstoken"], "RefreshToken": tokens["refreshtoken"]}
    renewed = bms.client.post("/v2/security/refreshtoken", data=sent).json()["result"]
    bms.client.headers["Authorization"] = f"Bearer {renewed['accessToken']}"
    assert bms.client.get(SUMMARY).status_code == httpx.codes.OK
    again = bms.client.post("/v2/security/refreshtoken", data=sent).json()
    assert again["success"] is False


def test_a_refresh_token_ends_too(bms: Bms) -> None:
    tokens = bms.log_in()
    bms.sandbox.advance(timedelta(days=1))
    sent = {"AccessToken": tokens["accesstoken"], "RefreshToken": tokens["refreshtoken"]}
    assert bms.client.post("/v2/security/refreshtoken", data=sent).json()["success"] is False
    missing = bms.client.post("/v2/security/refreshtoken", data={})
    assert missing.json()["error"]["message"] == "AccessToken is required"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic abc"])
def test_without_a_token_nothing_is_told(bms: Bms, header: str) -> None:
    response = bms.client.get(SUMMARY, headers={"Authorization": header})
    assert response.status_code == httpx.codes.UNAUTHORIZED
    assert response.text == ""


def test_the_user_has_the_time_zone_of_the_tenant(bms: Bms) -> None:
    user = bms.get("/v2/security/userinfo")["result"]
    assert (user["olsontimezonename"], user["timezonevalue"]) == ("America/New_York", -5)
    assert user["businessname"] == "Example MSP"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v2/finance/contracts", 404),
        ("GET", "/v2/crm/accounts/summary/first", 404),
        ("GET", "/", 404),
        ("DELETE", SUMMARY, 405),
        ("GET", "/v2/finance/contracts/recurringservices/5001/services", 405),
    ],
)
def test_only_documented_operations_are_there(
    bms: Bms, method: str, path: str, status: int
) -> None:
    assert bms.client.request(method, path).status_code == status


def test_a_body_that_is_not_json_by_name_is_not_read(bms: Bms) -> None:
    path = f"/v2/admin/finance/services/{bms.service}/relatedservices/search"
    refused = bms.client.post(path, content="{}", headers={"Content-Type": "text/plain"})
    taken = bms.client.post(
        path, content="{}", headers={"Content-Type": "application/json-patch+json"}
    )
    assert (refused.status_code, taken.status_code) == (415, 200)


def test_an_endpoint_takes_so_many_calls_an_hour(make_bms: Make) -> None:
    bms = make_bms(hourly_limit=3)
    statuses = [bms.client.get(SUMMARY).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert "3 per endpoint and hour" in bms.client.get(SUMMARY).text
    assert bms.client.get("/v2/crm/accounts/lookup").status_code == httpx.codes.OK
    bms.sandbox.advance(timedelta(hours=1))
    bms.log_in()
    assert bms.client.get(SUMMARY).status_code == httpx.codes.OK


def test_one_endpoint_has_one_limit_whatever_its_ids(make_bms: Make) -> None:
    bms = make_bms(hourly_limit=2)
    path = "/v2/crm/accounts/summary/{}"
    statuses = [bms.client.get(path.format(number)).status_code for number in (1001, 1002, 1003)]
    assert statuses == [200, 404, 429]


def test_every_call_is_in_the_log(bms: Bms) -> None:
    bms.client.get(SUMMARY, params={"PageSize": 2})
    last = bms.sandbox.tables().requests()[-1]
    assert (last.method, last.path, last.query, last.status) == ("GET", SUMMARY, "PageSize=2", 200)
    assert last.at == bms.sandbox.now()
