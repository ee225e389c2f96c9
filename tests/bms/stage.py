"""A sandbox and a client on it, with a clock that makes nobody wait."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, TypeAlias

import httpx

from reconciler.bms import calls
from reconciler.bms.calls import Call
from reconciler.bms.client import BmsClient
from reconciler.bms.pace import Pace
from reconciler.bms.patience import Waiting
from reconciler.model.assumptions import Assumptions
from reconciler.model.desired import BmsConnection
from reconciler.sandbox import Behaviour, Sandbox
from reconciler.sandbox.transport import SandboxTransport

NOW = date(2026, 11, 23)
ZONE = "America/New_York"
URL = "http://bms.sandbox.test"

Spelling: TypeAlias = Literal["camel", "pascal"]
DateZone: TypeAlias = Literal["local", "utc"]
NameFilter: TypeAlias = Literal["contains", "exact"]


class SandboxClock:
    """The sandbox's own clock; sleeping moves it on."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._sandbox.now()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._sandbox.advance(timedelta(seconds=seconds))


def call_of(request: httpx.Request) -> Call:
    """The call of our list that a request is; an assertion fails if it is none."""
    for call in calls.ALL:
        pattern = re.sub(r"\{\w+\}", r"\\d+", call.path)
        if request.method == call.method and re.fullmatch(pattern, request.url.path):
            return call
    raise AssertionError(f"{request.method} {request.url.path} is not on the list of calls")


class Watched(httpx.BaseTransport):
    """Hands every request on, and keeps it; one that is not on our list of calls fails."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self.requests: list[httpx.Request] = []
        self.before: Callable[[httpx.Request], None] = lambda _: None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        call = call_of(request)
        assert set(request.url.params.keys()) <= call.fields
        request.read()
        self.requests.append(request)
        self.before(request)
        return self._inner.handle_request(request)

    def count(self, call: Call) -> int:
        """How often a call was made."""
        return sum(call_of(request) == call for request in self.requests)

    def endpoints(self) -> list[str]:
        """The calls made, in order, without logging in."""
        made = [call_of(request) for request in self.requests]
        return [call.endpoint for call in made if call.carries != "form"]


@dataclass
class Stage:
    sandbox: Sandbox
    clock: SandboxClock
    wire: Watched
    assumptions: Assumptions
    waits: list[Waiting] = field(default_factory=list)

    def connection(self, password: str | None = None) -> BmsConnection:
        given = self.sandbox.client_settings
        return BmsConnection(given.url, given.company, given.username, password or given.password)

    def client(self, *, password: str | None = None, pace: Pace | None = None) -> BmsClient:
        return BmsClient(
            self.connection(password),
            self.assumptions,
            time_zone=ZONE,
            transport=self.wire,
            clock=self.clock,
            pace=pace,
            progress=self.waits.append,
        )

    def contract(
        self, account: str = "Brass Building Supplies", name: str = "Managed Services"
    ) -> int:
        owner = self.sandbox.add_account(account)
        return self.sandbox.add_contract(owner, name, date(2025, 1, 1), date(2027, 12, 31))


def stage(behaviour: Behaviour | None = None) -> Stage:
    """A sandbox, and assumptions that fit it."""
    behaviour = behaviour or Behaviour()
    sandbox = Sandbox.create(":memory:", behaviour=behaviour, now=NOW)
    fitting = Assumptions(
        line_update=behaviour.line_update,
        negative_units=behaviour.negative_units,
        page_base=behaviour.page_base,
        page_cap=behaviour.page_cap,
        name_filter=behaviour.name_filter,
        date_zone=behaviour.date_zone,
    )
    return Stage(
        sandbox,
        SandboxClock(sandbox),
        Watched(SandboxTransport(sandbox.app)),
        fitting,
    )


def scripted(*answers: httpx.Response | Exception) -> Watched:
    """Answers no sandbox gives, one per call; each login is answered by itself."""
    rest = list(answers)

    def handle(request: httpx.Request) -> httpx.Response:
        if call_of(request).carries == "form":
            return httpx.Response(200, json={"success": True, "result": {"accessToken": "t"}})
        answer = rest.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Watched(httpx.MockTransport(handle))


def scripted_client(*answers: httpx.Response | Exception, page_cap: int = 100) -> BmsClient:
    """A client that is given these answers, one per call."""
    keeper = stage()
    return BmsClient(
        BmsConnection(URL, "Example MSP", "api@example.test", "hunter2-secret"),
        Assumptions(page_cap=page_cap),
        time_zone=ZONE,
        transport=scripted(*answers),
        clock=keeper.clock,
    )


PRICE = Decimal("22.50")
