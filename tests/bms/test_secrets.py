from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

import pytest

from reconciler.bms.client import BmsClient
from reconciler.bms.session import Tokens
from reconciler.model.errors import ReconcilerError
from tests.bms.stage import Stage, stage

PASSWORD = "correct-horse-battery"

FAULTS: dict[str, Callable[[Stage], None]] = {
    "wrong": lambda _: None,
    "login refused": lambda here: here.sandbox.faults.arm(
        "refuse", path="/v2/security/authenticate", message=f"{PASSWORD} is not right"
    ),
    "login malformed": lambda here: here.sandbox.faults.arm(
        "malformed-json", path="/v2/security/authenticate"
    ),
    "login lost": lambda here: here.sandbox.faults.arm(
        "lose-answer-before-write", path="/v2/security/authenticate", times=9
    ),
    "login too slow": lambda here: here.sandbox.faults.arm(
        "slow", path="/v2/security/authenticate", times=9, seconds=600
    ),
    "login 500": lambda here: here.sandbox.faults.arm(
        "http-500-before", path="/v2/security/authenticate", times=9
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_no_failed_login_shows_the_password_even_with_local_variables(name: str) -> None:
    here = stage()
    FAULTS[name](here)
    try:
        here.client(password=PASSWORD).accounts()
    except ReconcilerError as error:
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
        text = "".join(shown.format()) + str(error) + repr(error) + str(error.remedy)
    else:
        pytest.fail("the login was accepted")
    assert PASSWORD not in text


@pytest.mark.parametrize(
    "fault", ["refuse", "html-502", "malformed-json", "http-429", "lose-answer-after-write"]
)
def test_no_failed_call_shows_a_token_even_with_local_variables(fault: str) -> None:
    here = stage()
    client = here.client()
    client.login()
    here.sandbox.faults.arm(fault, times=9)
    try:
        client.accounts()
    except ReconcilerError as error:
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
        text = "".join(shown.format())
    else:
        pytest.fail("the call succeeded")
    for secret in _tokens(here):
        assert secret not in text
    assert here.sandbox.client_settings.password + '"' not in text


def _tokens(here: Stage) -> list[str]:
    header = here.wire.requests[-1].headers["Authorization"]
    return [header.removeprefix("Bearer ")]


def test_a_token_in_bms_own_message_is_hidden() -> None:
    here = stage()
    client = here.client()
    client.accounts()
    token = _tokens(here)[0]
    here.sandbox.faults.arm("refuse", message=f"token {token} has no right")
    with pytest.raises(ReconcilerError) as caught:
        client.accounts()
    assert "token *** has no right" in caught.value.message


def test_logs_of_every_level_hold_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    here = stage()
    with caplog.at_level(logging.DEBUG), here.sandbox.serve() as url:
        given = here.sandbox.settings_at(url)
        connection = type(here.connection())(url, given.company, given.username, given.password)
        with BmsClient(connection, here.assumptions, time_zone="UTC", clock=here.clock) as client:
            client.accounts()
            token = client._wire._session.token(here.clock.now())
    assert caplog.records
    assert token not in caplog.text
    assert f'"{given.password}"' not in caplog.text
    assert "Bearer" not in caplog.text


def test_nothing_shows_a_secret_by_its_repr() -> None:
    here = stage()
    client = here.client()
    client.login()
    session = client._wire._session
    token = session.token(here.clock.now())
    texts = [repr(client), repr(client._wire), repr(session), repr(here.connection("hunter2"))]
    texts.append(repr(Tokens(token, token, None, None)))
    for text in texts:
        assert token not in text
        assert "hunter2" not in text
        assert "password='" not in text
