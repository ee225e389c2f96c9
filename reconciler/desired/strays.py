"""Files that somebody may take for a part of the configuration, and that nothing reads.

A customer in such a file is billed for nothing, and nobody would be told. As it stops everything,
it is told only where the name is a slip or the content is ours, and nothing says that it is meant.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from difflib import get_close_matches
from glob import has_magic
from itertools import takewhile
from pathlib import Path, PurePath
from typing import Final

from reconciler.desired.folders import ACCOUNTS, BILLING, FOLDERS, TESTS, counts, hidden
from reconciler.desired.looks import kind_in, made_for, meant, misspelt, set_aside
from reconciler.model.finding import Problem
from reconciler.model.place import Position

_ALIKE: Final = 0.85
"""As `account` and `acounts` are to `accounts`; `accounting` is not."""

_ENDED: Final = "its name does not end in .yaml or .yml"
_LINKED: Final = "it is a link, and a link to a folder is not followed"
_MOVED: Final = "put a folder with the files themselves in its place; a link to a file is read"
_ELSE: Final = "What is set aside may end in .disabled, what is for people alone in .md"


@dataclass(frozen=True, slots=True)
class _Place:
    top: Path
    begin: str
    """What the names of all its files begin with as they are shown."""
    usage: Sequence[str]
    """Patterns of files that are read as usage."""

    def problem(self, path: Path, said: str, remedy: str) -> Problem:
        shown = f"{self.begin}{self._own(path).as_posix()}"
        return Problem("CFG023", f"nothing reads {said}", remedy, Position(shown, 1, 1))

    def meant_so(self, path: Path) -> bool:
        """Is it set aside, or read as usage?"""
        own = self._own(path)
        fixed = (_fixed(pattern) for pattern in self.usage)
        return set_aside(own) or any(one and own.parts[: len(one)] == one for one in fixed)

    def _own(self, path: Path) -> PurePath:
        return path.relative_to(self.top)


def strays(top: Path, begin: str, usage: Sequence[str], kinds: Set[str]) -> Iterator[Problem]:
    """Those that would belong into these folders, or beside them."""
    place = _Place(top, begin, usage)
    for folder in FOLDERS:
        if folder in kinds:
            yield from _in_folder(place, folder)
    if (top / BILLING).exists():
        yield from _beside(place, kinds)


def _in_folder(place: _Place, folder: str) -> Iterator[Problem]:
    for path in _files(place.top / folder):
        if place.meant_so(path):
            continue
        if path.is_dir():
            yield place.problem(path, f"what lies in this folder: {_LINKED}", _MOVED)
        elif _stray(path, folder):
            yield place.problem(path, f"this file of {folder}/: {_ENDED}", _named_right(path))


def _stray(path: Path, folder: str) -> bool:
    if counts(path.name):
        return False
    # Tests of other things may lie in tests/.
    if folder == TESTS:
        return kind_in(path) == TESTS
    return misspelt(path.name) or kind_in(path) is not None or made_for(path, folder)


def _named_right(path: Path) -> str:
    right = meant(path.name)
    if (path.parent / right).exists():
        return f"remove it, or move it elsewhere: `{right}` is there too"
    return f"did you mean `{right}`? {_ELSE}"


def _beside(place: _Place, kinds: Set[str]) -> Iterator[Problem]:
    for path in _entries(place.top):
        if place.meant_so(path):
            continue
        if path.is_dir():
            yield from _like_a_folder(place, path, kinds)
        elif path.name != BILLING:
            yield from _like_a_file(place, path, kinds)


def _like_a_folder(place: _Place, folder: Path, kinds: Set[str]) -> Iterator[Problem]:
    """Where a file in it is of that kind; many things are called `service`."""
    (like,) = get_close_matches(folder.name.casefold(), FOLDERS, 1, _ALIKE) or ("",)
    if folder.name in FOLDERS or like not in kinds or folder.is_symlink():
        return
    # Other programs know accounts too.
    ours = (one for one in _files(folder) if made_for(one, like, "contracts", "organizations"))
    for path in (one for one in ours if not place.meant_so(one)):
        said = f"the folder {folder.name}/, in which this file lies"
        yield place.problem(path, said, f"did you mean `{like}/`? {_ELSE}")
        return


def _like_a_file(place: _Place, path: Path, kinds: Set[str]) -> Iterator[Problem]:
    name = path.name
    ours = counts(name) or misspelt(name)
    if ours and meant(name).casefold() in (BILLING, "billing.yml"):
        if ACCOUNTS in kinds:
            said = f"this file beside {BILLING}"
            yield place.problem(path, said, f"keep all of it in {BILLING}, and remove this one")
        return
    kind = kind_in(path)
    if kind in kinds:
        said = f"this file beside {BILLING}, and it looks like one of {kind}/"
        yield place.problem(path, said, f"did you mean `{kind}/{meant(name)}`? {_ELSE}")


def _entries(folder: Path) -> Sequence[Path]:
    try:
        return sorted(one for one in folder.iterdir() if not hidden(one.name))
    except OSError:
        # Its files are read by their names all the same.
        return ()


def _files(folder: Path) -> Iterator[Path]:
    """Sorted, with links to folders; what cannot be listed is told where the folder is read. A
    folder with a billing.yaml is a configuration of its own."""
    for place, folders, names in os.walk(folder):
        if BILLING in names:
            folders.clear()
            continue
        folders[:] = sorted(one for one in folders if not hidden(one) and not counts(one))
        links = (one for one in folders if Path(place, one).is_symlink())
        yield from (Path(place, name) for name in sorted([*names, *links]) if not hidden(name))


def _fixed(pattern: str) -> tuple[str, ...]:
    parts = PurePath(os.path.normpath(pattern)).parts[:-1]
    return tuple(takewhile(lambda part: not has_magic(part), parts))
