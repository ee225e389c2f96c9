"""Whose comments and issues are ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from reconciler.github.failures import GithubError

BOT: Final = "github-actions[bot]"
"""Who makes what is made with a workflow's own token."""

VARIABLE: Final = "RECONCILER_AUTHOR"
"""Names another one: with a GitHub App's token that is ``<app>[bot]``."""

_LOGIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\[bot\])?")


def author_of(env: Mapping[str, str]) -> str:
    """GithubError where the variable holds what is no name on GitHub."""
    name = env.get(VARIABLE, "").strip() or BOT
    if _LOGIN.fullmatch(name) is None:
        raise GithubError(
            f"{name!r} is no name on GitHub",
            where=VARIABLE,
            remedy=f"set it to the author's name, as `my-app[bot]`; without it, it is {BOT}",
        )
    return name
