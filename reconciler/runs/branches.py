"""The names of branches of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reconciler.git import GitError, Revisions
from reconciler.github.statuses import USUAL

if TYPE_CHECKING:
    from reconciler.runs.surroundings import Surroundings

_NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9/_-]+")


def own_branch(around: Surroundings, what: str) -> str:
    """Two configurations in one repository have branches of their own."""
    try:
        return named(what, Revisions(around.repository).prefix.rstrip("/"))
    except GitError:
        return named(what, USUAL)  # what is done with the branch tells what is wrong


def named(what: str, folder: str) -> str:
    """``folder``: where the configuration lies, from the repository's top."""
    place = "" if folder == USUAL else f"{_NOT_IN_A_NAME.sub('-', folder or '.').strip('/')}/"
    return f"reconciler/{place}{what}"
