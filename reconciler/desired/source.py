"""One file: read fast where that is certain to be right, with care otherwise.

The careful way and its messages are imported when they are needed: that alone takes as long as
reading hundreds of good files.
"""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Generic, TypeVar, cast

from pydantic import BaseModel, ValidationError

from reconciler.desired import fast
from reconciler.desired.documents.base import VERSION
from reconciler.desired.tree import Node
from reconciler.model.finding import Problem
from reconciler.model.place import Position

M = TypeVar("M", bound=BaseModel)

_KEPT: Final = 64
"""Files of which one run remembers what they say: it reads a configuration before and after."""


@dataclass(frozen=True, slots=True)
class Source(Generic[M]):
    """A file's name as shown, its bytes, and its model where it has no mistake."""

    file: str
    content: bytes
    doc: M | None
    problems: Sequence[Problem] = ()
    but_for_version: M | None = None
    """What it says where its version alone is wrong: a slip, since all else is as we know it."""

    @property
    def readable(self) -> M | None:
        """What can be checked; ``doc`` alone may be used."""
        return self.doc if self.doc is not None else self.but_for_version


def read_source(path: Path, file: str, model: type[M]) -> Source[M]:
    """Read one file; a file that cannot be read is a problem, never an empty document."""
    try:
        # Opening a pipe waits for somebody who writes into it.
        kind = _other_kind(path.stat().st_mode)
        content = b"" if kind else path.read_bytes()
    except OSError as error:
        said = error.strerror or str(error)
        return _unread(file, f"cannot be read: {said}", "check the path and its permissions")
    if kind:
        return _unread(file, f"is {kind}, not a file", "put a file there, or name it otherwise")
    return parse(content, file, model)


def _other_kind(mode: int) -> str | None:
    """What is no file, where opening it may wait or never end; a folder says so when opened."""
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    if stat.S_ISFIFO(mode):
        return "a named pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"


def _unread(file: str, said: str, remedy: str) -> Source[M]:
    problem = Problem("CFG012", f"{file} {said}", remedy, Position(file, 1, 1))
    return Source(file, b"", None, (problem,))


def parse(content: bytes, file: str, model: type[M]) -> Source[M]:
    """The fast way, and the careful way where the fast one hands over or finds a mistake.

    The same bytes are the same document: those read last are not read again.
    """
    return cast("Source[M]", _parsed(content, file, model))


@lru_cache(maxsize=_KEPT)
def _parsed(content: bytes, file: str, model: type[BaseModel]) -> Source[Any]:
    plain = fast.read(content)
    if plain is not None:
        try:
            return Source(file, content, model.model_validate(plain))
        except ValidationError:
            pass
    return parse_carefully(content, file, model)


def parse_carefully(content: bytes, file: str, model: type[M]) -> Source[M]:
    """With the place of every mistake."""
    from reconciler.desired import careful
    from reconciler.desired.mistakes import problems_of

    root, problems = careful.read(content, file)
    if root is None:
        return Source(file, content, None, problems)
    try:
        doc = model.model_validate(root.plain())
    except ValidationError as error:
        meant = None if problems else _but_for_version(root, model)
        told = [*problems, *problems_of(error, model, root, file)]
        return Source(file, content, None, told, meant)
    return Source(file, content, None if problems else doc, problems)


def _but_for_version(root: Node, model: type[M]) -> M | None:
    plain = root.plain()
    if not isinstance(plain, dict):
        return None
    try:
        return model.model_validate({**plain, "version": VERSION})
    except ValidationError:
        return None
