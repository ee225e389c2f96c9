"""One issue a month, with a comment on days when there is something to say.

A new month closes those before it: what still waits is told in the new one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from reconciler.github.client import GithubClient
from reconciler.github.issues import (
    STATES,
    Tagged,
    comment,
    create_comment,
    create_issue,
    issue,
    open_issues,
    update_issue,
)
from reconciler.github.once import within
from reconciler.github.tag import Tag

Entered: TypeAlias = Literal["created", "edited", "same", "older", "quiet"]

_NEWS: Final = ("created", "edited")


@dataclass(frozen=True, slots=True)
class Month:
    """The issue, as it is made where it is not there."""

    tag: Tag
    title: str
    body: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said of a day. ``text`` gives it in at most so many bytes; ``end``: its last line."""

    tag: Tag
    text: Callable[[int], str]
    end: str
    notable: bool
    """False: nothing is said, but what was said earlier that day is brought up to date."""


def enter(client: GithubClient, month: Month, entry: Entry) -> Entered:
    """Write the day's comment, or edit it. An issue that somebody closed is open again then.

    ``quiet``: there is nothing to say. ``same``: it says that already. ``older``: what was seen
    later is there, and stays. Raises GithubError where GitHub does not take it.
    """
    found = issue(client, month.tag)
    tag = entry.tag.of(entry.text)
    there = comment(client, found.id, tag) if found is not None else None
    if there is None and not entry.notable:
        return "quiet"
    entered = (
        _create(client, month, found, tag, entry)
        if there is None
        else _edit(client, there, tag, entry)
    )
    if found is not None and not found.open and entered in _NEWS:
        _reopen(client, found)
    return entered


def add(client: GithubClient, month: Month, entry: Entry) -> None:
    """One more comment of the month's issue, unless it is there."""
    found = issue(client, month.tag)
    if found is not None and comment(client, found.id, entry.tag) is None:
        _comment(client, found.id, entry.tag.of(entry.text), entry)


def _create(
    client: GithubClient, month: Month, found: Tagged | None, tag: Tag, entry: Entry
) -> Entered:
    _comment(client, _made(client, month) if found is None else found.id, tag, entry)
    if found is None:
        _close_older(client, month)
    return "created"


def _comment(client: GithubClient, number: int, tag: Tag, entry: Entry) -> None:
    def create(limit: int) -> None:
        create_comment(client, number, tag, tag.body(entry.text, entry.end, limit))

    within(create)


def _made(client: GithubClient, month: Month) -> int:
    body = f"{month.tag.dumps()}\n{month.body}\n"
    return create_issue(client, month.tag, month.title, body, month.labels)


def _close_older(client: GithubClient, month: Month) -> None:
    for found in list(open_issues(client, month.tag)):
        if found.tag.key < month.tag.key:
            update_issue(client, found.id, state=STATES[False], state_reason="completed")


def _reopen(client: GithubClient, found: Tagged) -> None:
    """Unless a later month's is open, as one that we closed ourselves."""
    others = open_issues(client, found.tag)
    if not any(one.tag.key > found.tag.key for one in others):
        update_issue(client, found.id, state=STATES[True])


def _edit(client: GithubClient, there: Tagged, tag: Tag, entry: Entry) -> Entered:
    if there.tag.at > tag.at:
        return "older"
    if there.tag.digest == tag.digest:
        return "same"
    within(lambda limit: client.update_comment(there.id, tag.body(entry.text, entry.end, limit)))
    return "edited"
