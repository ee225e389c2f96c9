"""GitHub's REST API for comments, as far as it is documented, in this process."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from reconciler.github.comments import BOT

REPOSITORY = "example/billing"
TOKEN = "ghs_secret_of_the_test"


@dataclass
class Api(httpx.BaseTransport):
    """Comments of pull requests; answers to come first can be put before its own."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    first: deque[httpx.Response | Exception] = field(default_factory=deque)
    most_bytes: int = 262_144
    pulls: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By the commit that merged it."""
    reviews: list[dict[str, Any]] = field(default_factory=list)
    lose_answers: int = 0
    """So many comments are made, and the answer does not arrive."""

    def say(self, body: str, login: str = "maria", number: int = 7) -> int:
        """A comment that somebody else made."""
        return int(self._add(number, body, login)["id"])

    def merge(self, commit: str, number: int = 7, login: str = "maria") -> None:
        """The pull request was merged with that commit."""
        merged = {"number": number, "merge_commit_sha": commit, "user": {"login": login}}
        self.pulls[commit] = merged

    def bodies(self, login: str = BOT) -> list[str]:
        return [one["body"] for one in self.comments if one["user"]["login"] == login]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(f"{request.method} {request.url.path}")
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
        if self.first:
            answer = self.first.popleft()
            if isinstance(answer, Exception):
                raise answer
            return answer
        return self._answer(request, json.loads(request.read() or b"{}"))

    def _answer(self, request: httpx.Request, body: Mapping[str, Any]) -> httpx.Response:
        path = request.url.path.removeprefix(f"/repos/{REPOSITORY}/")
        if request.method != "GET" and len(body["body"].encode()) > self.most_bytes:
            told = [{"resource": "IssueComment", "message": "body is too long (maximum is 65536)"}]
            return httpx.Response(422, json={"message": "Validation Failed", "errors": told})
        if match := re.fullmatch(r"issues/(\d+)/comments", path):
            if request.method == "POST":
                return self._create(int(match[1]), body["body"])
            return self._page(int(match[1]), request.url.params)
        if match := re.fullmatch(r"commits/([0-9a-f]{40})/pulls", path):
            pull = self.pulls.get(match[1])
            return httpx.Response(200, json=[] if pull is None else [pull])
        if re.fullmatch(r"pulls/\d+/reviews", path):
            return httpx.Response(200, json=self.reviews)
        match = re.fullmatch(r"issues/comments/(\d+)", path)
        assert match is not None, path
        (found,) = [one for one in self.comments if one["id"] == int(match[1])]
        found["body"] = body["body"]
        return httpx.Response(200, json=found)

    def _create(self, number: int, body: str) -> httpx.Response:
        made = self._add(number, body, BOT)
        if self.lose_answers:
            self.lose_answers -= 1
            raise httpx.ReadTimeout("no answer")
        return httpx.Response(201, json=made)

    def _page(self, number: int, query: Mapping[str, str]) -> httpx.Response:
        size, page = int(query["per_page"]), int(query["page"])
        own = [one for one in self.comments if one["number"] == number]
        return httpx.Response(200, json=own[(page - 1) * size : page * size])

    def _add(self, number: int, body: str, login: str) -> dict[str, Any]:
        made = {"id": len(self.comments) + 1, "number": number, "body": body}
        self.comments.append({**made, "user": {"login": login}})
        return self.comments[-1]
