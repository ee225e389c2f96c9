"""Pull requests of ours, one per branch: made, brought up to date, and closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, TypeAlias

from reconciler.github.answers import PullRequest
from reconciler.github.client import GithubClient
from reconciler.github.failures import GithubError
from reconciler.github.once import once, within
from reconciler.github.tag import Tag

Opened: TypeAlias = Literal["created", "edited", "same"]

_SETTING: Final = "not permitted to create"
"""What GitHub says where a workflow's own token may open no pull request."""


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request that is open."""

    number: int
    title: str
    body: str
    tag: Tag | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A pull request from a branch of the repository, as a list has it."""

    number: int
    branch: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """The pull request as it should be."""

    branch: str
    base: str
    """The branch it is merged into."""
    tag: Tag
    title: str
    text: Callable[[int], str]
    """In at most so many bytes."""
    end: str = ""
    """Its last line; that it alone is another is no reason to edit."""
    retold: Callable[[Path], Retold] | None = None
    """Where somebody else committed to its branch; from the configuration as it lies there."""


@dataclass(frozen=True, slots=True)
class Retold:
    """Another title and text than was asked for."""

    title: str
    text: Callable[[int], str]
    """In at most so many bytes."""


def open_pulls(client: GithubClient, base: str) -> Iterator[Listed]:
    """Those from branches of this repository into a branch of it, the newest first."""
    query = {"state": "open", "base": base, "sort": "created", "direction": "desc"}
    for found in client.pages("pulls", PullRequest, **query):
        if _is_ours(client, found):
            yield Listed(found.number, found.head.ref)


def is_open(client: GithubClient, number: int) -> bool:
    """Just now."""
    return client.ask("GET", f"pulls/{number}", PullRequest).state == "open"


def head_of(client: GithubClient, number: int) -> str:
    """Its newest commit, just now."""
    return client.ask("GET", f"pulls/{number}", PullRequest).head.sha


def find_pull(client: GithubClient, branch: str) -> Pull | None:
    """The open pull request of a branch of this repository."""
    owner = client.repository.partition("/")[0]
    for found in client.pages("pulls", PullRequest, state="open", head=f"{owner}:{branch}"):
        if _is_ours(client, found) and found.head.ref == branch:
            body = (found.body or "").replace("\r\n", "\n")
            return Pull(found.number, found.title, body, Tag.find(body))
    return None


def pull(client: GithubClient, number: int, base: str) -> PullRequest:
    """An open pull request from a branch of this repository into its branch ``base``.

    GithubError for any other.
    """
    found = client.ask("GET", f"pulls/{number}", PullRequest)
    checks = (
        ("from a fork", not _is_ours(client, found)),
        ("not open", found.state != "open"),
        (f"not for {base}", found.base.ref != base),
    )
    wrong = [what for what, so in checks if so]
    if wrong:
        raise GithubError(
            f"#{number} is {wrong[0]}",
            where=client.repository,
            remedy=f"name an open pull request from a branch of this repository into {base}",
        )
    return found


def declined(client: GithubClient, wanted: Wanted) -> int | None:
    """The branch's newest pull request, where somebody closed it as it should be now, and did not
    merge it."""
    owner = client.repository.partition("/")[0]
    query = {"state": "closed", "head": f"{owner}:{wanted.branch}", "sort": "created"}
    newest = next(client.pages("pulls", PullRequest, **query, direction="desc"), None)
    if newest is None or newest.merged_at:
        return None
    tag = Tag.find(newest.body or "")
    same = tag is not None and tag.digest == wanted.tag.of(wanted.text).digest
    return newest.number if same else None


def _is_ours(client: GithubClient, found: PullRequest) -> bool:
    """Is its branch one of this repository?"""
    return found.head.repo is not None and found.head.repo.full_name == client.repository


def open_pull(client: GithubClient, wanted: Wanted) -> tuple[int, Opened]:
    """Its number, and what was to be done. GithubError where GitHub does not take it."""
    tag = wanted.tag.of(wanted.text)

    def body(limit: int) -> str:
        return tag.body(wanted.text, wanted.end, limit)

    found = find_pull(client, wanted.branch)
    if found is None:
        return within(lambda limit: _created(client, wanted, body(limit))), "created"
    if (found.title, found.tag and found.tag.digest) == (wanted.title, tag.digest):
        return found.number, "same"
    within(lambda limit: _update(client, found.number, title=wanted.title, body=body(limit)))
    return found.number, "edited"


def retell(client: GithubClient, found: Pull, wanted: Wanted, told: Retold) -> None:
    """Give it another title and text. Who closes it still says no to what was asked for last, as
    its hidden line names that. GithubError where GitHub does not take it.
    """
    tag = found.tag or wanted.tag

    def write(limit: int) -> None:
        body = tag.body(told.text, wanted.end, limit)
        same = found.body.startswith(body.removesuffix(f"{wanted.end}\n"))
        if not same or found.title != told.title:
            _update(client, found.number, title=told.title, body=body)

    within(write)


def close_pull(client: GithubClient, found: Pull, why: str) -> None:
    """Say why, and close it. Nobody said no to it: the same may be asked for again."""
    client.create_comment(found.number, why)
    _, _, text = found.body.partition("\n")
    hidden = "" if found.tag is None else replace(found.tag, digest="").dumps()
    _update(client, found.number, body=f"{hidden}\n{text}", state="closed")


def _created(client: GithubClient, wanted: Wanted, body: str) -> int:
    fields = {"title": wanted.title, "head": wanted.branch, "base": wanted.base, "body": body}

    def make() -> int:
        return client.ask("POST", "pulls", PullRequest, json=fields).number

    def find() -> int | None:
        there = find_pull(client, wanted.branch)
        return None if there is None else there.number

    try:
        return once(client, make, find)
    except GithubError as error:
        if _SETTING not in error.message:
            raise
        raise GithubError(
            error.message,
            where=error.where,
            remedy="allow it under Settings, Actions, General, or open it yourself from the branch"
            f" {wanted.branch}, which is there",
        ) from error


def _update(client: GithubClient, number: int, **fields: str) -> None:
    client.ask("PATCH", f"pulls/{number}", dict, json=fields)
