"""Who edited a comment last, as GitHub itself keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reconciler.github.failures import GithubError

if TYPE_CHECKING:
    from reconciler.github.client import GithubClient

_QUERY: Final = """\
query($id: ID!) {
  node(id: $id) { ... on IssueComment { lastEditedAt editor { __typename login } } }
}
"""


def other_editor(client: GithubClient, node: str) -> str:
    """Whose edit of our comment is the newest, where it is not our own; empty where it is, or none.

    Only GraphQL tells it. GithubError where GitHub cannot be asked, or the comment is gone.
    """
    found = client.query(_QUERY, id=node).get("node")
    if found is None:
        raise GithubError("a comment is gone", where=client.repository, remedy="run the job again")
    if found["lastEditedAt"] is None:
        return ""
    editor = found["editor"] or {"__typename": "User", "login": "ghost"}
    # GraphQL names an app without what REST puts behind its name.
    name = f"{editor['login']}[bot]" if editor["__typename"] == "Bot" else str(editor["login"])
    return "" if name == client.author else name
