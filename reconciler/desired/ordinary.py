"""Is a document of an ordinary form, on which every YAML parser agrees?

Ordinary: a mapping in block style, spaces for indentation, plain keys, and scalars or small flow
collections that end on their line. No anchors, tags, directives, escapes, or words that parsers
read differently. The answer may be no for a good document; it is never yes for a bad one, except
for a key given twice.
"""

from __future__ import annotations

import re
from typing import Final

MOST_CHARACTERS: Final = 131_072
DEEPEST: Final = 16

# ``(?>(?:x)*)`` stands for ``(?:x)*+``: Python 3.11.2, Debian 12's, goes on from where the last
# try of such a repetition failed.
_SPECIAL: Final = r"(?!(?i:nan|inf|infinity|true|false|null)\b)"
_WORD: Final = rf"{_SPECIAL}[A-Za-z_][A-Za-z0-9_.-]{{0,99}}+"
_FIRST: Final = rf"{_SPECIAL}(?![0-9]++\.(?![0-9]))[A-Za-z0-9_$/(\u00c0-\u024f]"
_PLAIN: Final = rf"{_FIRST}[^\n:#]*+(?>(?::(?=[A-Za-z0-9_/])[^\n:#]*+)*)"
_SINGLE: Final = r"'[^\n']*+(?>(?:''[^\n']*+)*)'"
_DOUBLE: Final = r'"[^\n"\\]*+"'
_INNER: Final = rf"(?:{_FIRST}[^\n:#,\[\]{{}}\"']*+|{_SINGLE}|{_DOUBLE})"
_INNER_LIST: Final = rf"\[(?>(?:{_INNER}(?>(?:, ?{_INNER})*))?)\]"
_PAIR: Final = rf"{_WORD}: (?:{_INNER_LIST}|{_INNER})"
_MAPPING: Final = rf"\{{(?>(?:{_PAIR}(?>(?:, ?{_PAIR})*))?)\}}"
_LIST: Final = rf"\[(?>(?:(?:{_MAPPING}|{_INNER})(?>(?:, ?(?:{_MAPPING}|{_INNER}))*))?)\]"
_VALUE: Final = rf"(?:{_PLAIN}|{_MAPPING}|{_LIST}|{_SINGLE}|{_DOUBLE})"
_LINE: Final = re.compile(
    r"(?>(?: *+(?>(?:#[^\n]*+)?)\n)*)"
    rf"(?:( {{0,40}}+)(- )?"
    rf"(?:{_WORD}(:)(?: ++({_VALUE}))?|{_VALUE})"
    r" *+(?>(?:(?<= )#[^\n]*+)?)(?:\n|\Z))?"
)
"""Blank and comment lines, then one line: its indentation, dash, colon of a key, value."""


def is_ordinary(text: str) -> bool:
    """Line by line, with the indentation that each line may have."""
    if len(text) > MOST_CHARACTERS or not text.replace("\n", "").isprintable():
        return False
    match, place, end, shape = _LINE.match, 0, len(text), _Shape()
    while place < end:
        line = match(text, place)
        if line is None or line.end() == place:
            return False
        place = line.end()
        indent, dash, colon, value = line.groups()
        if indent is None:
            continue
        if not shape.take(len(indent), dash is not None, colon is not None, value is not None):
            return False
    return shape.started


class _Shape:
    """The collections that are open at a line: each one's column, and whether it is a list."""

    __slots__ = ("_open", "_waiting", "started")

    def __init__(self) -> None:
        self._open: list[tuple[int, bool]] = [(-1, False)]
        self._waiting = True
        self.started = False

    def take(self, column: int, dash: bool, key: bool, value: bool) -> bool:  # noqa: FBT001
        """Does a line of this form continue what is open?"""
        self.started = True
        if not (dash or key) or not self._fits(column, dash):
            return False
        if dash and key:
            self._open.append((column + 2, False))
        self._waiting = key and not value
        return len(self._open) <= DEEPEST

    def _fits(self, column: int, dash: bool) -> bool:  # noqa: FBT001
        opened = self._open
        last, is_list = opened[-1]
        if self._waiting and (column > last or (column == last and dash and not is_list)):
            opened.append((column, dash))
            return last >= 0 or (column == 0 and not dash)
        while opened[-1][0] > column or (opened[-1] == (column, True) and not dash):
            opened.pop()
        return opened[-1] == (column, dash)
