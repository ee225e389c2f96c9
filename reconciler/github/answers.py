"""What GitHub answers, as far as it is used; anything else is no answer of GitHub's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import GenericAlias
from typing import Any, Literal, TypeVar

from pydantic import AwareDatetime, TypeAdapter, ValidationError

Shape = TypeVar("Shape")


class Misshapen(Exception):
    """An answer is not what was to come; says where it is not."""


@dataclass(frozen=True, slots=True)
class User:
    """An account."""

    login: str


@dataclass(frozen=True, slots=True)
class Repository:
    """The one that a branch lies in."""

    full_name: str


@dataclass(frozen=True, slots=True)
class Side:
    """The branch of a pull request, or the one that it is to be merged into."""

    ref: str
    sha: str
    repo: Repository | None
    """None where a fork is gone."""


@dataclass(frozen=True, slots=True)
class PullRequest:
    """As a list has it."""

    number: int
    state: str
    user: User | None
    """None where the account is gone; so with the others."""
    head: Side
    base: Side
    title: str
    merged_at: AwareDatetime | None
    merge_commit_sha: str | None
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Merger:
    """What only the answer about a single pull request has."""

    merged_by: User | None


@dataclass(frozen=True, slots=True)
class Review:
    """Somebody's word on a pull request, as it was at a commit."""

    user: User | None
    state: str
    commit_id: str | None


@dataclass(frozen=True, slots=True)
class Comment:
    """Of an issue or a pull request."""

    id: int
    node_id: str
    user: User | None
    body: str | None = None


@dataclass(frozen=True, slots=True)
class CommitStatus:
    """What was said of a commit, by whomever."""

    context: str
    state: Literal["success", "failure", "error", "pending"]
    description: str | None = None
    target_url: str | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """A pull request is one too, and says so."""

    number: int
    state: str
    user: User | None
    body: str | None = None
    pull_request: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What GraphQL did not do."""

    message: str = ""


@dataclass(frozen=True, slots=True)
class Queried:
    """Around every answer of GraphQL's."""

    data: Any = None
    errors: list[Refusal] | None = None


def one(shape: type[Shape]) -> TypeAdapter[Shape]:
    """For a single answer."""
    wanted: Any = shape
    adapter: TypeAdapter[Shape] = _adapter(wanted)
    return adapter


def many(shape: type[Shape]) -> TypeAdapter[list[Shape]]:
    """For a list of them."""
    adapter: TypeAdapter[list[Shape]] = _adapter(GenericAlias(list, (shape,)))
    return adapter


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def fitted(adapter: TypeAdapter[Shape], content: bytes | str) -> Shape:
    """The answer in a text. Misshapen where it is another one."""
    try:
        return adapter.validate_json(content, strict=True)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        if first["type"] == "json_invalid":
            raise Misshapen("no JSON") from error
        where = ".".join(map(str, first["loc"]))
        raise Misshapen(f"{where or 'all of it'}: {first['msg']}") from error


def login(made: Review | Comment | Issue | PullRequest) -> str:
    """Who made it; GitHub calls an account that is gone `ghost`."""
    return name(made.user)


def name(user: User | None) -> str:
    """Of an account."""
    return "ghost" if user is None else user.login
