"""GitHub's expressions, as far as the workflows use them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_TOKEN: Final = re.compile(r"\s*('(?:[^']|'')*'|==|!=|&&|\|\||[()!]|[A-Za-z_][\w.-]*)")
_WHOLE: Final = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_FUNCTIONS: Final = ("success", "always", "cancelled")

Contexts = Mapping[str, Any]


def fill(text: object, contexts: Contexts) -> str:
    """A value of a workflow as the runner sees it."""
    return _WHOLE.sub(lambda match: _text(evaluate(match[1], contexts)), _text(text))


def holds(condition: object, contexts: Contexts) -> bool:
    """An `if:`, with or without its braces."""
    text = _text(condition).strip()
    match = _WHOLE.fullmatch(text)
    return bool(evaluate(match[1] if match else text, contexts))


def evaluate(text: str, contexts: Contexts) -> Any:
    """The value of one expression."""
    parser = _Parser(_TOKEN.findall(text), contexts)
    value = parser.either()
    assert not parser.left, f"{text!r}: {parser.left} is not understood here"
    return value


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


@dataclass
class _Parser:
    left: list[str]
    contexts: Contexts

    def either(self) -> Any:
        value = self.both()
        while self._takes("||"):
            other = self.both()
            value = value or other
        return value

    def both(self) -> Any:
        value = self.compared()
        while self._takes("&&"):
            other = self.compared()
            value = value and other
        return value

    def compared(self) -> Any:
        value = self.single()
        if self._takes("=="):
            return _text(value) == _text(self.single())
        if self._takes("!="):
            return _text(value) != _text(self.single())
        return value

    def single(self) -> Any:
        if self._takes("!"):
            return not self.single()
        if self._takes("("):
            value = self.either()
            assert self._takes(")")
            return value
        word = self.left.pop(0)
        if word.startswith("'"):
            return word[1:-1].replace("''", "'")
        if word in _FUNCTIONS:
            assert self._takes("("), word
            assert self._takes(")"), word
            return self.contexts["status"][word]
        return self._looked_up(word)

    def _looked_up(self, path: str) -> Any:
        context, *names = path.split(".")
        value = self.contexts[context]  # a context that does not exist is a mistake
        for name in names:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    def _takes(self, token: str) -> bool:
        if self.left[:1] != [token]:
            return False
        self.left.pop(0)
        return True
