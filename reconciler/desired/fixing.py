"""Write `units: fixed` into an account's file; comments, order and every other value stay."""

from __future__ import annotations

import io
from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from reconciler.desired import careful, comments
from reconciler.desired.refixing import UNTIL, is_over, reason_after, units_at, without_until
from reconciler.desired.tree import Plain

_INDENTS: Final = ((2, 4, 2), (2, 2, 0), (4, 6, 4), (4, 4, 2), (4, 4, 0), (2, 3, 1))
"""Of mappings, of lists, and of a list's dash, as people write them."""
_WIDTH: Final = 100_000


@dataclass(frozen=True, slots=True)
class Fixed:
    """Units that a line shall have, and why; ``path`` leads to the line in its file. What a person
    said of units that it has already stays behind the reason."""

    path: tuple[str | int, ...]
    units: int
    reason: str


def fix(content: bytes, wanted: Sequence[Fixed], today: date) -> tuple[bytes, tuple[Fixed, ...]]:
    """The file with them, and those that can be written without changing anything else.

    A last day before ``today`` is taken out: it was of other units.

    Not written: lines that their file does not name one by one, that have their units from a day
    on, or that share what they say with others; none where a comment of the file would be lost.
    """
    done: list[Fixed] = []
    for one in wanted:
        written = _written(content, one, today)
        if written is not None:
            content = written
            done.append(one)
    return content, tuple(done)


def _written(content: bytes, one: Fixed, today: date) -> bytes | None:
    before = _plain(content)
    units = units_at(before, one.path)
    one, over = replace(one, reason=reason_after(units, one.reason)), is_over(units, today)
    wanted = None if before is None else _with(before, one, over=over)
    if wanted is None:
        return None
    try:
        written = _dumped(content, one, over=over)
    except (YAMLError, KeyError, IndexError, TypeError):
        return None
    # What the round trip would make of another value, however slightly, is not written, nor where
    # it loses what somebody said: of flow mappings over several lines it does.
    same = _plain(written) == wanted and comments.kept(content, written)
    return written if same else None


def _plain(content: bytes) -> Plain:
    root, problems = careful.read(content, "")
    return None if root is None or problems else root.plain()


def _with(document: Plain, one: Fixed, *, over: bool) -> Plain:
    """A copy with the units; None where the line is not there, or has units of certain days."""
    if not one.path:
        return _line(document, one, over=over)
    step, rest = one.path[0], replace(one, path=one.path[1:])
    if isinstance(document, dict) and isinstance(step, str) and step in document:
        inner = _with(document[step], rest, over=over)
        return None if inner is None else {**document, step: inner}
    if isinstance(document, list) and isinstance(step, int) and step < len(document):
        inner = _with(document[step], rest, over=over)
        return None if inner is None else [*document[:step], inner, *document[step + 1 :]]
    return None


def _line(line: Plain, one: Fixed, *, over: bool) -> Plain:
    if line is None:
        line = {}
    if not isinstance(line, dict) or _dated(line.get("changes")):
        return None
    units = line.get("units")
    kept = dict(units) if isinstance(units, dict) else {}
    if over:
        kept.pop(UNTIL)
    return {**line, "units": {**kept, "fixed": str(one.units), "reason": one.reason}}


def _dated(changes: Plain) -> bool:
    some = changes if isinstance(changes, list) else ()
    return any(isinstance(change, dict) and "units" in change for change in some)


def _dumped(content: bytes, one: Fixed, *, over: bool) -> bytes:
    text = content.decode("utf-8-sig")
    lines = text.splitlines()
    yaml = max((_round_trip(text, indent) for indent in _INDENTS), key=lambda y: _alike(y, lines))
    document = yaml.load(text)
    parent: Any = document
    for step in one.path[:-1]:
        parent = parent[step]
    line = parent[one.path[-1]]
    if line is None:
        line = parent[one.path[-1]] = _flow({})
    if over:
        without_until(line["units"])
    reason = DoubleQuotedScalarString(one.reason)
    if isinstance(line.get("units"), dict):
        line["units"].update({"fixed": one.units, "reason": reason})
    else:
        line["units"] = _flow({"fixed": one.units, "reason": reason})
    written = _text(yaml, document)
    ends = "\r\n" if "\r\n" in text else "\n"
    mark = BOM_UTF8 if content.startswith(BOM_UTF8) else b""
    return mark + written.replace("\n", ends).encode()


def _round_trip(text: str, indent: tuple[int, int, int]) -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    yaml.explicit_start = text.startswith("---")
    mapping, sequence, offset = indent
    yaml.indent(mapping=mapping, sequence=sequence, offset=offset)
    return yaml


def _alike(yaml: YAML, lines: Iterable[str]) -> float:
    """How much of the file stays as it is: by the indents that its author uses."""
    mine, text = list(lines), "\n".join(lines)
    written = _text(yaml, yaml.load(text)).splitlines()
    return SequenceMatcher(None, mine, written, autojunk=False).ratio()


def _text(yaml: YAML, document: object) -> str:
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _flow(values: Mapping[str, object]) -> CommentedMap:
    made = CommentedMap(values)
    made.fa.set_flow_style()
    return made
