"""Which of two commits of a pull request is its newer one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.git import GitError, Revisions
from reconciler.github.pulls import head_of

if TYPE_CHECKING:
    from pathlib import Path

    from reconciler.github import Event, GithubClient


def is_newer(client: GithubClient, folder: Path, event: Event, other: str) -> bool:
    """Is the other one newer than the event's head? Jobs are late, or are run again.

    GitHub is not asked where git tells: of what was just pushed it may not know yet.
    """
    return not _follows(folder, event.head, other) and head_of(client, event.number) != event.head


def _follows(folder: Path, head: str, other: str) -> bool:
    """False too where the other is not here, as after a push with force."""
    try:
        return Revisions(folder).is_before(other, head)
    except GitError:
        return False
