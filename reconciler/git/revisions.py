"""A folder as it was at another commit."""

from __future__ import annotations

import io
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reconciler.git.command import Git, GitError


@dataclass(frozen=True, slots=True)
class Revisions:
    """The commits of the repository around a folder."""

    folder: Path

    def commit(self, name: str) -> str:
        """The full id of a commit by any of its names. GitError where there is none."""
        found = Git(self.folder).run(
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            f"{name}^{{commit}}",
            ends=(0, 1),
        )
        if found.returncode != 0:
            raise GitError(
                f"{name!r} is no commit here",
                where=str(self.folder),
                remedy="name a branch, a tag or a commit; a checkout of a single commit has no"
                " others (`fetch-depth: 0` in a workflow)",
            )
        return found.stdout.decode().strip()

    @contextmanager
    def at(self, commit: str) -> Iterator[Path]:
        """The folder's files at a commit, in a place that is gone afterwards.

        GitError where the commit does not have the folder.
        """
        git = Git(self.folder)
        prefix = git.text("rev-parse", "--show-prefix")
        content = git.run("archive", "--format=tar", f"{commit}:{prefix}").stdout
        with tempfile.TemporaryDirectory() as temporary:
            with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                archive.extractall(temporary, filter="data")
            yield Path(temporary)
