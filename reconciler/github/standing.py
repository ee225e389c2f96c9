"""One issue for something that is so or is not: updated, closed, and opened again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from reconciler.github.client import GithubClient
from reconciler.github.issues import (
    STATES,
    Tagged,
    create_comment,
    create_issue,
    issue,
    update_issue,
)
from reconciler.github.once import within
from reconciler.github.tag import Tag

Kept: TypeAlias = Literal["created", "edited", "closed", "reopened", "same", "older", "none"]


@dataclass(frozen=True, slots=True)
class Standing:
    """The issue as it should be."""

    tag: Tag
    title: str
    text: Callable[[int], str]
    """In at most so many bytes."""
    end: str
    """Its last line; that it alone is another is no reason to edit."""
    news: str
    """Said in a comment where it is closed or opened again."""
    open: bool
    labels: tuple[str, ...] = ()


def keep(client: GithubClient, wanted: Standing) -> Kept:
    """Bring the issue to that. ``none``: there is none, and none is needed.

    ``older``: what was seen later is there, and stays. Raises GithubError where GitHub does not
    take it.
    """
    found = issue(client, wanted.tag)
    tag = wanted.tag.of(wanted.text)

    def body(limit: int) -> str:
        return tag.body(wanted.text, wanted.end, limit)

    if found is None:
        if not wanted.open:
            return "none"
        within(lambda limit: create_issue(client, tag, wanted.title, body(limit), wanted.labels))
        return "created"
    if found.tag.at > tag.at:
        return "older"
    if found.open == wanted.open and (not found.open or found.tag.digest == tag.digest):
        return "same"
    state = STATES[wanted.open]
    within(lambda limit: update_issue(client, found.id, body=body(limit), state=state))
    return _told(client, found, wanted)


def _told(client: GithubClient, found: Tagged, wanted: Standing) -> Kept:
    if found.open == wanted.open:
        return "edited"
    kept: Kept = "reopened" if wanted.open else "closed"
    tag = replace(wanted.tag, kind="drift-news", key=f"{kept} {wanted.tag.at}")
    create_comment(client, found.id, tag, f"{tag.dumps()}\n{wanted.news}\n")
    return kept
