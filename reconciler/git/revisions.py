"""A folder as it was at another commit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from reconciler.git.command import Git, GitError
from reconciler.git.contents import contents

_PREFIX: Final = ("rev-parse", "--show-prefix")


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

    def parents(self, name: str) -> list[str]:
        """The commits that a commit follows, the one of its own line first."""
        return Git(self.folder).text("rev-parse", f"{self.commit(name)}^@").split()

    def is_before(self, name: str, other: str) -> bool:
        """Is a commit an older one of the line that leads to the other?"""
        first, second = self.commit(name), self.commit(other)
        found = Git(self.folder).run("merge-base", "--is-ancestor", first, second, ends=(0, 1))
        return first != second and found.returncode == 0

    def merge_base(self, name: str, other: str) -> str | None:
        """The newest commit that leads to both; None where none does, or it is not here."""
        first, second = self.commit(name), self.commit(other)
        found = Git(self.folder).run("merge-base", first, second, ends=(0, 1))
        return found.stdout.decode().strip() or None

    def since(self, before: str | None, last: str) -> list[str]:
        """Commits of the main line after ``before``, the oldest first; only ``last`` without it."""
        if before is None:
            return [self.commit(last)]
        line = ("--first-parent", "--reverse", f"{self.commit(before)}..{self.commit(last)}")
        return Git(self.folder).text("rev-list", *line).split()

    def earlier(self, last: str, most: int) -> list[str]:
        """Commits of the main line before ``last`` that touch the folder, the newest first."""
        own = self.commit(last)
        line = ("--first-parent", f"--max-count={most + 1}", own, "--", ".")
        found = Git(self.folder).text("rev-list", *line).split()
        return [one for one in found if one != own][:most]

    def merged(self, before: str, last: str) -> list[tuple[str, str]]:
        """Commits of the main line after ``before`` that touch the folder, with their titles."""
        line = f"{self.commit(before)}..{self.commit(last)}"
        shown = ("log", "--first-parent", "--reverse", "-z", "--format=%H %s", line, "--", ".")
        found = Git(self.folder).run(*shown).stdout.decode(errors="replace")
        return [(one[:40], one[41:]) for one in found.split("\0") if one]

    def messages(self, before: str, last: str) -> list[str]:
        """Of all commits that lead to ``last`` and not to ``before``, the oldest first."""
        span = f"{self.commit(before)}..{self.commit(last)}"
        found = Git(self.folder).run("log", "--reverse", "-z", "--format=%B", span).stdout
        return [one for one in found.decode(errors="replace").split("\0") if one]

    def with_line(self, tree: str, name: str, *starts: str) -> frozenset[str]:
        """Folders, from the repository's top, in which a file of that name has a line that begins
        with each of these. ``tree``: a commit or a tree; ``starts``: regular expressions, as
        `grep -E` takes them.
        """
        files = self.files_with_line(tree, name, *starts)
        return frozenset(str(PurePosixPath(path).parent) for path in files)

    def files_with_line(self, tree: str, name: str, *starts: str) -> frozenset[str]:
        """The files themselves; a ``*`` in the name stands for whatever it is."""
        asked = ("grep", "--files-with-matches", "--full-name", "-z", "--extended-regexp")
        wanted = (part for start in starts for part in ("-e", f"^{start}"))
        where = ("--all-match", *wanted, tree, "--", f":(top,glob)**/{name}")
        found = Git(self.folder).run(*asked, *where, ends=(0, 1)).stdout.decode(errors="replace")
        return frozenset(one.partition(":")[2] for one in found.split("\0") if one)

    def contents(self, commit: str, names: Sequence[str]) -> list[bytes]:
        """Of files, by their names from the repository's top."""
        return contents(Git(self.folder), commit, names)

    @property
    def prefix(self) -> str:
        """The folder's name from the repository's top, with a slash at its end; empty there."""
        return Git(self.folder).text(*_PREFIX)

    @property
    def home(self) -> str:
        """The folder's name from the repository's top, as `with_line` calls it: a dot there."""
        return self.prefix.rstrip("/") or "."

    def merge(self, base: str, head: str) -> str:
        """The tree that merging one commit into the other gives; GitError where they conflict."""
        found = Git(self.folder).run("merge-tree", "--write-tree", base, head, ends=(0, 1))
        if found.returncode:
            raise GitError(
                f"{head[:12]} cannot be merged: it conflicts with {base[:12]}",
                remedy="resolve the conflicts on its branch",
            )
        return found.stdout.decode().strip()

    @contextmanager
    def at(self, commit: str, other: str | None = None) -> Iterator[Path]:
        """The folder's files at a commit, or in a tree, in a place that is gone afterwards, and at
        the same path there as in the repository.

        ``other``: of another folder, by its name from the top. GitError where it does not have the
        folder.
        """
        git = Git(self.folder)
        top = Path(git.text("rev-parse", "--show-toplevel"))
        prefix = git.text(*_PREFIX) if other is None else "" if other == "." else f"{other}/"
        tree = f"{commit}:{prefix.rstrip('/')}"
        with tempfile.TemporaryDirectory() as temporary:
            new, index = Path(temporary) / "top", Path(temporary) / "index"
            files = new / prefix
            files.mkdir(parents=True)
            # It says where the top is, so that files are called there as in the repository.
            (new / ".git").mkdir()
            env = {"GIT_INDEX_FILE": str(index)}
            # As a checkout has them; an archive would leave out what attributes say.
            Git(top).run("read-tree", tree, env=env)
            Git(top).run("checkout-index", "--all", f"--prefix={files}/", env=env)
            yield files
