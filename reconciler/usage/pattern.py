"""Which files a source's pattern names."""

from __future__ import annotations

import glob
import os
from fnmatch import fnmatch
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_ANY_FOLDERS: Final = "**"


def found(pattern: str, directory: Path) -> list[str]:
    """What is there: relative to ``directory``, unless the pattern is absolute."""
    # Unlike Path.glob it takes absolute patterns, and leaves hidden files alone.
    names = glob.glob(pattern, root_dir=directory, recursive=True)  # noqa: PTH207
    return sorted(name for name in names if not name.endswith("/"))


def overlooked(patterns: Sequence[str], directory: Path) -> list[str]:
    """What none of them names, and one would if capital letters in a file's name were small ones:
    ``new.CSV`` beside ``*.csv``."""
    read = {name for one in patterns for name in found(one, directory)}
    alike = {name for one in patterns for name in found(_in_any_case(one), directory)}
    return sorted(alike - read)


def _in_any_case(pattern: str) -> str:
    folder, slash, name = pattern.rpartition("/")
    if "[" in name:
        return pattern
    letters = (f"[{c.lower()}{c.upper()}]" if c.isalpha() else c for c in name)
    return f"{folder}{slash}{''.join(letters)}"


def fits(name: str, pattern: str) -> bool:
    """Would ``found`` name this file, if it were there? Both count from the same folder, and lead
    straight down from it. A file that is gone can only be asked for so."""
    return _fit(PurePath(name).parts, PurePath(os.path.normpath(pattern)).parts)


def _fit(names: Sequence[str], patterns: Sequence[str]) -> bool:
    if not names or not patterns:
        return not names and not patterns
    first, *rest = patterns
    if first != _ANY_FOLDERS:
        return _one(names[0], first) and _fit(names[1:], rest)
    if not rest:
        return not any(_hidden(name) for name in names)
    return _fit(names, rest) or (not _hidden(names[0]) and _fit(names[1:], patterns))


def _one(name: str, pattern: str) -> bool:
    if not glob.has_magic(pattern):
        return name == pattern
    return fnmatch(name, pattern) and (_hidden(pattern) or not _hidden(name))


def _hidden(name: str) -> bool:
    return name.startswith(".")
