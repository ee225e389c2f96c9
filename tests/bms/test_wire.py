"""What each failure becomes: for a call that reads, and for one that writes."""

from __future__ import annotations

import socket
from datetime import date
from decimal import Decimal

import httpx
import pytest

from reconciler.bms.calls import POST_ROW, REPRICE
from reconciler.bms.client import BmsClient
from reconciler.bms.lines import NewRow
from reconciler.model.desired import BmsConnection
from reconciler.model.errors import (
    BmsAnswerLost,
    BmsError,
    BmsLoginFailed,
    BmsRefused,
    BmsThrottled,
    BmsUnexpected,
    BmsUnreachable,
)
from tests.bms.stage import NOW, PRICE, ZONE, Stage, scripted_client, stage

OK = {"success": True, "result": [], "totalRecords": 0}


class Shop:
    """One contract with one line, and a client that is logged in."""

    def __init__(self) -> None:
        self.here: Stage = stage()
        self.service = self.here.sandbox.add_service("Managed Server", PRICE)
        self.contract = self.here.contract()
        self.row = self.here.sandbox.add_line(self.contract, self.service, 12, date(2026, 1, 1))
        self.client = self.here.client()
        self.client.login()
        self.arm = self.here.sandbox.faults.arm

    def post(self) -> None:
        row = NewRow(self.service, "Server", "", 2, PRICE, Decimal(0), NOW)
        self.client.post_service(self.contract, row)

    def reprice(self) -> None:
        self.client.bulk_price(self.service, [(self.contract, self.row)], Decimal(30))

    @property
    def posts(self) -> int:
        return self.here.wire.count(POST_ROW)

    @property
    def units(self) -> int:
        return self.here.sandbox.tables().units(self.contract, self.service)


@pytest.fixture
def shop() -> Shop:
    return Shop()


TRANSIENT = ["lose-answer-before-write", "lose-answer-after-write", "http-500-before", "html-502"]


@pytest.mark.parametrize(
    "fault", [*TRANSIENT, "http-429", "http-500-after-write", "failure-500-after-write"]
)
def test_a_read_is_tried_again_and_then_whole(shop: Shop, fault: str) -> None:
    shop.arm(fault, times=3)
    assert [row.id for row in shop.client.rows(shop.service)] == [shop.row]
    assert len(shop.here.clock.slept) == 3


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("lose-answer-before-write", BmsUnreachable),
        ("http-500-before", BmsUnexpected),
        ("html-502", BmsUnexpected),
        ("http-429", BmsThrottled),
        ("malformed-json", BmsUnexpected),
        ("refuse", BmsRefused),
    ],
)
def test_a_read_that_goes_on_failing_is_an_error_and_no_empty_list(
    shop: Shop, fault: str, error: type[BmsError]
) -> None:
    shop.arm(fault, times=99)
    before = len(shop.here.wire.requests)
    with pytest.raises(error) as caught:
        shop.client.rows(shop.service)
    assert caught.value.where == (
        f"bms.sandbox.test/v2/admin/finance/services/{shop.service}/relatedservices/search"
    )
    assert caught.value.remedy
    assert len(shop.here.wire.requests) - before <= 4


@pytest.mark.parametrize(
    "fault",
    [
        "lose-answer-before-write",
        "lose-answer-after-write",
        "land-late",
        "http-500-before",
        "http-500-after-write",
        "failure-500-after-write",
        "html-502",
        "malformed-json",
    ],
)
@pytest.mark.parametrize("write", ["post", "reprice"])
def test_a_write_whose_end_is_unknown_is_posted_once_and_called_lost(
    shop: Shop, fault: str, write: str
) -> None:
    shop.arm(fault, times=9)
    with pytest.raises(BmsAnswerLost, match="may or may not") as caught:
        getattr(shop, write)()
    assert shop.here.wire.count(POST_ROW) + shop.here.wire.count(REPRICE) == 1
    assert "repeat" in (caught.value.remedy or "")


def test_a_slow_answer_to_a_write_is_lost_and_to_a_read_tried_again(shop: Shop) -> None:
    shop.arm("slow", seconds=600)
    shop.client.rows(shop.service)
    shop.arm("slow", seconds=600)
    with pytest.raises(BmsAnswerLost, match="no reply in time"):
        shop.post()
    assert shop.posts == 1
    assert shop.units == 14


def test_a_refused_write_says_what_bms_said_and_is_not_repeated(shop: Shop) -> None:
    shop.arm("refuse", message="The contract has expired")
    with pytest.raises(BmsRefused, match="The contract has expired"):
        shop.post()
    assert shop.posts == 1
    assert shop.units == 12


def test_a_write_turned_away_for_its_token_is_repeated_and_done_once(shop: Shop) -> None:
    shop.arm("expire-tokens")
    shop.post()
    assert shop.posts == 2
    assert shop.units == 14


def test_a_throttled_write_waits_as_told_and_is_done_once(shop: Shop) -> None:
    shop.arm("http-429", times=2, retry_after=17)
    shop.post()
    assert shop.here.clock.slept == [17, 17]
    assert shop.units == 14
    assert [wait.why for wait in shop.here.waits] == ["throttled", "throttled"]


def test_a_login_lost_on_the_way_to_a_write_leaves_the_write_unsent(shop: Shop) -> None:
    shop.arm("lose-answer-before-write", path="/v2/security/authenticate", times=9)
    shop.client = shop.here.client()
    with pytest.raises(BmsUnreachable):
        shop.post()
    assert shop.posts == 0


def test_a_pause_longer_than_an_hour_is_not_waited_for(shop: Shop) -> None:
    shop.arm("http-429", retry_after=7200)
    with pytest.raises(BmsThrottled) as caught:
        shop.client.rows(shop.service)
    assert shop.here.clock.slept == []
    assert "in 120 minutes" in (caught.value.remedy or "")


def test_a_closed_port_is_unreachable_for_reads_and_writes_alike() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    here = stage()
    connection = BmsConnection(f"http://127.0.0.1:{port}", "c", "u", "p")
    client = BmsClient(connection, here.assumptions, time_zone=ZONE, clock=here.clock)
    row = NewRow(1, "", "", 1, PRICE, PRICE, NOW)
    with client, pytest.raises(BmsUnreachable, match="nothing was sent") as caught:
        client.accounts()
    assert caught.value.where == f"127.0.0.1:{port}/v2/security/authenticate"
    with pytest.raises(RuntimeError, match="closed"):
        client.post_service(1, row)


@pytest.mark.parametrize(
    "failure", [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), httpx.PoolTimeout("x")]
)
def test_a_write_that_never_left_is_tried_again_and_then_unreachable(failure: Exception) -> None:
    client = scripted_client(*[failure] * 4)
    with pytest.raises(BmsUnreachable, match="nothing was sent"):
        client.post_service(1, NewRow(1, "", "", 1, PRICE, PRICE, NOW))


@pytest.mark.parametrize(
    "failure",
    [httpx.ReadTimeout("x"), httpx.WriteTimeout("x"), httpx.WriteError("x"), httpx.ReadError("x")],
)
def test_a_write_that_broke_on_the_way_is_lost_at_once(failure: Exception) -> None:
    with pytest.raises(BmsAnswerLost):
        scripted_client(failure).post_service(1, NewRow(1, "", "", 1, PRICE, PRICE, NOW))


@pytest.mark.parametrize("status", [301, 302, 408, 500, 502, 503, 504])
def test_a_write_answered_by_something_else_is_lost(status: int) -> None:
    with pytest.raises(BmsAnswerLost):
        scripted_client(httpx.Response(status)).post_service(
            1, NewRow(1, "", "", 1, PRICE, PRICE, NOW)
        )


@pytest.mark.parametrize("status", [400, 403, 404, 405, 415, 422])
def test_a_write_turned_away_by_status_is_refused_with_the_status_as_code(status: int) -> None:
    with pytest.raises(BmsRefused) as caught:
        scripted_client(httpx.Response(status)).post_service(
            1, NewRow(1, "", "", 1, PRICE, PRICE, NOW)
        )
    assert caught.value.code == str(status)


def test_missing_rights_say_which_rights() -> None:
    with pytest.raises(BmsRefused) as caught:
        scripted_client(httpx.Response(403)).accounts()
    assert "Finance" in (caught.value.remedy or "")


def test_an_expired_token_told_inside_the_envelope_counts_as_one() -> None:
    refusal = httpx.Response(200, json={"success": False, "error": {"code": 401}})
    assert scripted_client(refusal, httpx.Response(200, json=OK)).accounts() == ()
    with pytest.raises(BmsLoginFailed):
        scripted_client(refusal, refusal).accounts()


def test_throttling_told_inside_the_envelope_counts_as_it() -> None:
    refusal = httpx.Response(200, json={"success": False, "error": {"code": 429}})
    assert scripted_client(refusal, httpx.Response(200, json=OK)).accounts() == ()


def test_retry_after_may_be_a_date() -> None:
    when = {"Retry-After": "Mon, 23 Nov 2026 17:00:30 GMT"}
    client = scripted_client(httpx.Response(429, headers=when), httpx.Response(200, json=OK))
    now = client.clock.now()
    client.accounts()
    expected = (date(2026, 11, 23), 17, 0, 30)
    after = client.clock.now()
    assert (after.date(), after.hour, after.minute, after.second) == expected
    assert now < after


def test_over_a_socket_a_dropped_answer_is_lost_too(shop: Shop) -> None:
    with shop.here.sandbox.serve() as url:
        given = shop.here.sandbox.settings_at(url)
        connection = BmsConnection(url, given.company, given.username, given.password)
        client = BmsClient(connection, shop.here.assumptions, time_zone=ZONE, clock=shop.here.clock)
        with client:
            client.login()
            shop.arm("lose-answer-after-write")
            with pytest.raises(BmsAnswerLost):
                client.post_service(
                    shop.contract, NewRow(shop.service, "S", "", 2, PRICE, Decimal(0), NOW)
                )
            assert shop.units == 14
            assert len(client.rows(shop.service)) == 2
