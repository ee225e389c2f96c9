"""Which lines of a file are other ones at a later commit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.git.command import Git

_HUNK: Final = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Diff:
    """From one commit of the repository around a folder to another."""

    folder: Path
    base: str
    head: str

    def files(self) -> frozenset[str]:
        """What is new or another in the folder, named from it. GitError as below."""
        return self._names("--relative", self.base, self.head, "--", ".")

    def everywhere(self) -> frozenset[str]:
        """What is new, gone or another in the whole repository, named from its top."""
        return self._names("--no-relative", self.base, self.head)

    def _names(self, *words: str) -> frozenset[str]:
        asked = ("diff", "--name-only", "-z", "--no-renames", *words)
        # As Python names files that are not in UTF-8.
        found = Git(self.folder).run(*asked).stdout.decode(errors="surrogateescape")
        return frozenset(name for name in found.split("\0") if name)

    def lines(self, name: str) -> tuple[range, ...]:
        """Lines of a file, named from the folder, as ``head`` numbers them.

        Where lines are gone, those around them. GitError where a commit is not there.
        """
        asked = ("diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv")
        names = ("--no-renames", self.base, self.head, "--", f":(literal){name}")
        shown = Git(self.folder).run(*asked, *names).stdout
        return tuple(_range(int(one[1]), one[2]) for one in _HUNK.finditer(shown))


def _range(first: int, count: bytes | None) -> range:
    number = 1 if count is None else int(count)
    return range(first, first + number) if number else range(first, first + 2)
