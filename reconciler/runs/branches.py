"""The names of what is ours in a repository: two configurations in one have each its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reconciler.git import GitError, Revisions
from reconciler.github.statuses import USUAL

if TYPE_CHECKING:
    from reconciler.runs.surroundings import Surroundings

_NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9/_-]+")


def own_branch(around: Surroundings, what: str) -> str:
    """Of a branch."""
    return named(what, _folder(around))


def own_title(around: Surroundings, title: str) -> str:
    """Of an issue or a pull request: people tell them apart by it, we by their hidden lines."""
    folder = _folder(around)
    return title if folder == USUAL else f"{title} ({folder or '.'})"


def named(what: str, folder: str) -> str:
    """``folder``: where the configuration lies, from the repository's top."""
    place = "" if folder == USUAL else f"{_NOT_IN_A_NAME.sub('-', folder or '.').strip('/')}/"
    return f"reconciler/{place}{what}"


def _folder(around: Surroundings) -> str:
    """Where the configuration lies, from the repository's top."""
    try:
        return Revisions(around.repository).prefix.rstrip("/")
    except GitError:
        return USUAL  # what is done with the name tells what is wrong
