"""One branch of a git repository, read and grown by git itself, without a work tree."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reconciler.git import Branch, Git, GitError
from reconciler.git.command import failed
from reconciler.git.contents import contents
from reconciler.git.trees import commit_files
from reconciler.model.errors import LedgerError

_OURS: Final = "refs/reconciler/ledger"
"""Where what was fetched is kept: no branch of the user's."""

_RACES: Final = (
    "(non-fast-forward)",
    "(fetch first)",
    "(stale info)",
    "cannot lock ref",
    "reference already exists",
)
"""What git says of a push that came second."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The branch ``branch`` of ``remote``, as the repository around ``folder`` knows it."""

    folder: Path
    branch: str
    remote: str = "origin"

    @property
    def where(self) -> str:
        """For messages."""
        return f"branch {self.branch} of {self.remote}"

    def tip(self) -> str | None:
        """The remote branch's newest commit, fetched; None where there is no such branch yet."""
        try:
            return Branch(self.folder, self.branch, self.remote, _OURS).tip(shallow=True)
        except GitError as error:
            raise self._broken(error) from error

    def files(self, commit: str) -> tuple[str, ...]:
        """Names of the files of a commit, sorted."""
        found = self._run("ls-tree", "--full-tree", "-r", "-z", "--name-only", commit).stdout
        return tuple(sorted(name.decode() for name in found.split(b"\0") if name))

    def contents(self, commit: str, names: Sequence[str]) -> list[bytes]:
        """What is in these files of a commit."""
        try:
            return contents(Git(self.folder), commit, names)
        except GitError as error:
            raise self._broken(error) from error

    def commit(self, parent: str | None, files: Mapping[str, bytes], message: str) -> str:
        """A commit with these files beside those of its parent; nobody else sees it yet.

        Raises LedgerError for a file that the parent has: nothing is ever written over.
        """
        there = set() if parent is None else files.keys() & set(self.files(parent))
        if there:
            raise LedgerError(
                f"the branch has {', '.join(sorted(there))} already",
                where=self.where,
                remedy="run `reconciler ledger pull`, then again",
            )
        try:
            return commit_files(Git(self.folder), parent, files, message)
        except GitError as error:
            raise self._broken(error) from error

    def push(self, commit: str) -> bool:
        """Let the remote branch go on to a commit; False where somebody else was first.

        Never by force. Raises LedgerError where the remote refuses it for another reason.
        """
        pushed = self._run(
            "push", "--porcelain", self.remote, f"{commit}:refs/heads/{self.branch}", ends=(0, 1)
        )
        if pushed.returncode == 0:
            return True
        told = (pushed.stdout + pushed.stderr).decode(errors="replace")
        if any(race in told for race in _RACES):
            return False
        raise self._broken(failed("push", told))

    def _run(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
        try:
            return Git(self.folder).run(*arguments, **options)
        except GitError as error:
            raise self._broken(error) from error

    def _broken(self, error: GitError) -> LedgerError:
        return LedgerError(
            error.message,
            where=self.where,
            remedy="check `ledger:` in billing.yaml, and that this machine may read and push it",
        )
