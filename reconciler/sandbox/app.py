"""The WSGI application: routing, tokens, limits and faults around the handlers."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from reconciler.sandbox import jobs, landings, replies
from reconciler.sandbox.call import Call, Route
from reconciler.sandbox.clock import DateText, instant, instant_text
from reconciler.sandbox.errors import AnswerLost, AnswerTooSlow, Refused
from reconciler.sandbox.faults import Fault, Faults
from reconciler.sandbox.fields import Fields
from reconciler.sandbox.handlers import ROUTES
from reconciler.sandbox.handlers.security import expire_tokens, token_fits
from reconciler.sandbox.limits import within_limit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from wsgiref.types import StartResponse, WSGIEnvironment

    from reconciler.sandbox.behaviour import Behaviour
    from reconciler.sandbox.clock import Clock
    from reconciler.sandbox.store import Store

READ_TIMEOUT = "sandbox.read_timeout"
_MAP = Map([Rule(route.path, methods=[route.method], endpoint=route) for route in ROUTES])
_JSON_TYPES = ("application/json", "application/json-patch+json", "text/json")
_BROKEN_HTML = "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>"


class Application:
    """Answers one request at a time per sandbox; every request is one transaction."""

    def __init__(self, store: Store, clock: Clock, behaviour: Behaviour) -> None:
        self._store = store
        self._clock = clock
        self._behaviour = behaviour
        self._dates = DateText(behaviour.zone, utc=behaviour.date_zone == "utc")
        self._replies = replies.Replies(behaviour.field_names)
        self._faults = Faults(store)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        with self._store.transaction():
            response, fault = self._respond(request)
        if fault is not None:
            response = self._afterwards(response, fault, environ)
        return response(environ, start_response)

    def settle(self) -> None:
        """Let everything happen whose time has come: late writes, background jobs."""
        with self._store.transaction():
            now = instant_text(self._clock.now())
            for landing in landings.take_due(self._store, now):
                self._land(landing)
            jobs.finish_due(self._store, now)

    def _respond(self, request: Request) -> tuple[Response, Fault | None]:
        self.settle()
        moment = self._clock.now()
        response, fault = self._answer(request, moment)
        self._store.run(
            "INSERT INTO requests (at, method, path, query, status, fault) VALUES (?,?,?,?,?,?)",
            instant_text(moment),
            request.method,
            request.path,
            request.query_string.decode("latin-1"),
            0 if fault and fault.kind.startswith(("lose", "land")) else response.status_code,
            fault.kind if fault else None,
        )
        return response, fault

    def _answer(self, request: Request, moment: datetime) -> tuple[Response, Fault | None]:
        try:
            route, path = _MAP.bind("").match(request.path, request.method)
        except HTTPException as problem:
            return replies.plain(problem.code or 500, problem.name), None
        if self._faults.take(request.method, request.path, tokens=True):
            expire_tokens(self._store)
        header = request.headers.get("Authorization", "")
        if not route.public and not token_fits(self._store, header, instant_text(moment)):
            return replies.unauthorized(), None
        limit = self._behaviour.hourly_limit
        if not within_limit(self._store, f"{route.method} {route.path}", moment, limit):
            return replies.too_many(limit), None
        fault = self._faults.take(request.method, request.path, tokens=False)
        stopped = fault and self._instead(fault, request, moment)
        return stopped or self._perform(route, path, request, moment), fault

    def _instead(self, fault: Fault, request: Request, moment: datetime) -> Response | None:
        """What happens in place of the call, for the faults that keep it from being carried out."""
        match fault.kind:
            case "http-429":
                seconds = fault.retry_after
                headers = {} if seconds is None else {"Retry-After": str(seconds)}
                return Response("Too many calls.\n", status=429, headers=headers)
            case "http-500-before":
                return replies.plain(500, "Internal Server Error")
            case "html-502":
                return Response(_BROKEN_HTML, status=502, content_type="text/html")
            case "refuse":
                return self._replies.refusal(Refused(fault.message))
            case "lose-answer-before-write":
                return Response(status=500)
            case "land-late":
                landings.delay(self._store, _landing(request, moment, fault.minutes))
                return Response(status=500)
            case _:
                return None

    def _afterwards(self, response: Response, fault: Fault, environ: WSGIEnvironment) -> Response:
        """What the caller gets once the call was, or was not, carried out."""
        match fault.kind:
            case "lose-answer-before-write" | "lose-answer-after-write" | "land-late":
                raise AnswerLost("the connection broke before an answer came")
            case "http-500-after-write":
                return replies.plain(500, "Internal Server Error")
            case "failure-500-after-write":
                return self._replies.refusal(Refused("Internal error", code=500))
            case "malformed-json":
                whole = response.get_data()
                response.set_data(whole[: max(len(whole) // 2, 1)])
                return response
            case "slow":
                _wait(fault.seconds, environ)
                return response
            case _:
                return response

    def _perform(
        self, route: Route, path: Mapping[str, int | str], request: Request, moment: datetime
    ) -> Response:
        wrong = _wrong_type(route, request)
        if wrong is not None:
            return wrong
        try:
            with self._store.attempt():
                return self._replies.success(route.handler(self._call(path, request, moment)))
        except Refused as refused:
            return self._replies.refusal(refused)

    def _call(self, path: Mapping[str, int | str], request: Request, moment: datetime) -> Call:
        query = [
            (name, values if len(values) > 1 else values[0])
            for name, values in request.args.lists()
        ]
        return Call(
            store=self._store,
            behaviour=self._behaviour,
            dates=self._dates,
            now=instant_text(moment),
            moment=moment,
            today=moment.astimezone(self._behaviour.zone).date(),
            path=path,
            query=Fields(query, self._dates),
            form=Fields(request.form.items(), self._dates),
            raw=request.get_data(),
        )

    def _land(self, landing: landings.Landing) -> None:
        builder = EnvironBuilder(
            method=landing.method,
            path=landing.path,
            query_string=landing.query,
            content_type=landing.content_type,
            data=landing.body,
        )
        request = builder.get_request()
        route, path = _MAP.bind("").match(request.path, request.method)
        self._perform(route, path, request, instant(landing.due))


def _wrong_type(route: Route, request: Request) -> Response | None:
    """415 for a body in a form the operation does not take."""
    if route.public or request.method == "GET" or not request.content_length:
        return None
    sent = request.mimetype
    if sent in _JSON_TYPES or (sent.startswith("application/") and sent.endswith("+json")):
        return None
    return replies.plain(415, "Unsupported Media Type")


def _landing(request: Request, moment: datetime, minutes: int) -> landings.Landing:
    return landings.Landing(
        due=instant_text(moment + timedelta(minutes=minutes)),
        method=request.method,
        path=request.path,
        query=request.query_string.decode("latin-1"),
        content_type=request.content_type or "",
        body=request.get_data(),
    )


def _wait(seconds: float, environ: WSGIEnvironment) -> None:
    """Take the time; in process a caller says how long it would wait, and nobody has to."""
    if READ_TIMEOUT not in environ:
        time.sleep(seconds)
        return
    patience: float | None = environ[READ_TIMEOUT]
    if patience is not None and seconds > patience:
        raise AnswerTooSlow(f"no answer within {patience} seconds")
