"""The application on a loopback port."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from reconciler.sandbox.errors import SandboxError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from wsgiref.types import WSGIApplication, WSGIEnvironment

_HEEDS_IN: Final = 0.005
"""Seconds until a server that is told to stop has heard it."""


class _Quiet(WSGIRequestHandler):
    """No log lines, and a dropped connection really closes."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  the base's name
        """Say nothing."""

    def connection_dropped(
        self,
        error: BaseException,  # noqa: ARG002  the base's signature
        environ: WSGIEnvironment | None = None,  # noqa: ARG002
    ) -> None:
        """End the connection without an answer."""
        self.close_connection = True


def _server(app: WSGIApplication, host: str, port: int) -> tuple[BaseWSGIServer, str]:
    # The server's own way to open a port ends the process where it cannot.
    with _listening(host, port) as open_port:
        server = make_server(
            host, port, app, threaded=True, request_handler=_Quiet, fd=open_port.fileno()
        )
    return server, f"http://{host}:{server.port}"


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise SandboxError(
            f"it cannot be served: {error.strerror or error}",
            where=f"{host}:{port}",
            remedy="stop what else uses that port, or take another with --port; 0 takes a free one",
        ) from error


@contextmanager
def serving(app: WSGIApplication, host: str, port: int) -> Iterator[str]:
    """Serve in a thread while the block runs; gives the url. Port 0 takes a free one."""
    server, url = _server(app, host, port)
    thread = threading.Thread(target=server.serve_forever, args=(_HEEDS_IN,), daemon=True)
    thread.start()
    try:
        yield url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def serve_forever(
    app: WSGIApplication, host: str, port: int, announce: Callable[[str], None]
) -> None:
    """Serve until interrupted; `announce` gets the url once the port is open."""
    server, url = _server(app, host, port)
    try:
        announce(url)
        server.serve_forever()
    finally:
        server.server_close()
