"""Faults on demand."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from reconciler.sandbox import FAULT_KINDS, AnswerLost, SandboxError
from reconciler.sandbox.transport import SandboxTransport
from tests.sandbox.conftest import LINES, Bms

SUMMARY = "/v2/finance/contracts/summary"


def units(bms: Bms) -> list[int]:
    return [row.units for row in bms.sandbox.tables().rows()]


def test_an_answer_lost_after_the_write(bms: Bms) -> None:
    bms.sandbox.faults.arm("lose-answer-after-write")
    with pytest.raises(httpx.RemoteProtocolError):
        bms.post(2)
    assert units(bms) == [10, 2]
    assert bms.post(3)["success"] is True


def test_an_answer_lost_before_the_write(bms: Bms) -> None:
    bms.sandbox.faults.arm("lose-answer-before-write")
    with pytest.raises(httpx.RemoteProtocolError):
        bms.post(2)
    assert units(bms) == [10]
    assert bms.sandbox.tables().requests()[-1].status == 0


def test_a_write_that_lands_late_is_carried_out_when_its_time_comes(bms: Bms) -> None:
    bms.sandbox.faults.arm("land-late", minutes=30)
    with pytest.raises(httpx.RemoteProtocolError):
        bms.post(2)
    bms.sandbox.advance(timedelta(minutes=29))
    assert units(bms) == [10]
    bms.sandbox.advance(timedelta(minutes=1))
    assert units(bms) == [10, 2]
    bms.sandbox.advance(timedelta(days=1))
    assert units(bms) == [10, 2]


def test_a_late_write_can_still_be_refused(bms: Bms) -> None:
    bms.sandbox.faults.arm("land-late", minutes=30)
    with pytest.raises(httpx.RemoteProtocolError):
        bms.post(2)
    bms.sandbox.ui.deactivate_contract(bms.contract)
    bms.sandbox.advance(timedelta(hours=1))
    assert units(bms) == [10]


@pytest.mark.parametrize(("seconds", "header"), [(None, None), (120, "120")])
def test_too_many_calls(bms: Bms, seconds: int | None, header: str | None) -> None:
    bms.sandbox.faults.arm("http-429", retry_after=seconds)
    response = bms.client.get(SUMMARY)
    assert (response.status_code, response.headers.get("Retry-After")) == (429, header)


@pytest.mark.parametrize(
    ("kind", "status", "kept"),
    [
        ("http-500-before", 500, [10]),
        ("http-500-after-write", 500, [10, 2]),
        ("html-502", 502, [10]),
        ("failure-500-after-write", 200, [10, 2]),
    ],
)
def test_a_server_error_before_or_after_the_write(
    bms: Bms, kind: str, status: int, kept: list[int]
) -> None:
    bms.sandbox.faults.arm(kind, method="POST")
    line = {"ServiceId": bms.service, "Units": 2, "EffectiveDate": "2026-11-23T00:00:00"}
    response = bms.client.post(LINES.format(bms.contract), json=[line])
    assert response.status_code == status
    assert units(bms) == kept


def test_a_refusal_says_what_it_was_told_to(bms: Bms) -> None:
    bms.sandbox.faults.arm("refuse", message="The period is locked")
    answer = bms.post(2)
    assert (answer["success"], answer["error"]["message"]) == (False, "The period is locked")
    assert units(bms) == [10]


def test_half_an_answer_is_no_json(bms: Bms) -> None:
    bms.sandbox.faults.arm("malformed-json")
    with pytest.raises(ValueError, match=r"Unterminated|Expecting|delimiter"):
        bms.post(2)
    assert units(bms) == [10, 2]


def test_a_slow_answer_is_a_timeout_for_the_impatient(bms: Bms) -> None:
    bms.sandbox.faults.arm("slow", seconds=20, times=2)
    with pytest.raises(httpx.ReadTimeout):
        bms.client.get(SUMMARY, timeout=5)
    assert bms.client.get(SUMMARY, timeout=30).status_code == httpx.codes.OK


def test_expired_tokens_need_a_new_login(bms: Bms) -> None:
    bms.sandbox.faults.arm("expire-tokens")
    assert bms.client.get(SUMMARY).status_code == httpx.codes.UNAUTHORIZED
    bms.log_in()
    assert bms.client.get(SUMMARY).status_code == httpx.codes.OK


def test_faults_strike_where_when_and_as_often_as_told(bms: Bms) -> None:
    bms.sandbox.faults.arm("http-500-before", path="contracts/summary", after=1, times=2)
    assert bms.client.get("/v2/crm/accounts/lookup").status_code == httpx.codes.OK
    statuses = [bms.client.get(SUMMARY).status_code for _ in range(4)]
    assert statuses == [200, 500, 500, 200]
    bms.sandbox.faults.arm("http-500-before", path="/v2/crm/*", method="get")
    assert bms.client.get(SUMMARY).status_code == httpx.codes.OK
    assert bms.client.get("/v2/crm/accounts/lookup").status_code == 500


def test_logging_in_is_spared_unless_named(bms: Bms) -> None:
    bms.sandbox.faults.arm("http-500-before")
    bms.log_in()
    assert bms.sandbox.faults.armed() == ["http-500-before"]
    bms.sandbox.faults.clear()
    bms.sandbox.faults.arm("http-500-before", path="/v2/security/authenticate")
    assert bms.client.post("/v2/security/authenticate").status_code == 500
    assert bms.sandbox.faults.armed() == []


def test_a_call_without_a_token_uses_no_fault_up(bms: Bms) -> None:
    bms.sandbox.faults.arm("http-500-before")
    assert bms.client.get(SUMMARY, headers={"Authorization": ""}).status_code == 401
    assert bms.sandbox.faults.armed() == ["http-500-before"]


def test_the_application_itself_raises_a_lost_connection(bms: Bms) -> None:
    transport = SandboxTransport(bms.sandbox.app, lost=httpx.ReadError)
    client = httpx.Client(transport=transport, base_url="http://bms.sandbox.test")
    bms.sandbox.faults.arm("lose-answer-before-write", path="authenticate")
    with pytest.raises(httpx.ReadError) as caught:
        client.post("/v2/security/authenticate")
    assert isinstance(caught.value.__cause__, AnswerLost)


@pytest.mark.parametrize("wrong", [{"kind": "explode"}, {"kind": "refuse", "times": 0}])
def test_a_fault_nobody_knows_is_an_error(bms: Bms, wrong: dict[str, object]) -> None:
    with pytest.raises(SandboxError):
        bms.sandbox.faults.arm(**wrong)  # type: ignore[arg-type]


def test_every_kind_can_be_armed(bms: Bms) -> None:
    for kind in FAULT_KINDS:
        bms.sandbox.faults.arm(kind)
    assert bms.sandbox.faults.armed() == list(FAULT_KINDS)
