"""One comment per pull request and configuration, edited through its life."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from reconciler.github.answers import login
from reconciler.github.client import GithubClient
from reconciler.github.edits import Written, written
from reconciler.github.marker import Marker
from reconciler.github.once import once, within

STATUS: Final = "\n---\n"
"""After its last one comes how far the pull request has come."""

_EARLIER: Final = "\n\n<!-- reconciler: an earlier plan -->\n"
"""Before it stands why there is no newer one."""

Posted: TypeAlias = Literal["created", "edited", "same", "older", "superseded"]
"""older: the same head was looked at later; superseded: a newer head was. That stays."""


@dataclass(frozen=True, slots=True)
class Found:
    """A comment of ours that is there."""

    id: int
    node: str
    """Its id in GraphQL."""
    body: str
    marker: Marker

    @property
    def altered(self) -> bool:
        """Does it show another text than its marker says? Both can be edited: see ``editor``."""
        return self.marker.text not in ("", _digest(_shown(self.body)))


def editor(client: GithubClient, found: Found) -> str:
    """Who changed what a comment says after we wrote it; empty where nobody did.

    That we edited it last is proof, as nothing of ours writes on top of what others wrote before
    it is merged. GithubError where GitHub cannot be asked.
    """
    return last_written(client, found).by


def last_written(client: GithubClient, found: Found) -> Written:
    """The same, and when that was."""
    last = written(client, found.node)
    return replace(last, by="somebody") if found.altered and not last.by else last


def post(
    client: GithubClient,
    number: int,
    marker: Marker,
    text: Callable[[int], str],
    is_newer: Callable[[str], bool],
) -> Posted:
    """Write the comment, or edit it. ``text`` gives the body in at most so many bytes; ``is_newer``
    tells of another head whether it is newer than the marker's.

    ``same``: it says that already. Raises GithubError where GitHub cannot be asked or takes no text
    however short.
    """
    found = find(client, number, marker.config)
    if found is not None:
        if found.marker.head != marker.head and is_newer(found.marker.head):
            return "superseded"
        if found.marker.head == marker.head and found.marker.at > marker.at:
            return "older"
    return within(lambda limit: _write(client, number, found, marker, _body(marker, text, limit)))


def find(client: GithubClient, number: int, config: str) -> Found | None:
    """A configuration's comment, by its marker and its author.

    Nobody else's comment is taken for ours; that ours was edited since, ``editor`` tells.
    """
    for comment in client.comments(number):
        text = comment.body or ""
        marker = Marker.find(text)
        if marker is not None and marker.config == config and login(comment) == client.author:
            return Found(comment.id, comment.node_id, text.replace("\r\n", "\n"), marker)
    return None


def mark(client: GithubClient, found: Found, status: str, outdated: str = "") -> None:
    """Say in a comment how far it has come, in place of what it said of that before.

    ``outdated``: a line for above its plan, where that is no longer the newest head's.
    """
    marker, _, shown = found.body.partition("\n")
    above = f"{outdated}{_EARLIER}" if outdated else ""
    body = f"{marker}\n{above}{_plan_in(shown).rstrip()}\n{STATUS}{status}\n"
    if body.strip() != found.body.strip():
        client.update_comment(found.id, body)


def says(found: Found, status: str) -> bool:
    """Is that what a comment says of how far it has come? Who wrote it may stand after it."""
    _, separator, told = found.body.rpartition(STATUS)
    return bool(separator) and told.startswith(status)


def _body(marker: Marker, text: Callable[[int], str], limit: int) -> str:
    def head(shown: str) -> str:
        return f"{replace(marker, text=_digest(shown)).dumps()}\n"

    shown = text(limit - len(head("").encode()))
    return head(shown) + shown


def _digest(shown: str) -> str:
    """Without what is said of how far it has come, which changes through its life."""
    return hashlib.sha256(_plan_in(shown).strip().encode()).hexdigest()[:16]


def _plan_in(shown: str) -> str:
    """What is shown, without what is said of it since."""
    text, separator, rest = shown.replace("\r\n", "\n").rpartition(STATUS)
    plan = text if separator else rest
    return plan.partition(_EARLIER)[2] or plan


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
    if _shown(found.body) == _shown(body) and not editor(client, found):
        return "same"
    client.update_comment(found.id, body)
    return "edited"


def _shown(body: str) -> str:
    """Without the marker: a run that found the same is no reason to edit."""
    return body.replace("\r\n", "\n").partition("\n")[2].rstrip()
