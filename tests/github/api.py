"""GitHub's REST API for comments and issues, as far as it is documented, in this process."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from reconciler.github.author import BOT
from tests.github.description import answered, problems

REPOSITORY = "example/billing"
TOKEN = "ghs_secret_of_the_test"
GRAPHQL = "/graphql"


@dataclass
class Api(httpx.BaseTransport):
    """Comments and issues of a repository; answers to come first can be put before its own."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    first: deque[httpx.Response | Exception] = field(default_factory=deque)
    most_bytes: int = 262_144
    pulls: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By the commit that merged it."""
    tips: Callable[[str], str] = lambda _: "0" * 40
    """The newest commit of a branch."""
    opened: list[dict[str, Any]] = field(default_factory=list)
    """Pull requests that were made here."""
    reviews: list[dict[str, Any]] = field(default_factory=list)
    author: str = BOT
    """Whose token it is."""
    edited: str = "2026-11-23T17:00:00Z"
    """When comments are made and edited: before all that is merged."""
    statuses: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The newest of each commit."""
    stated: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    """The newest of each commit and context."""
    refused: dict[str, httpx.Response] = field(default_factory=dict)
    """By the first part of a path: what GitHub always says to it."""
    lose_answers: int = 0
    """So many comments or issues are made, and the answer does not arrive."""

    def say(self, body: str, login: str = "maria", number: int = 7) -> int:
        """A comment that somebody else made."""
        return int(self._add(number, body, login)["id"])

    def open(self, title: str, body: str, login: str = "maria", **more: Any) -> int:
        """An issue that somebody else made; a pull request where ``more`` says so."""
        return int(self._add_issue({"title": title, "body": body}, login, more)["number"])

    def merge(self, commit: str, number: int = 7, login: str = "maria", by: str = "lena") -> None:
        """The pull request was merged with that commit."""
        own = [one for one in self.opened if one["number"] == number]
        author = own[0]["user"] if own else {"login": login}
        merged = {"number": number, "merge_commit_sha": commit, "user": author}
        merged |= {"head": {"sha": "0" * 40}, "merged_by": {"login": by}, "state": "closed"}
        self.pulls[commit] = {**merged, "merged_at": "2026-11-23T18:00:00Z"}

    def edit(self, old: str, new: str, login: str = "mallory", number: int = 7) -> None:
        """Somebody who may write edits our comment; "" is an account that is gone."""
        for one in self.comments:
            if (one["number"], one["user"]["login"]) == (number, self.author):
                assert old in one["body"]
                one.update(body=one["body"].replace(old, new), editor=login, at=self.edited)

    def bodies(self) -> list[str]:
        return [one["body"] for one in self.comments if one["user"]["login"] == self.author]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(f"{request.method} {request.url.path}")
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
        content = request.read()
        body = json.loads(content) if content else None
        if request.url.path == GRAPHQL:
            return self._edits(body or {})
        _none_of(problems(request, body))
        if self.first:
            answer = self.first.popleft()
            if isinstance(answer, Exception):
                raise answer
            return answer
        answer = self._answer(request, body or {})
        if answer.is_success:
            _none_of(answered(request, answer.json()))
        return answer

    def _answer(self, request: httpx.Request, body: Mapping[str, Any]) -> httpx.Response:
        path = request.url.path.removeprefix(f"/repos/{REPOSITORY}/")
        if path.partition("/")[0] in self.refused:
            return self.refused[path.partition("/")[0]]
        if len(body.get("body", "").encode()) > self.most_bytes:
            told = [{"resource": "IssueComment", "message": "body is too long (maximum is 65536)"}]
            return httpx.Response(422, json={"message": "Validation Failed", "errors": told})
        if path == "pulls" or re.fullmatch(r"pulls/\d+", path):
            return self._pulls(request, path, body)
        if path == "issues" or re.fullmatch(r"issues/\d+", path):
            return self._issues(request, path, body)
        if match := re.fullmatch(r"issues/(\d+)/comments", path):
            if request.method == "POST":
                return self._create(int(match[1]), body["body"])
            own = [one for one in self.comments if one["number"] == int(match[1])]
            return _page([_comment(one) for one in own], request.url.params)
        if match := re.fullmatch(r"commits/([0-9a-f]{40})/pulls", path):
            pull = self.pulls.get(match[1])
            return httpx.Response(200, json=[] if pull is None else [as_listed(pull)])
        if match := re.fullmatch(r"statuses/([0-9a-f]{40})", path):
            assert len(body["description"]) <= 140
            self.statuses[match[1]] = dict(body)
            self.stated.setdefault(match[1], {})[body["context"]] = dict(body)
            return self._made(dict(body))
        if match := re.fullmatch(r"commits/([0-9a-f]{40})/statuses", path):
            said = list(self.stated.get(match[1], {}).values())
            return _page(said[::-1], request.url.params)
        if re.fullmatch(r"pulls/\d+/reviews", path):
            page = int(request.url.params.get("page", "1"))
            return httpx.Response(200, json=self.reviews if page == 1 else [])
        match = re.fullmatch(r"issues/comments/(\d+)", path)
        assert match is not None, path
        (found,) = [one for one in self.comments if one["id"] == int(match[1])]
        found.update(body=body["body"], editor=self.author, at=self.edited)
        return httpx.Response(200, json=_comment(found))

    def _issues(self, request: httpx.Request, path: str, body: Mapping[str, Any]) -> httpx.Response:
        if request.method == "PATCH":
            (found,) = [one for one in self.issues if path == f"issues/{one['number']}"]
            assert body.keys() <= {"title", "body", "state", "state_reason", "labels"}
            assert body.get("state", "open") in ("open", "closed")
            found.update(body)
            return httpx.Response(200, json=found)
        if request.method == "POST":
            return self._made(self._add_issue(body, self.author, {}))
        return _page(list(self._listed(request.url.params)), request.url.params)

    def _pulls(self, request: httpx.Request, path: str, body: Mapping[str, Any]) -> httpx.Response:
        if request.method == "GET" and path != "pulls":
            known = [*self.pulls.values(), *self.opened]
            there = [one for one in known if path == f"pulls/{one['number']}"]
            self._follow(there)
            return httpx.Response(200, json=_whole(there[0])) if there else self._unlisted(path)
        if request.method == "PATCH":
            (found,) = [one for one in self.opened if path == f"pulls/{one['number']}"]
            assert body.keys() <= {"title", "body", "state", "base"}
            found.update(body)
            return httpx.Response(200, json=found)
        if request.method == "POST":
            owner = REPOSITORY.partition("/")[0]
            sha = self.tips(body["head"])
            head = {"ref": body["head"], "sha": sha, "repo": {"full_name": REPOSITORY}}
            made = {**body, "number": len(self.opened) + 201, "state": "open"}
            made |= {"head": {**head, "label": f"{owner}:{body['head']}"}}
            made |= {"base": {"ref": body["base"]}, "user": {"login": self.author}}
            self.opened.append(made)
            return self._made(_whole(made))
        query = request.url.params
        there = [
            one
            for one in self.opened
            if query.get("state", "open") in ("all", one["state"])
            and query.get("head", one["head"].get("label")) == one["head"].get("label")
            and query.get("base", one["base"]["ref"]) == one["base"]["ref"]
        ]
        self._follow(there)
        there = [as_listed(one) for one in there]
        return _page(there[::-1] if query.get("direction") == "desc" else there, query)

    def _follow(self, pulls: list[dict[str, Any]]) -> None:
        """Their branches go on."""
        for one in pulls:
            if one["state"] == "open" and as_listed(one)["head"]["repo"] == {
                "full_name": REPOSITORY
            }:
                one["head"]["sha"] = self.tips(one["head"]["ref"])

    def _unlisted(self, path: str) -> httpx.Response:
        """One that stories only plan: it is open."""
        return httpx.Response(200, json=_whole({"number": int(path.partition("/")[2])}))

    def _listed(self, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """The newest first, as without `sort`; open ones only, as without `state`."""
        labels = set(filter(None, query.get("labels", "").split(",")))
        for one in reversed(self.issues):
            wanted = query.get("state", "open")
            theirs = query.get("creator", one["user"]["login"]) == one["user"]["login"]
            named = labels <= {label["name"] for label in one["labels"]}
            if theirs and named and wanted in ("all", one["state"]):
                yield one

    def _add_issue(
        self, body: Mapping[str, Any], login: str, more: Mapping[str, Any]
    ) -> dict[str, Any]:
        labels = [{"name": name} for name in body.get("labels", ())]
        made = {**body, "labels": labels, "number": len(self.issues) + 101, "state": "open"}
        self.issues.append({**made, "user": {"login": login}, **more})
        return self.issues[-1]

    def _edits(self, asked: Mapping[str, Any]) -> httpx.Response:
        """GraphQL's answer of who edited a comment last."""
        if self.first:
            answer = self.first.popleft()
            assert isinstance(answer, httpx.Response)
            return answer
        (found,) = [one for one in self.comments if one["node_id"] == asked["variables"]["id"]]
        name = found.get("editor")
        kind = "Bot" if name and name.endswith("[bot]") else "User"
        editor = {"kind": kind, "login": name.removesuffix("[bot]")} if name else None
        at = None if name is None else found["at"]
        node = {"createdAt": found["made"], "lastEditedAt": at, "editor": editor}
        return httpx.Response(200, json={"data": {"node": node}})

    def _made(self, made: Mapping[str, Any]) -> httpx.Response:
        if self.lose_answers:
            self.lose_answers -= 1
            raise httpx.ReadTimeout("no answer")
        return httpx.Response(201, json=made)

    def _create(self, number: int, body: str) -> httpx.Response:
        return self._made(_comment(self._add(number, body, self.author)))

    def _add(self, number: int, body: str, login: str) -> dict[str, Any]:
        made = {"id": len(self.comments) + 1, "number": number, "body": body}
        made |= {"node_id": f"IC_{made['id']}", "made": self.edited}
        self.comments.append({**made, "user": {"login": login}})
        return self.comments[-1]


def _none_of(found: list[str]) -> None:
    assert found == [], "; ".join(found)


_HIDDEN = ("number", "editor", "made", "at")


def _comment(kept: Mapping[str, Any]) -> dict[str, Any]:
    """As it is answered: what it is on stands in its address alone."""
    return {name: value for name, value in kept.items() if name not in _HIDDEN}


def _whole(kept: Mapping[str, Any]) -> dict[str, Any]:
    """As it is answered alone."""
    return {**as_listed(kept), "merged_by": kept.get("merged_by")}


def as_listed(kept: Mapping[str, Any]) -> dict[str, Any]:
    """With all that is answered of one in a list, told or not."""
    side = {"ref": "change", "sha": "0" * 40, "repo": {"full_name": REPOSITORY}}
    usual = {"state": "open", "title": "A change", "body": None, "user": {"login": "ghost"}}
    usual |= {"merged_at": None, "merge_commit_sha": None}
    sides = {name: {**side, **kept.get(name, {})} for name in ("head", "base")}
    alone = {"merged_by"}
    told = {name: value for name, value in kept.items() if name not in alone}
    return {**usual, **told, **sides}


def _page(found: list[dict[str, Any]], query: Mapping[str, str]) -> httpx.Response:
    size, page = int(query["per_page"]), int(query["page"])
    return httpx.Response(200, json=found[(page - 1) * size : page * size])
