"""The fast way of reading YAML: a C++ parser behind a narrow door.

Only ordinary documents come in; on these the two ways agree. Anything else, and any doubt, goes to
the careful way, which alone writes messages. The parser would print what it cannot read, and never
sees it.
"""

from __future__ import annotations

import json
from typing import Any, cast

import ryml  # type: ignore[import-untyped]

from reconciler.desired.ordinary import is_ordinary
from reconciler.desired.tree import Plain


class _Doubt(ValueError):
    """The careful way must decide."""


def read(content: bytes) -> Plain:
    """The document with every scalar as text, or None to hand it over."""
    try:
        text = content.decode("ascii" if content.isascii() else "utf-8")
        if not is_ordinary(text):
            return None
        emitted = ryml.emit_json(ryml.parse_in_arena(content))
        return cast("Plain", _LOADS(emitted))
    except (ValueError, ryml.ExceptionBasic):
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Doubt
    return found


def _doubtful(found: str) -> str:
    raise _Doubt(found)


_LOADS = json.JSONDecoder(
    object_pairs_hook=_once, parse_int=str, parse_float=str, parse_constant=_doubtful
).decode
