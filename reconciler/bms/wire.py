"""Calls carried out: paced, logged in, tried again where that is safe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import httpx

from reconciler.bms.calls import AUTHENTICATE, Call
from reconciler.bms.clock import Clock
from reconciler.bms.envelope import Answer
from reconciler.bms.exchange import Outcome, Request, Unauthorized, exchange
from reconciler.bms.failures import settle
from reconciler.bms.pace import Pace
from reconciler.bms.patience import Progress, Reason, Waiting, pause, why
from reconciler.bms.session import Secrets, Session
from reconciler.model.desired import BmsConnection
from reconciler.model.errors import BmsUnreachable
from reconciler.trust import trusted

TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0)


class Wire:
    """One HTTP connection pool and one login."""

    def __init__(
        self,
        connection: BmsConnection,
        *,
        transport: httpx.BaseTransport | None,
        clock: Clock,
        pace: Pace,
        progress: Progress | None,
    ) -> None:
        self._url = _url(connection.url)
        self._http = httpx.Client(
            base_url=self._url,
            transport=transport,
            verify=trusted(),
            timeout=TIMEOUT,
            headers={"User-Agent": "reconciler"},
        )
        self.clock = clock
        self.pace = pace
        self._progress = progress
        self._session = Session(connection, self._sign_in, self.where(AUTHENTICATE))

    def __repr__(self) -> str:
        return f"<Wire to {self._url.host}>"

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def where(self, call: Call, ids: Mapping[str, int] | None = None) -> str:
        """Host and path of a call, as messages name it."""
        prefix = self._url.path.rstrip("/")
        return f"{self._url.netloc.decode()}{prefix}{call.address(ids or {})}"

    def login(self) -> None:
        """Make sure that BMS accepts the credentials."""
        self._session.token(self.clock.now())

    def send(
        self,
        call: Call,
        payload: Mapping[str, object] | list[Mapping[str, object]] | None = None,
        *,
        ids: Mapping[str, int] | None = None,
    ) -> Answer:
        """Carry out a call; an error of ``reconciler.model.errors`` says why it was not."""
        request = _request(call, payload or {}, ids or {})
        outcome = self._persist(request, self._token)
        if isinstance(outcome, Unauthorized):
            self._session.renew(self.clock.now())
            outcome = self._persist(request, self._token)
        return settle(call, outcome, self.where(call, ids), self._session.hide)

    def _sign_in(self, call: Call, payload: Secrets) -> Answer:
        outcome = self._persist(_request(call, payload, {}), _no_token)
        return settle(call, outcome, self.where(call), self._session.hide)

    def _token(self) -> str:
        return self._session.token(self.clock.now())

    def _persist(self, request: Request, token: Callable[[], str | None]) -> Outcome:
        tries = 0
        while True:
            self._keep_pace(request)
            outcome = exchange(self._http, request, token(), self.clock.now())
            tries += 1
            seconds = pause(request.call, outcome, tries)
            if seconds is None:
                return outcome
            self._wait(request, seconds, why(outcome))

    def _keep_pace(self, request: Request) -> None:
        seconds = self.pace.wait(request.call, self.clock.now())
        if seconds > 0:
            self._wait(request, seconds, "limit")
        self.pace.note(request.call, self.clock.now())

    def _wait(self, request: Request, seconds: float, reason: Reason) -> None:
        if self._progress is not None:
            self._progress(Waiting(request.path, seconds, reason))
        self.clock.sleep(seconds)


def _request(
    call: Call,
    payload: Mapping[str, object] | list[Mapping[str, object]],
    ids: Mapping[str, int],
) -> Request:
    call.check(payload)
    return Request(call, call.address(ids), payload)


def _no_token() -> None:
    return None


def _url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        raise BmsUnreachable(
            "the address of BMS is not a web address",
            where="bms.url",
            remedy="write it like https://api.bms.kaseya.com",
        )
    return url
