"""Files that somebody may take for a part of the configuration, and that nothing reads.

A customer in such a file is billed for nothing, and nobody would be told.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from glob import has_magic
from itertools import takewhile
from pathlib import Path, PurePath
from typing import Final

from reconciler.desired.folders import (
    ACCOUNTS,
    APPROVALS,
    BILLING,
    FOLDERS,
    SERVICES,
    TESTS,
    counts,
    hidden,
)
from reconciler.model.finding import Problem
from reconciler.model.place import Position

_OTHERS: Final = re.compile(
    r"(readme|licen[cs]e|notice|changelog|(code)?owners|makefile|thumbs|desktop)(\..*)?"
    # What people read, and what they may put beside it.
    r"|.*\.(md|markdown|rst|adoc|html?|pdf|docx?|odt|xlsx?|ods|eml|msg|png|jpe?g|gif|svg)"
    # What editors and git leave, and what programs are written in.
    r"|.*(~|\.(bak|orig|rej|sw[op]|tmp|log|lock))"
    r"|.*\.(pyc?|sh|ps1|js|ts|go|rb|sql|tf|toml|ini|cfg)",
    re.IGNORECASE,
)
"""Names of what is for people or for tools."""

_LONGEST_ENDING: Final = 5
_ALIKE: Final = 0.85
"""As `account` and `acounts` are to `accounts`; `accounting` is not."""

_KEYS: Final = {
    ACCOUNTS: ("version", "account"),
    SERVICES: ("version", "product", "services"),
    APPROVALS: ("version", "approvals"),
    TESTS: ("version", "cases"),
}
"""All stand at the top of a file that belongs into the folder."""

_ENOUGH: Final = 1 << 16
"""Bytes in which the keys of a file stand."""


@dataclass(frozen=True, slots=True)
class _Place:
    top: Path
    begin: str
    """What the names of all its files begin with as they are shown."""
    usage: Sequence[str]
    """Patterns of files that are read as usage."""

    def problem(self, path: Path, said: str, remedy: str) -> Problem:
        shown = f"{self.begin}{self.name(path)}"
        return Problem("CFG023", f"nothing reads {said}", remedy, Position(shown, 1, 1))

    def name(self, path: Path) -> str:
        return path.relative_to(self.top).as_posix()

    def declared(self, path: Path) -> bool:
        parts = path.relative_to(self.top).parts
        fixed = (_fixed(pattern) for pattern in self.usage)
        return any(one and parts[: len(one)] == one for one in fixed)


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
        if _stray(path, folder) and not place.declared(path):
            yield place.problem(path, f"this file of {folder}/: {_ENDED}", _named_right(path))


def _stray(path: Path, folder: str) -> bool:
    if counts(path.name) or _OTHERS.fullmatch(path.name):
        return False
    # Tests of other things may lie in tests/; a text anywhere may be notes.
    if folder == TESTS or path.suffix.casefold() == ".txt":
        return _like_yaml(path.name) or _kind_of(path) is not None
    return True


_ENDED: Final = "its name does not end in .yaml or .yml"


def _named_right(path: Path) -> str:
    meant = _meant(path.name)
    if (path.parent / meant).exists():
        return f"remove it, or move it elsewhere: `{meant}` is there too"
    return f"did you mean `{meant}`? What is for people alone may end in .md"


def _beside(place: _Place, kinds: Set[str]) -> Iterator[Problem]:
    for path in _entries(place.top):
        name = path.name
        if path.is_dir():
            yield from _like_a_folder(place, path, kinds)
        elif name != BILLING and _like_yaml(name) and not place.declared(path):
            yield from _like_a_file(place, path, kinds)


def _like_a_folder(place: _Place, folder: Path, kinds: Set[str]) -> Iterator[Problem]:
    """A folder with a billing.yaml is a configuration of its own."""
    meant = get_close_matches(folder.name.casefold(), FOLDERS, 1, _ALIKE)
    if folder.name in FOLDERS or kinds.isdisjoint(meant) or (folder / BILLING).exists():
        return
    inside = (one for one in _files(folder) if _like_yaml(one.name) and not place.declared(one))
    if meant == [TESTS]:
        inside = (one for one in inside if _kind_of(one) == TESTS)
    for path in inside:
        said = f"the folder {folder.name}/, in which this file lies"
        yield place.problem(path, said, f"did you mean `{meant[0]}/`?")
        return


def _like_a_file(place: _Place, path: Path, kinds: Set[str]) -> Iterator[Problem]:
    if _meant(path.name).casefold() in (BILLING, "billing.yml"):
        if ACCOUNTS in kinds:
            said = f"this file beside {BILLING}"
            yield place.problem(path, said, f"keep all of it in {BILLING}, and remove this one")
        return
    kind = _kind_of(path)
    if kind in kinds:
        said = f"this file beside {BILLING}, and it looks like one of {kind}/"
        name = path.name if counts(path.name) else _meant(path.name)
        yield place.problem(path, said, f"did you mean `{kind}/{name}`?")


def _entries(folder: Path) -> Sequence[Path]:
    try:
        return sorted(one for one in folder.iterdir() if not hidden(one.name))
    except OSError:
        # Its files are read by their names all the same.
        return ()


def _files(folder: Path) -> Iterator[Path]:
    """Sorted; what cannot be listed is told where the folder is read."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if not hidden(one) and not counts(one))
        yield from (Path(place, name) for name in sorted(names) if not hidden(name))


def _like_yaml(name: str) -> bool:
    return any(map(_yaml, name.split(".")[1:]))


def _yaml(ending: str) -> bool:
    return bool(get_close_matches(ending.casefold(), ("yaml", "yml"), 1, 0.7))


def _meant(name: str) -> str:
    """As it would be read."""
    parts = name.split(".")
    at = next((n for n, one in enumerate(parts) if n and _yaml(one)), None)
    if at is None and parts[-1].isalnum() and len(parts[-1]) <= _LONGEST_ENDING:
        at = max(len(parts) - 1, 1)
    return f"{'.'.join(parts[:at])}.yaml"


def _kind_of(path: Path) -> str | None:
    """The folder that a file belongs into by the keys at its top."""
    content = b""
    with suppress(OSError):
        if path.is_file():
            with path.open("rb") as opened:
                content = opened.read(_ENOUGH)
    text = content.decode(errors="replace")
    there = set(re.findall(r"^[\"']?(\w+)[\"']?\s*:", text, re.MULTILINE))
    return next((kind for kind, keys in _KEYS.items() if there.issuperset(keys)), None)


def _fixed(pattern: str) -> tuple[str, ...]:
    parts = PurePath(os.path.normpath(pattern)).parts[:-1]
    return tuple(takewhile(lambda part: not has_magic(part), parts))
