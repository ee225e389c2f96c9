"""The sandbox as an httpx transport, so that a client talks to it in process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from reconciler.sandbox.app import READ_TIMEOUT
from reconciler.sandbox.errors import AnswerLost, AnswerTooSlow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class SandboxTransport(httpx.BaseTransport):
    """Calls the application directly; a lost answer becomes what a socket would have shown.

    A dropped connection is `httpx.RemoteProtocolError`, or the class given as `lost`; a slow answer
    beyond the request's own read timeout is `httpx.ReadTimeout`, without anybody waiting for it.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        lost: type[httpx.TransportError] = httpx.RemoteProtocolError,
    ) -> None:
        self._app = app
        self._lost = lost

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        patience = request.extensions.get("timeout", {}).get("read")

        def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            environ[READ_TIMEOUT] = patience
            return self._app(environ, start_response)

        try:
            return httpx.WSGITransport(app=app).handle_request(request)
        except AnswerTooSlow as problem:
            raise httpx.ReadTimeout(str(problem), request=request) from problem
        except AnswerLost as problem:
            raise self._lost(str(problem), request=request) from problem
