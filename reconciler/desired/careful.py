"""The careful way of reading YAML: slower, with the place of every key and value.

Scalars stay text, so that ``4.10``, ``010`` and ``NO`` mean what was written. Anchors are written
out within bounds; tags and merge keys are refused, because YAML tools disagree about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from reconciler.desired.tree import Node, Place
from reconciler.model.finding import Problem
from reconciler.model.place import Position

MOST_BYTES: Final = 1_048_576
MOST_VALUES: Final = 100_000
DEEPEST: Final = 24
_STRAY: Final = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BRACKETS: Final = {
    "while parsing a flow mapping": ("{", "}"),
    "while parsing a flow sequence": ("[", "]"),
}
"""What the parser says it was reading, and how that begins and ends."""
NOTHING: Final = frozenset({"", "~", "null", "Null", "NULL"})
"""Plain scalars that mean nothing; in quotes they are text."""


class _Stop(Exception):
    """Reading on makes no sense."""


def read(content: bytes, file: str) -> tuple[Node | None, list[Problem]]:
    """The document and its mistakes; no document when nothing useful could be read."""
    composer = _Composer(file)
    if len(content) > MOST_BYTES:
        composer.problem("CFG016", f"the file has more than {MOST_BYTES} bytes", "split it", (1, 1))
        return None, composer.problems
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        composer.problem("CFG001", "the file is not UTF-8", "save it as UTF-8", _at(content, error))
        return None, composer.problems
    stray = _STRAY.search(text)
    if stray is not None:
        message = f"character U+{ord(stray[0]):04X} cannot stand in YAML"
        composer.problem("CFG001", message, "remove it", _place(text, stray.start()))
        return None, composer.problems
    try:
        composer.run(YAML(typ="safe").parse(text))
    except _Stop:
        return None, composer.problems
    except YAMLError as error:
        composer.syntax(error)
        return None, composer.problems
    return composer.root or Node({}, (1, 1)), composer.problems


def _at(content: bytes, error: UnicodeDecodeError) -> Place:
    before = content[: error.start].decode("utf-8-sig")
    return _place(before, len(before))


def _place(text: str, offset: int) -> Place:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


class _Composer:
    """Builds nodes from the parser's events, without recursion."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self._open: list[Node] = []
        self._key: list[tuple[str, Place] | None] = []
        self._names: list[str | None] = []
        self._anchors: dict[str, Node | None] = {}
        self._documents = 0

    def problem(self, code: str, message: str, remedy: str, place: Place) -> None:
        self.problems.append(Problem(code, message, remedy, Position(self.file, *place)))

    def syntax(self, error: YAMLError) -> None:
        """A problem for what the parser could not read."""
        if self._unclosed(error):
            return
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        place = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        said = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        remedy = "use spaces, not tabs, and line the keys up; quote text with `: ` or ` #` in it"
        self.problem("CFG001", f"not YAML: {said}", remedy, place)

    def _unclosed(self, error: YAMLError) -> bool:
        """Where a bracket was opened and not closed, that is the place, and not where it showed."""
        opened, shown = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
        brackets = _BRACKETS.get(getattr(error, "context", None) or "")
        if brackets is None or opened is None or shown is None:
            return False
        first, last = brackets
        self.problem(
            "CFG001",
            f"not YAML: no closing `{last}` for this `{first}`, or no comma between two entries;"
            f" read up to line {shown.line + 1}, column {shown.column + 1}",
            f"close it with `{last}`, and put a comma between its entries",
            (opened.line + 1, opened.column + 1),
        )
        return True

    def run(self, events: Iterator[Any]) -> None:
        for event in events:
            place = (event.start_mark.line + 1, event.start_mark.column + 1)
            if isinstance(event, ScalarEvent):
                self._scalar(event, place)
            elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
                self._start(event, place)
            elif isinstance(event, CollectionEndEvent):
                self._end()
            elif isinstance(event, AliasEvent):
                self._alias(event, place)
            elif isinstance(event, DocumentStartEvent):
                self._document(place)

    def _document(self, place: Place) -> None:
        self._documents += 1
        if self._documents > 1:
            self.problem("CFG001", "a second document starts here", "use one file for each", place)
            raise _Stop

    def _scalar(self, event: Any, place: Place) -> None:
        self._refuse_tag(event, place)
        plain = not event.style
        if self._wants_key():
            self._take_key(event.value, place, plain=plain)
            return
        value = None if plain and event.value in NOTHING else event.value
        key = self._key[-1] if self._key and not event.value and plain else None
        node = Node(value, key[1] if key else place)
        self._remember(event.anchor, node)
        self._add(node)

    def _start(self, event: Any, place: Place) -> None:
        self._refuse_tag(event, place)
        if self._wants_key():
            self.problem("CFG003", "a key is a list or mapping", "write text as the key", place)
            raise _Stop
        if len(self._open) >= DEEPEST:
            self._too_large(f"more than {DEEPEST} levels deep", place)
        node = Node({} if isinstance(event, MappingStartEvent) else [], place)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._open.append(node)
        self._key.append(None)
        self._names.append(event.anchor)

    def _end(self) -> None:
        node = self._open.pop()
        self._key.pop()
        self._remember(self._names.pop(), node)
        self._add(node)

    def _alias(self, event: Any, place: Place) -> None:
        node = self._anchors.get(event.anchor)
        if node is None:
            self.problem("CFG001", f"no anchor `{event.anchor}` before", "write it out", place)
            raise _Stop
        if self._wants_key():
            if not isinstance(node.value, str):
                self.problem("CFG003", "a key is not text", "write text as the key", place)
                raise _Stop
            self._take_key(node.value, place, plain=False)
            return
        self._add(node)

    def _remember(self, anchor: str | None, node: Node) -> None:
        if anchor:
            self._anchors[anchor] = node

    def _refuse_tag(self, event: Any, place: Place) -> None:
        tag = event.tag
        if tag is not None and not (isinstance(event, ScalarEvent) and tag == "!"):
            self.problem("CFG003", "YAML tags are not used here", f"remove `{tag}`", place)

    def _wants_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].value, dict) and self._key[-1] is None

    def _take_key(self, key: str, place: Place, *, plain: bool) -> None:
        if plain and key == "<<":
            self.problem("CFG002", "merge keys are not used here", "write the keys out", place)
        self._key[-1] = (key, place)

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        parent.size += node.size
        parent.depth = max(parent.depth, node.depth + 1)
        if sum(one.size for one in self._open) > MOST_VALUES:
            self._too_large(f"more than {MOST_VALUES} values, aliases written out", node.place)
        if len(self._open) + node.depth > DEEPEST + 1:
            self._too_large(f"more than {DEEPEST} levels deep", node.place)
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif isinstance(parent.value, dict):
            self._add_pair(parent, parent.value, node)

    def _add_pair(self, parent: Node, values: dict[str, Node], node: Node) -> None:
        key, place = self._key[-1] or ("", node.place)
        self._key[-1] = None
        if key in values:
            first = parent.keys[key]
            self.problem(
                "CFG017",
                f"`{key}` stands here twice, first on line {first[0]}",
                "keep one of the two",
                place,
            )
            return
        values[key] = node
        parent.keys[key] = place

    def _too_large(self, what: str, place: Place) -> None:
        self.problem("CFG016", what, "write it out flat, without nested aliases", place)
        raise _Stop
