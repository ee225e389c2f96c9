"""Commits made without a work tree."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from reconciler.git.command import Git

EMAIL: Final = "reconciler@localhost"

_AUTHOR: Final = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Reconciler"), ("EMAIL", EMAIL))
}


def commit_files(
    git: Git, parent: str | None, files: Mapping[str, bytes], message: str, *more: str
) -> str:
    """A commit with these files, by their paths, beside or in place of those of its parent.

    It follows the commits ``more`` too. Nobody else sees it before it is pushed. GitError where
    git cannot do it.
    """
    with tempfile.TemporaryDirectory() as temporary:
        index = {"GIT_INDEX_FILE": str(Path(temporary) / "index")}
        if parent is not None:
            git.run("read-tree", parent, env=index)
        for name, content in files.items():
            blob = git.text("hash-object", "-w", "--stdin", given=content)
            git.run("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}", env=index)
        tree = git.text("write-tree", env=index)
    parents = [word for one in (parent, *more) if one is not None for word in ("-p", one)]
    return git.text("commit-tree", tree, *parents, "-m", message, env=_AUTHOR)
