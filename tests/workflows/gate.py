"""In front of BMS: what becomes of the process that asks, and of what others ask meanwhile."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from signal import Signals
from threading import Event
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

WRITES: Final = ("/services", "/bulkupdate")
"""How the paths end that write to a contract."""


@dataclass
class Gate:
    """Lets every call pass. A process can be ended right after one of its writes."""

    app: WSGIApplication
    process: Callable[[], int]
    """The one that asks."""
    url: str = ""
    writes: int = 0
    fatal: int | None = None
    signal: Signals = Signals.SIGKILL
    closed: Event | None = None
    """The answer to a write waits until it is set."""
    reached: Event = field(default_factory=Event)
    """Set with the first write."""

    echo: str | None = None
    """Calls whose path holds it are refused, with all that they carried."""
    seen: set[str] = field(default_factory=set)
    """The tokens that calls carried."""

    def end(self, after: int, by: Signals = Signals.SIGKILL) -> None:
        """Signal the process once so many more writes were carried out, before it is answered."""
        self.fatal, self.signal = self.writes + after, by

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if token := environ.get("HTTP_AUTHORIZATION", "").partition(" ")[2]:
            self.seen.add(token)
        if self.echo is not None and self.echo in environ["PATH_INFO"]:
            return self._refused(environ, start)
        answer = self.app(environ, start)
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].endswith(WRITES):
            self.writes += 1
            self.reached.set()
            if self.closed is not None:
                self.closed.wait(timeout=20)
            if self.writes == self.fatal:
                os.kill(self.process(), self.signal)
        return answer

    def _refused(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        carried = f"{environ.get('HTTP_AUTHORIZATION')} {body} {unquote_plus(body)}"
        start("200 OK", [("Content-Type", "application/json")])
        told = {"Success": False, "Error": {"Code": 400, "Message": f"I do not like {carried}"}}
        return [json.dumps(told).encode()]
