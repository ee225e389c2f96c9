"""Commits made without a work tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.git.command import Git

EMAIL: Final = "reconciler@localhost"

_COMMITTER: Final = f"committer Reconciler <{EMAIL}> now"
_REF: Final = "refs/reconciler/made"
"""A name that the commit has while it is made; no ref is left behind."""
_ESCAPED: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


def commit_files(
    git: Git, parent: str | None, files: Mapping[str, bytes], message: str, *more: str
) -> str:
    """A commit with these files, by their paths, beside or in place of those of its parent.

    It follows the commits ``more`` too. Nobody else sees it before it is pushed. GitError where
    git cannot do it.
    """
    told = b"".join(
        (
            f"commit {_REF}\nmark :1\n{_COMMITTER}\n".encode(),
            _data(message.encode()),
            b"".join(f"{word} {commit}\n".encode() for word, commit in _parents(parent, *more)),
            b"".join(
                f"M 100644 inline {_quoted(name)}\n".encode() + _data(content)
                for name, content in files.items()
            ),
            f"get-mark :1\nreset {_REF}\nfrom {_no_commit(git, parent)}\ndone\n".encode(),
        )
    )
    return git.text("fast-import", "--quiet", "--done", "--date-format=now", given=told)


def _parents(*commits: str | None) -> list[tuple[str, str]]:
    found = [commit for commit in commits if commit is not None]
    return [("merge" if place else "from", commit) for place, commit in enumerate(found)]


def _no_commit(git: Git, other: str | None) -> str:
    """As many zeros as this repository's names of commits are long."""
    return "0" * len(other or git.text("hash-object", "--stdin"))


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _quoted(path: str) -> str:
    return f'"{path.translate(_ESCAPED)}"'
