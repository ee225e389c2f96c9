"""Calls to GitHub's REST API, tried again as GitHub asks, for a bounded time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

import httpx
from pydantic import TypeAdapter

from reconciler.github.answers import (
    Comment,
    Issue,
    Merger,
    Misshapen,
    PullRequest,
    Queried,
    Review,
    Shape,
    fitted,
    login,
    many,
    name,
    one,
)
from reconciler.github.author import BOT, VARIABLE
from reconciler.github.failures import GithubError, TooLong, Unsure
from reconciler.github.waiting import pause
from reconciler.hiding import without
from reconciler.trust import trusted

SECONDS: Final = 30.0
MOST_PAGES: Final = 100
_VERDICTS: Final = ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")
_PER_PAGE: Final = 100
_VERSION: Final = "2022-11-28"


@dataclass(slots=True)
class GithubClient:
    """Of one repository. Close it, or use it in a ``with`` statement."""

    api: str
    repository: str
    token: str = field(repr=False)
    transport: httpx.BaseTransport | None = None
    sleep: Callable[[float], None] = time.sleep
    author: str = BOT
    """Who makes what is made with the token: only that is ours."""
    _client: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._client = httpx.Client(
            base_url=f"{self.api.rstrip('/')}/repos/{self.repository}/",
            headers={
                "Authorization": f"Bearer {self.token}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": _VERSION,
            },
            timeout=SECONDS,
            verify=trusted(),
            transport=self.transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def pulls_of(self, commit: str) -> list[PullRequest]:
        """The merged pull requests that brought a commit to the main branch."""
        found = self._asked("GET", f"commits/{commit}/pulls", many(PullRequest))
        return [pull for pull in found if pull.merged_at]

    def approvers(self, number: int, commit: str) -> list[str]:
        """Who approved a pull request as it is at a commit, and did not take it back."""
        newest: dict[str, tuple[str, str | None]] = {}
        for review in self.pages(f"pulls/{number}/reviews", Review):
            if review.state in _VERDICTS:
                newest[login(review)] = (review.state, review.commit_id)
        return sorted(who for who, told in newest.items() if told == ("APPROVED", commit))

    def merger(self, number: int) -> str:
        """Who merged a pull request."""
        return name(self.ask("GET", f"pulls/{number}", Merger).merged_by)

    def comments(self, number: int) -> Iterator[Comment]:
        """All comments of a pull request or an issue, oldest first, over all pages."""
        return self.pages(f"issues/{number}/comments", Comment)

    def create_comment(self, number: int, body: str) -> Comment:
        """A new comment of a pull request or an issue.

        TooLong where GitHub does not take the text; Unsure where it may be there all the same.
        """
        made = self.ask("POST", f"issues/{number}/comments", Comment, json={"body": body})
        self.own(made)
        return made

    def update_comment(self, comment: int, body: str) -> None:
        """Another text for a comment."""
        self.ask("PATCH", f"issues/comments/{comment}", dict, json={"body": body})

    def own(self, made: Comment | Issue) -> None:
        """Of what was just made. GithubError where the next run would not know it as ours."""
        by = login(made)
        if by == self.author:
            return
        raise GithubError(
            f"it is there, and made by {by}; what is looked for is made by {self.author}",
            where=self.repository,
            remedy=f"set {VARIABLE} to {by} wherever this token is used",
        )

    def pages(self, path: str, shape: type[Shape], **query: str) -> Iterator[Shape]:
        """A whole list. GithubError where it is too long to be sure of what it has not."""
        for page in range(1, MOST_PAGES + 1):
            params = {**query, "per_page": _PER_PAGE, "page": page}
            found = self._asked("GET", path, many(shape), params=params)
            yield from found
            if len(found) < _PER_PAGE:
                return
        raise GithubError(f"{path} has more than {MOST_PAGES * _PER_PAGE:,}", where=self.repository)

    def query(self, text: str, shape: type[Shape], **variables: str) -> Shape:
        """What GraphQL answers to a query. GithubError also where a part of it is refused."""
        url = f"{self.api.rstrip('/').removesuffix('/v3')}/graphql"
        body = {"query": text, "variables": variables}
        found = self.ask("POST", url, Queried, reads=True, json=body)
        if found.errors:
            told = without("; ".join(refusal.message for refusal in found.errors), [self.token])
            raise GithubError(
                f"GitHub did not take a query: {told}",
                where=self.repository,
                remedy="run the job again",
            )
        try:
            return fitted(one(shape), json.dumps(found.data))
        except Misshapen as why:
            raise self._misshapen("POST", url, f"data.{why}", GithubError) from why

    def ask(
        self, method: str, path: str, shape: type[Shape], *, reads: bool = False, **options: Any
    ) -> Shape:
        """One call, and what it answers. Unsure where a POST may have been carried out.

        ``shape``: what is to come; GithubError for anything else, which is never taken for nothing.
        ``reads``: it is a POST that makes nothing, and can be asked again.
        """
        return self._asked(method, path, one(shape), reads=reads, **options)

    def _asked(
        self,
        method: str,
        path: str,
        shape: TypeAdapter[Shape],
        *,
        reads: bool = False,
        **options: Any,
    ) -> Shape:
        tries = 0
        while True:
            tries += 1
            answer, why = self._sent(method, path, **options)
            if answer is not None and answer.is_success:
                kind = Unsure if method == "POST" and not reads else GithubError
                return self._read(method, path, answer, shape, kind)
            unsure = answer is None or answer.is_server_error
            if method == "POST" and unsure and not reads:
                raise Unsure(self._told(method, path, why), where=self.repository)
            seconds = pause(answer, tries)
            if seconds is None:
                raise self._failed(answer, self._told(method, path, why))
            self.sleep(seconds)

    def _read(
        self,
        method: str,
        path: str,
        answer: httpx.Response,
        shape: TypeAdapter[Shape],
        kind: type[GithubError],
    ) -> Shape:
        try:
            return fitted(shape, answer.content)
        except Misshapen as why:
            told = f"status {answer.status_code}, {why}"
            raise self._misshapen(method, path, told, kind) from why

    def _misshapen(self, method: str, path: str, why: str, kind: type[GithubError]) -> GithubError:
        return kind(
            without(f"GitHub did not answer {method} {path} as it should: {why}", [self.token]),
            where=self.repository,
            remedy="run the job again; if it stays, look at https://www.githubstatus.com, and at"
            " what stands between the runner and GitHub",
        )

    def _sent(self, method: str, path: str, **options: Any) -> tuple[httpx.Response | None, str]:
        """The answer, or None where none came; and what is to be said of it."""
        try:
            answer = self._client.request(method, path, **options)
        except httpx.RequestError as error:
            return None, f"no answer ({type(error).__name__})"
        return answer, "" if answer.is_success else _words(answer)

    def _told(self, method: str, path: str, why: str) -> str:
        return without(f"GitHub did not take {method} {path}: {why}", [self.token])

    def _failed(self, answer: httpx.Response | None, message: str) -> GithubError:
        status = None if answer is None else answer.status_code
        if status == httpx.codes.UNPROCESSABLE_ENTITY and "too long" in message:
            return TooLong(message, where=self.repository)
        forbidden = status in (401, 403, 404)
        remedy = (
            "the job's `permissions:` need `pull-requests: write` for a comment of a pull request,"
            " `issues: write` for an issue, `statuses: write` for the status of a commit"
        )
        return GithubError(
            message, where=self.repository, remedy=remedy if forbidden else "run the job again"
        )


def _words(answer: httpx.Response) -> str:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        return f"status {answer.status_code}"
    listed = found.get("errors")
    errors = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    told = [str(each.get("message", "")) for each in (found, *errors)]
    return f"status {answer.status_code}, {'; '.join(filter(None, told))}"
