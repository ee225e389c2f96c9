"""GitHub on this machine: its REST API and its git, with the rights of the job that asks."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Barrier, Thread
from typing import Literal

import httpx

from tests.github.api import GRAPHQL, REPOSITORY, TOKEN, Api
from tests.ledger.branch.copies import git

_PLAIN = {"Content-Type": "text/plain"}
BASIC = "Basic " + base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()


@dataclass
class Hub:
    """One repository, its comments, and what the token may do just now."""

    folder: Path
    url: str = ""
    over_http: bool = False
    """Do jobs reach its git as on GitHub, with the rights that they have? Else by its folder."""
    api: Api = field(default_factory=Api)
    rights: Mapping[str, str] = field(default_factory=dict)
    pushes: int = 0
    together: Barrier | None = None
    """The next pushes wait here for each other."""
    echo: Literal["rest", "git"] | None = None
    """That refuses everything, and repeats the token that it was given."""
    weather: Callable[[str, str], Answer | None] = field(default=lambda _method, _path: None)
    """What its API answers instead, by method and path."""
    problems: list[str] = field(default_factory=list)
    """What GitHub would not have understood."""

    def __post_init__(self) -> None:
        self.api.tips = self._tip
        if self.repository.exists():
            return
        self.repository.mkdir(parents=True)
        git(self.repository, "init", "--bare", "--quiet", "--initial-branch=main")
        git(self.repository, "config", "http.receivepack", "true")
        git(self.repository, "config", "receive.denyNonFastForwards", "true")
        git(self.repository, "config", "uploadpack.allowAnySHA1InWant", "true")
        git(self.repository, "config", "receive.autogc", "false")

    @property
    def repository(self) -> Path:
        return self.folder / f"{REPOSITORY}.git"

    def _tip(self, branch: str) -> str:
        return git(self.repository, "rev-parse", f"refs/heads/{branch}")

    @property
    def remote(self) -> str:
        return f"{self.url}/{REPOSITORY}.git" if self.over_http else str(self.repository)

    def may(self, right: str, wanted: str) -> bool:
        return self.rights.get(right) in ("write", wanted)

    def asked(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if self.echo == ("rest" if path.startswith("/repos/") else "git"):
            told = f"Not that way: {headers.get('Authorization')} {TOKEN}"
            rest = Answer(403, json.dumps({"message": told}).encode())
            return rest if self.echo == "rest" else Answer(403, told.encode(), _PLAIN)
        if path.startswith("/repos/") or path == GRAPHQL:
            return self._rest(method, path, headers, body)
        return self._git(method, path, headers, body)

    def _rest(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if (instead := self.weather(method, path)) is not None:
            return instead
        wanted = "read" if method == "GET" or path == GRAPHQL else "write"
        if not any(self.may(right, wanted) for right in _rights(path)):
            return Answer(403, b'{"message": "Resource not accessible by integration"}')
        request = httpx.Request(method, f"http://api{path}", headers=dict(headers), content=body)
        try:
            answer = self.api.handle_request(request)
        except httpx.ReadTimeout:
            raise ConnectionAbortedError from None
        except AssertionError as problem:
            self.problems.append(str(problem))
            return Answer(500, b"")
        return Answer(answer.status_code, answer.content, {"Content-Type": "application/json"})

    def _git(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """A private repository: nobody reads it without the token."""
        if headers.get("Authorization") != BASIC:
            return Answer(401, b"", {"WWW-Authenticate": 'Basic realm="GitHub"'})
        pushed = "git-receive-pack" in path
        if not self.may("contents", "write" if pushed else "read"):
            return Answer(403, b"Write access to repository not granted.")
        self.pushes += pushed and method == "POST"
        if pushed and method == "POST" and self.together is not None:
            self.together.wait(timeout=20)
            self.together = None  # the one that comes again meets nobody
        place, _, query = path.partition("?")
        answer = subprocess.run(
            ["git", "http-backend"],
            input=body,
            capture_output=True,
            check=True,
            env={
                "PATH": os.environ["PATH"],
                "GIT_PROJECT_ROOT": str(self.folder),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": place,
                "QUERY_STRING": query,
                "REQUEST_METHOD": method,
                "REMOTE_USER": "x-access-token",
                "CONTENT_TYPE": headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": headers.get("Git-Protocol", ""),
            },
        ).stdout
        head, _, content = answer.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        return Answer(int(fields.pop("Status", "200").split()[0]), content, fields)


def _rights(path: str) -> tuple[str, ...]:
    """Each is enough: comments of a pull request are comments of an issue too."""
    if re.search(r"/issues/(\d+/comments|comments/\d+)", path):
        return ("issues", "pull-requests")
    if re.search(r"/statuses\b", path):
        return ("statuses",)
    return ("issues",) if "/issues" in path else ("pull-requests",)


@dataclass(frozen=True)
class Answer:
    status: int
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def served(folder: Path, *, over_http: bool) -> Iterator[Hub]:
    """On a free loopback port."""
    hub = Hub(folder, over_http=over_http)

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = hub.asked(self.command, self.path, dict(self.headers), body)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_PATCH = answer  # noqa: N815  names of the standard library

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A connection that broke is no news."""

    with Server(("127.0.0.1", 0), Handler) as server:
        hub.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()
