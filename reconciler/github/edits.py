"""Who edited a comment last, and when, as GitHub itself keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pydantic import AwareDatetime

from reconciler.github.answers import name
from reconciler.github.failures import GithubError

if TYPE_CHECKING:
    from reconciler.github.client import GithubClient

_QUERY: Final = """\
query($id: ID!) {
  node(id: $id) { ... on IssueComment { createdAt lastEditedAt editor { kind: __typename login } } }
}
"""


@dataclass(frozen=True, slots=True)
class _Editor:
    kind: str
    login: str


@dataclass(frozen=True, slots=True)
class _Node:
    createdAt: AwareDatetime  # noqa: N815  GitHub's own names
    lastEditedAt: AwareDatetime | None  # noqa: N815
    editor: _Editor | None


@dataclass(frozen=True, slots=True)
class _Data:
    node: _Node | None


@dataclass(frozen=True, slots=True)
class Written:
    """How a comment of ours came to say what it says."""

    by: str
    """Whose edit is the newest, where it is not our own; empty where it is, or none."""
    at: datetime


def written(client: GithubClient, node: str) -> Written:
    """Only GraphQL tells it. GithubError where GitHub cannot be asked, or the comment is gone."""
    found = client.query(_QUERY, _Data, id=node).node
    if found is None:
        raise GithubError("a comment is gone", where=client.repository, remedy="run the job again")
    return Written(_other_editor(client, found), found.lastEditedAt or found.createdAt)


def _other_editor(client: GithubClient, found: _Node) -> str:
    if found.lastEditedAt is None:
        return ""
    if found.editor is None:
        return name(None)
    # GraphQL names an app without what REST puts behind its name.
    by = f"{found.editor.login}[bot]" if found.editor.kind == "Bot" else found.editor.login
    return "" if by == client.author else by
