from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from reconciler.bms.calls import AUTHENTICATE, REFRESH
from reconciler.bms.client import BmsClient
from reconciler.model.assumptions import Assumptions
from reconciler.model.desired import BmsConnection
from reconciler.model.errors import BmsLoginFailed, BmsUnexpected, BmsUnreachable
from reconciler.sandbox import Behaviour
from tests.bms.stage import URL, ZONE, Stage, stage


@pytest.fixture(params=["camel", "pascal"])
def here(request: pytest.FixtureRequest) -> Stage:
    return stage(Behaviour(field_names=request.param))


def test_one_login_serves_many_calls(here: Stage) -> None:
    client = here.client()
    client.login()
    client.accounts()
    client.services()
    assert here.wire.count(AUTHENTICATE) == 1


def test_the_login_is_the_documented_form(here: Stage) -> None:
    here.client().login()
    request = here.wire.requests[0]
    assert request.headers["Content-Type"].startswith("multipart/form-data")
    assert b'name="GrantType"\r\n\r\npassword' in request.content
    assert b'name="Tenant"\r\n\r\nExample MSP' in request.content


def test_wrong_credentials_are_a_login_error_that_says_what_to_check(here: Stage) -> None:
    with pytest.raises(BmsLoginFailed) as caught:
        here.client(password="wrong").accounts()
    assert caught.value.where == "bms.sandbox.test/v2/security/authenticate"
    assert "password" in (caught.value.remedy or "")
    assert here.wire.count(AUTHENTICATE) == 1


def test_a_token_about_to_end_is_renewed_before_the_call(here: Stage) -> None:
    client = here.client()
    client.accounts()
    here.sandbox.advance(timedelta(seconds=here.sandbox.behaviour.access_token_seconds - 30))
    client.accounts()
    assert here.wire.count(REFRESH) == 1
    assert here.wire.count(AUTHENTICATE) == 1
    assert all(entry.status == 200 for entry in here.sandbox.tables().requests())


def test_after_the_refresh_token_ended_the_client_logs_in(here: Stage) -> None:
    client = here.client()
    client.accounts()
    here.sandbox.advance(timedelta(seconds=here.sandbox.behaviour.refresh_token_seconds + 1))
    client.accounts()
    assert here.wire.count(REFRESH) == 0
    assert here.wire.count(AUTHENTICATE) == 2


def test_a_refused_refresh_falls_back_to_the_login(here: Stage) -> None:
    client = here.client()
    client.accounts()
    here.sandbox.faults.arm("refuse", path="/v2/security/refreshtoken")
    here.sandbox.advance(timedelta(seconds=here.sandbox.behaviour.access_token_seconds - 30))
    client.accounts()
    assert here.wire.count(REFRESH) == 1
    assert here.wire.count(AUTHENTICATE) == 2


def test_a_token_bms_forgot_is_replaced_once_and_the_call_repeated(here: Stage) -> None:
    account = here.sandbox.add_account("Brass")
    client = here.client()
    client.login()
    here.sandbox.faults.arm("expire-tokens")
    assert [found.id for found in client.accounts()] == [account]
    assert here.wire.count(AUTHENTICATE) == 2


def test_a_second_refusal_of_a_new_token_ends_it(here: Stage) -> None:
    client = here.client()
    here.sandbox.faults.arm("expire-tokens", times=9)
    with pytest.raises(BmsLoginFailed):
        client.accounts()
    assert here.wire.count(AUTHENTICATE) == 2


@pytest.mark.parametrize("fault", ["http-500-before", "lose-answer-before-write", "html-502"])
def test_a_login_that_breaks_is_tried_again(here: Stage, fault: str) -> None:
    here.sandbox.faults.arm(fault, path="/v2/security/authenticate")
    here.client().login()
    assert here.wire.count(AUTHENTICATE) == 2


def test_an_unreadable_login_is_not_taken_for_wrong_credentials(here: Stage) -> None:
    here.sandbox.faults.arm("malformed-json", path="/v2/security/authenticate")
    with pytest.raises(BmsUnexpected):
        here.client().login()


def _answering(result: object) -> BmsClient:
    def handle(request: httpx.Request) -> httpx.Response:
        logins = request.url.path == AUTHENTICATE.path
        return httpx.Response(200, json={"success": True, "result": result if logins else []})

    connection = BmsConnection(URL, "Example MSP", "api", "secret")
    transport = httpx.MockTransport(handle)
    clock = stage().clock
    return BmsClient(connection, Assumptions(), time_zone=ZONE, transport=transport, clock=clock)


def test_a_login_without_a_token_is_no_login() -> None:
    with pytest.raises(BmsLoginFailed, match="no token"):
        _answering({"accessToken": None}).login()


def test_an_end_already_past_says_nothing_and_is_ignored() -> None:
    client = _answering({"accessToken": "t", "accessTokenExpireOn": "2020-01-01T00:00:00"})
    client.login()
    assert client.accounts() == ()


@pytest.mark.parametrize("url", ["api.bms.kaseya.com", "ftp://x.test", "", "http://", "http://[::"])
def test_an_address_that_is_none_is_told_at_once(url: str) -> None:
    with pytest.raises(BmsUnreachable, match="address") as caught:
        BmsClient(BmsConnection(url, "c", "u", "p"), Assumptions(), time_zone=ZONE)
    assert caught.value.where == "bms.url"
