"""One request and what came of it. Nothing is raised here, and nothing is tried twice."""

from __future__ import annotations

import re
import secrets
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, TypeAlias

import httpx

from reconciler.bms.calls import Call
from reconciler.bms.encode import encode
from reconciler.bms.envelope import Answer, Refusal, Unreadable, open_envelope

BROKEN: Final = re.compile(r"408|5\d\d")
"""Of HTTP's own numbers: a write may have been done all the same."""

_BOUNDARY: Final = secrets.token_hex(16)
"""Between the fields of a form; nobody who sets a field can guess it."""


@dataclass(frozen=True, slots=True)
class Request:
    """A call with everything filled in. The payload is not shown: a login's holds the password."""

    call: Call
    path: str
    payload: Mapping[str, object] | list[Mapping[str, object]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotSent:
    """No connection: BMS has not seen the request."""

    detail: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The connection failed on the way: BMS may have seen the request."""

    detail: str


@dataclass(frozen=True, slots=True)
class Unauthorized:
    """The token is not accepted; the request was turned away before anything was done."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """Too many calls; turned away before anything was done. ``after``: seconds, if BMS said."""

    after: float | None


@dataclass(frozen=True, slots=True)
class ServerFailure:
    """BMS broke; what it did before is not known."""

    status: int
    after: float | None = None


Outcome: TypeAlias = (
    Answer | Refusal | Unreadable | NotSent | NoAnswer | Unauthorized | Throttled | ServerFailure
)

NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


def exchange(http: httpx.Client, request: Request, bearer: str | None, now: datetime) -> Outcome:
    """Send the request once. ``now`` is for a Retry-After that is a date."""
    try:
        response = http.send(_prepared(http, request, bearer))
    except NOT_SENT as error:
        return NotSent(_kind(error))
    except httpx.RequestError as error:
        return NoAnswer(_kind(error))
    return _judged(response, now)


def _prepared(http: httpx.Client, request: Request, bearer: str | None) -> httpx.Request:
    method, path, payload = request.call.method, request.path, request.payload
    headers = {"Accept": "application/json"}
    if bearer is not None:
        headers["Authorization"] = f"Bearer {bearer}"
    match request.call.carries:
        case "form" if isinstance(payload, Mapping):
            form = {name: (None, str(value)) for name, value in payload.items()}
            headers["Content-Type"] = f"multipart/form-data; boundary={_BOUNDARY}"
            return http.build_request(method, path, files=form, headers=headers)
        case "json":
            headers["Content-Type"] = "application/json"
            return http.build_request(method, path, content=encode(payload), headers=headers)
        case "query" if isinstance(payload, Mapping):
            return http.build_request(method, path, params=_query(payload), headers=headers)
        case _:
            return http.build_request(method, path, headers=headers)


def _query(payload: Mapping[str, object]) -> dict[str, str]:
    return {name: _word(value) for name, value in payload.items()}


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _judged(response: httpx.Response, now: datetime) -> Outcome:
    status = response.status_code
    if response.is_success:
        return _envelope(response.content)
    if status == httpx.codes.UNAUTHORIZED:
        return Unauthorized()
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return Throttled(_retry_after(response, now))
    if status == httpx.codes.REQUEST_TIMEOUT or response.is_server_error:
        return ServerFailure(status, _retry_after(response, now))
    if response.is_client_error:
        return _client_error(response)
    return Unreadable(f"is HTTP {status}, which is no answer to this call")


def _envelope(content: bytes) -> Outcome:
    """A failure may come as HTTP 200 with HTTP's own number as its code."""
    opened = open_envelope(content)
    match opened:
        case Refusal(code="401"):
            return Unauthorized()
        case Refusal(code="429"):
            return Throttled(None)
        case Refusal(code=str(code)) if BROKEN.fullmatch(code):
            return ServerFailure(int(code), None)
        case _:
            return opened


def _client_error(response: httpx.Response) -> Refusal:
    opened = open_envelope(response.content)
    if isinstance(opened, Refusal):
        return Refusal(opened.code or str(response.status_code), opened.message)
    phrase = response.reason_phrase or "no reason given"
    return Refusal(str(response.status_code), f"HTTP {response.status_code} {phrase}")


def _retry_after(response: httpx.Response, now: datetime) -> float | None:
    text = response.headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return max(0.0, (instant - now).total_seconds())


def _unconnected(error: BaseException) -> str:
    """Why there is no connection, from the system's own error below httpx's."""
    cause: BaseException | None = error
    while cause is not None:
        match cause:
            case ConnectionRefusedError():
                return "nothing listens there"
            case socket.gaierror():
                return "there is no such host"
            case ssl.SSLCertVerificationError():
                return "its certificate is not trusted"
            case ssl.SSLError():
                return "what listens there does not speak https"
        cause = cause.__cause__ or cause.__context__
    return "no connection"


def _kind(error: httpx.RequestError) -> str:
    """Words for people; httpx's own text may be empty, or hold what was sent."""
    match error:
        case httpx.TimeoutException():
            return "no reply in time"
        case httpx.ConnectError():
            return _unconnected(error)
        case httpx.ProxyError():
            return "the proxy refused"
        case httpx.RemoteProtocolError() | httpx.ReadError() | httpx.WriteError():
            return "the connection broke"
        case _:
            return type(error).__name__
