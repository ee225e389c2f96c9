"""Who edited a comment last, and when, as GitHub itself keeps it."""

from __future__ import annotations

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


def other_editor(client: GithubClient, node: str) -> str:
    """Whose edit of our comment is the newest, where it is not our own; empty where it is, or none.

    Only GraphQL tells it. GithubError where GitHub cannot be asked, or the comment is gone.
    """
    found = _asked(client, node)
    if found["lastEditedAt"] is None:
        return ""
    editor = found["editor"] or {"__typename": "User", "login": "ghost"}
    # GraphQL names an app without what REST puts behind its name.
    name = f"{editor['login']}[bot]" if editor["__typename"] == "Bot" else str(editor["login"])
    return "" if name == client.author else name


def written_at(client: GithubClient, node: str) -> datetime:
    """When a comment came to say what it says. GithubError as above."""
    found = _asked(client, node)
    return datetime.fromisoformat(found["lastEditedAt"] or found["createdAt"])


def _asked(client: GithubClient, node: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] | None = client.query(_QUERY, id=node).get("node")
    if found is None:
        raise GithubError("a comment is gone", where=client.repository, remedy="run the job again")
    return found
