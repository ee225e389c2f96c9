"""Issues of ours and their comments: found by tag and author, over all pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.github.answers import Comment, Issue, login
from reconciler.github.client import GithubClient
from reconciler.github.once import once
from reconciler.github.tag import Tag

STATES: Final = {True: "open", False: "closed"}


@dataclass(frozen=True, slots=True)
class Tagged:
    """An issue, by its number, or a comment, by its id."""

    id: int
    tag: Tag
    open: bool = True


def issue(client: GithubClient, tag: Tag) -> Tagged | None:
    """The issue that the tag names, open or closed. A pull request is none."""
    for found in client.pages("issues", Issue, state="all", creator=client.author):
        mine = _tagged(found, tag, client.author)
        if mine is not None and found.pull_request is None:
            return Tagged(found.number, mine, found.state == "open")
    return None


def open_issues(client: GithubClient, tag: Tag) -> Iterator[Tagged]:
    """Those of the tag's kind and configuration that are open."""
    for found in client.pages("issues", Issue, state="open", creator=client.author):
        mine = Tag.find(found.body or "")
        theirs = login(found) == client.author
        if mine is not None and theirs and (mine.kind, mine.config) == (tag.kind, tag.config):
            yield Tagged(found.number, mine)


def comment(client: GithubClient, number: int, tag: Tag) -> Tagged | None:
    """The comment that the tag names."""
    for found in client.comments(number):
        mine = _tagged(found, tag, client.author)
        if mine is not None:
            return Tagged(found.id, mine)
    return None


def create_issue(
    client: GithubClient, tag: Tag, title: str, body: str, labels: Sequence[str] = ()
) -> int:
    """Its number."""
    fields = {"title": title, "body": body, "labels": list(labels)}

    def make() -> Tagged:
        made = client.ask("POST", "issues", Issue, json=fields)
        client.own(made)
        return Tagged(made.number, tag)

    return once(client, make, lambda: issue(client, tag)).id


def create_comment(client: GithubClient, number: int, tag: Tag, body: str) -> None:
    """One more comment of an issue."""
    once(
        client,
        lambda: client.create_comment(number, body),
        lambda: comment(client, number, tag),
    )


def update_issue(client: GithubClient, number: int, **fields: str) -> None:
    """Other texts, or another state."""
    client.ask("PATCH", f"issues/{number}", dict, json=fields)


def _tagged(found: Issue | Comment, tag: Tag, author: str) -> Tag | None:
    mine = Tag.find(found.body or "")
    return mine if mine is not None and mine.names(tag) and login(found) == author else None
