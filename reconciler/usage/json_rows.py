"""Rows of a JSON list, or of JSON lines. Numbers stay text: no float comes near a quantity."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from reconciler.usage.rows import COLUMNS, REQUIRED

if TYPE_CHECKING:
    from typing import TextIO

    from reconciler.usage.rows import RowReader


class _Number(str):
    """A JSON number as it was written."""

    __slots__ = ()


class _Repeated(ValueError):
    pass


def read_json(stream: TextIO, rows: RowReader, file: str) -> None:
    """Adds every object of a list."""
    content = stream.read()
    try:
        items = _loads(content)
    except (ValueError, RecursionError) as error:
        _refuse_syntax(rows, file, error, 0)
        return
    if not isinstance(items, list):
        rows.refuse(file, 0, "", "is not a list of objects", "write [{...}, {...}]")
        return
    for number, item in enumerate(items, start=1):
        _add(item, rows, file, number)
        if rows.full:
            return


def read_json_lines(stream: TextIO, rows: RowReader, file: str) -> None:
    """Adds one object per line; empty lines are skipped."""
    for number, line in enumerate(stream, start=1):
        if line.strip():
            try:
                item = _loads(line)
            except (ValueError, RecursionError) as error:
                _refuse_syntax(rows, file, error, number)
            else:
                _add(item, rows, file, number)
        if rows.full:
            return


def _loads(content: str) -> Any:
    return json.loads(
        content,
        parse_float=_Number,
        parse_int=_Number,
        parse_constant=_Number,
        object_pairs_hook=_object,
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Repeated(f"{twice!r} stands twice in one object")
    return found


def _refuse_syntax(rows: RowReader, file: str, error: Exception, number: int) -> None:
    line = number or getattr(error, "lineno", 0)
    reason = getattr(error, "msg", None) or str(error)
    rows.refuse(file, line, "", f"is not JSON: {reason}", "check the brackets, quotes and commas")


def _add(item: Any, rows: RowReader, file: str, number: int) -> None:
    if not isinstance(item, dict):
        rows.refuse(file, number, "", "is not an object", 'write {"product": "...", ...}')
        return
    before = len(rows.problems)
    for name in item:
        if name not in COLUMNS:
            near = get_close_matches(name.lower(), COLUMNS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(COLUMNS)}"
            rows.refuse(file, number, name, "is not a column of usage", hint)
    for name in REQUIRED:
        if item.get(name) is None:
            rows.refuse(file, number, name, "is missing", "add it")
    fields = {name: _text(item.get(name), name, rows, file, number) for name in _TEXTS}
    names = _names(item.get("names"), rows, file, number)
    if len(rows.problems) == before:
        rows.add(file, number, fields, names)


_TEXTS: Final = tuple(name for name in COLUMNS if name != "names")
_MAY_BE_NUMBERS: Final = ("quantity", "organization_id")


def _text(value: Any, column: str, rows: RowReader, file: str, number: int) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) and column == "quantity":
        return "true" if value else "false"
    if isinstance(value, str) and (not isinstance(value, _Number) or column in _MAY_BE_NUMBERS):
        return str(value).strip()
    rows.refuse(file, number, column, "is not a text", "put it in quotes")
    return ""


def _names(value: Any, rows: RowReader, file: str, number: int) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str) and not isinstance(value, _Number):
        value = value.split(";")
    if not isinstance(value, list) or not all(
        isinstance(name, str) and not isinstance(name, _Number) for name in value
    ):
        rows.refuse(file, number, "names", "is not a list of texts", 'write ["A", "B"]')
        return ()
    return tuple(name for name in map(str.strip, value) if name)
