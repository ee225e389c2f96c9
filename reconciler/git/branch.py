"""A branch of the remote that is ours alone, and only grows: the main line with other files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.git.command import Git, failed
from reconciler.git.trees import EMAIL, commit_files


@dataclass(frozen=True, slots=True)
class Branch:
    """The branch ``name`` of ``remote``; files are named as they lie in ``folder``."""

    folder: Path
    name: str
    remote: str = "origin"
    kept: str = "refs/reconciler/branch"
    """Where what was fetched is kept: no branch of the user's."""

    @property
    def _ref(self) -> str:
        return f"refs/heads/{self.name}"

    @property
    def _git(self) -> Git:
        return Git(self.folder)

    def tip(self, *, shallow: bool = False) -> str | None:
        """Its newest commit, fetched; None where there is no such branch.

        ``shallow``: without those before it, where the repository's other branches lack theirs.
        """
        found = self._git.text("ls-remote", self.remote, self._ref)
        # A pattern also fits the ends of longer names.
        there = dict(line.split("\t")[::-1] for line in found.splitlines())
        commit = there.get(self._ref)
        if commit is None or self._has(commit):
            return commit
        depth = ("--depth=1",) if shallow and self._is_shallow() else ()
        self._git.run("fetch", "--no-tags", *depth, self.remote, f"+{self._ref}:{self.kept}")
        # By now it may have gone on.
        return self._git.text("rev-parse", self.kept)

    def strangers(self, tip: str, base: str) -> list[str]:
        """Commits on it since ``base`` that somebody else made; merging the main line is none."""
        shown = self._git.text("log", "--no-merges", "--format=%H %ce", f"{base}..{tip}")
        lines = (line.partition(" ") for line in shown.splitlines())
        return [commit for commit, _, email in lines if email != EMAIL]

    def has(self, commit: str, files: Mapping[str, bytes]) -> bool:
        """Are the files of a commit just these, where it has them at all?"""
        prefix = self._prefix()
        return all(
            self._content(f"{commit}:{prefix}{name}") == content for name, content in files.items()
        )

    def commit(
        self, base: str, files: Mapping[str, bytes], message: str, tip: str | None = None
    ) -> str:
        """A commit with ``base``'s files and these in place of its own, after ``tip`` too."""
        prefix = self._prefix()
        named = {f"{prefix}{name}": content for name, content in files.items()}
        return commit_files(self._git, base, named, message, *([tip] if tip else []))

    def push(self, commit: str) -> None:
        """Let it go on to a commit; GitError where it moved meanwhile, or may not be pushed."""
        self._push(f"{commit}:{self._ref}")

    def drop(self, tip: str) -> None:
        """Delete it, unless it moved."""
        self._push(f"--force-with-lease={self._ref}:{tip}", f":{self._ref}")

    def _push(self, *what: str) -> None:
        options, refs = what[:-1], what[-1]
        pushed = self._git.run("push", "--porcelain", *options, self.remote, refs, ends=None)
        if pushed.returncode:
            raise failed("push", (pushed.stdout + pushed.stderr).decode(errors="replace"))

    def _has(self, commit: str) -> bool:
        return self._git.run("cat-file", "-e", f"{commit}^{{commit}}", ends=None).returncode == 0

    def _is_shallow(self) -> bool:
        return self._git.text("rev-parse", "--is-shallow-repository") == "true"

    def _prefix(self) -> str:
        return self._git.text("rev-parse", "--show-prefix")

    def _content(self, name: str) -> bytes | None:
        found = self._git.run("cat-file", "blob", name, ends=None)
        return None if found.returncode else found.stdout
