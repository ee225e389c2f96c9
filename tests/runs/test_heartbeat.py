"""The address that hears of every run that did its work, and is never shown."""

from __future__ import annotations

import httpx
import pytest

from reconciler.runs.heartbeat import TRIES, VARIABLE, beat

SECRET = "0c5f-secret"


def asked(address: str, *answers: int | Exception) -> tuple[str | None, list[str]]:
    """What is said of it, and every request."""
    calls: list[str] = []
    left = list(answers)

    def handle(request: httpx.Request) -> httpx.Response:
        calls.append(f"{request.method} {request.url}")
        answer = left.pop(0) if left else 200
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer, headers={"location": f"https://else.test/{SECRET}"})

    said = beat({VARIABLE: address}, httpx.MockTransport(handle), lambda _: None)
    assert said is None or SECRET not in said
    return said, calls


@pytest.mark.parametrize(
    "address",
    [
        f"https://hc.example.test/ping/{SECRET}",
        f"https://user:{SECRET}@hc.example.test/push?token={SECRET}",
        f"http://127.0.0.1:8080/{SECRET}",
        f"http://[::1]/{SECRET}",
        f"http://localhost/{SECRET}",
    ],
)
def test_it_is_requested_once(address: str) -> None:
    said, calls = asked(f" {address}\n")
    assert (said, len(calls)) == (None, 1)
    assert calls[0].startswith("GET http")


@pytest.mark.parametrize(
    "address",
    [
        f"http://hc.example.test/{SECRET}",
        f"http://127.0.0.1.example.test/{SECRET}",
        f"ftp://127.0.0.1/{SECRET}",
        f"file:///{SECRET}",
        f"https:///{SECRET}",
        f"https://[{SECRET}",
        f"https://hc.example.test:{SECRET}/",
        SECRET,
    ],
)
def test_no_other_address_is_asked(address: str) -> None:
    said, calls = asked(address)
    assert (said, calls) == (
        "RECONCILER_HEARTBEAT is no https:// address, nor an http:// one of this machine",
        [],
    )


def test_without_an_address_nothing_happens() -> None:
    assert beat({}) is None
    assert beat({VARIABLE: ""}) is None


def test_what_passes_is_tried_again() -> None:
    said, calls = asked(f"https://hc.example.test/{SECRET}", httpx.ConnectError(SECRET), 503)
    assert (said, len(calls)) == (None, TRIES)


@pytest.mark.parametrize(
    ("answer", "told"),
    [(404, "status 404"), (302, "status 302"), (httpx.ReadTimeout(SECRET), "ReadTimeout")],
)
def test_what_does_not_pass_is_told_without_the_address(answer: int | Exception, told: str) -> None:
    said, calls = asked(f"https://hc.example.test/{SECRET}", *[answer] * TRIES)
    assert said == f"the address of RECONCILER_HEARTBEAT did not take it: {told}"
    assert len(calls) == TRIES
    assert "else.test" not in " ".join(calls)


@pytest.mark.parametrize("address", ["https://\x00", "https://ex\nample.test/a", "https://%zz/"])
def test_what_is_hardly_an_address_fails_no_run(address: str) -> None:
    beat({VARIABLE: address}, httpx.MockTransport(lambda _: httpx.Response(200)), lambda _: None)
