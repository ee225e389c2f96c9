"""One comment per pull request and configuration, edited through its life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from reconciler.github.client import GithubClient
from reconciler.github.marker import Marker
from reconciler.github.once import once, within

STATUS: Final = "\n---\n"
"""After its last one comes how far the pull request has come."""

Posted: TypeAlias = Literal["created", "edited", "same", "older"]


@dataclass(frozen=True, slots=True)
class Found:
    """A comment of ours that is there."""

    id: int
    body: str
    marker: Marker


def post(client: GithubClient, number: int, marker: Marker, text: Callable[[int], str]) -> Posted:
    """Write the comment, or edit it. ``text`` gives the body in at most so many bytes.

    ``same``: it says that already. ``older``: a later run's comment is there, and stays. Raises
    GithubError where GitHub cannot be asked or takes no text however short.
    """
    found = find(client, number, marker.config)
    if found is not None and found.marker.run > marker.run:
        return "older"
    return within(lambda limit: _write(client, number, found, marker, _body(marker, text, limit)))


def find(client: GithubClient, number: int, config: str) -> Found | None:
    """A configuration's comment, by its marker and its author: nobody can pose as us."""
    for comment in client.comments(number):
        marker = Marker.find(comment.get("body") or "")
        theirs = (comment.get("user") or {}).get("login")
        if marker is not None and marker.config == config and theirs == client.author:
            return Found(comment["id"], comment["body"].replace("\r\n", "\n"), marker)
    return None


def mark(client: GithubClient, found: Found, status: str) -> None:
    """Say in a comment how far it has come, in place of what it said of that before."""
    body = f"{found.body.rpartition(STATUS)[0]}{STATUS}{status}\n"
    if body.strip() != found.body.strip():
        client.update_comment(found.id, body)


def _body(marker: Marker, text: Callable[[int], str], limit: int) -> str:
    head = f"{marker.dumps()}\n"
    return head + text(limit - len(head.encode()))


def _write(
    client: GithubClient, number: int, found: Found | None, marker: Marker, body: str
) -> Posted:
    if found is None:
        once(
            client,
            lambda: client.create_comment(number, body),
            lambda: find(client, number, marker.config),
        )
        return "created"
    if _shown(found.body) == _shown(body):
        return "same"
    client.update_comment(found.id, body)
    return "edited"


def _shown(body: str) -> str:
    """Without the marker: a run that found the same is no reason to edit."""
    return body.replace("\r\n", "\n").partition("\n")[2].rstrip()
