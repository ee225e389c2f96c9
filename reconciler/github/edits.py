"""Who edited a comment last, and when, as GitHub itself keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from reconciler.github.failures import GithubError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconciler.github.client import GithubClient

_QUERY: Final = """\
query($id: ID!) {
  node(id: $id) { ... on IssueComment { createdAt lastEditedAt editor { __typename login } } }
}
"""


@dataclass(frozen=True, slots=True)
class Written:
    """How a comment of ours came to say what it says."""

    by: str
    """Whose edit is the newest, where it is not our own; empty where it is, or none."""
    at: datetime


def written(client: GithubClient, node: str) -> Written:
    """Only GraphQL tells it. GithubError where GitHub cannot be asked, or the comment is gone."""
    found = client.query(_QUERY, id=node).get("node")
    if found is None:
        raise GithubError("a comment is gone", where=client.repository, remedy="run the job again")
    at = datetime.fromisoformat(found["lastEditedAt"] or found["createdAt"])
    return Written(_other_editor(client, found), at)


def _other_editor(client: GithubClient, found: Mapping[str, Any]) -> str:
    if found["lastEditedAt"] is None:
        return ""
    editor = found["editor"] or {"__typename": "User", "login": "ghost"}
    # GraphQL names an app without what REST puts behind its name.
    name = f"{editor['login']}[bot]" if editor["__typename"] == "Bot" else str(editor["login"])
    return "" if name == client.author else name
