"""What one push adds: a file of JSON lines that names the file before it by its digest."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from reconciler.model.errors import LedgerError, LedgerMismatch

if TYPE_CHECKING:
    from datetime import datetime

Row: TypeAlias = "tuple[str, Mapping[str, Any]]"
"""A table's name, and a row of it by columns."""

_NAME: Final = re.compile(r"\d{4}-\d{2}/(\d{6,})\.jsonl")


@dataclass(frozen=True, slots=True)
class Segment:
    """One file of the branch."""

    number: int
    """From 1, without gaps."""
    previous: str
    """Digest of the file before it; empty for the first."""
    format: int
    """The ledger's format that its rows are of."""
    copy: str
    """Which copy of the ledger wrote it."""
    rows: tuple[Row, ...]

    def dumps(self) -> bytes:
        """The file."""
        head = {
            "segment": self.number,
            "previous": self.previous,
            "format": self.format,
            "copy": self.copy,
        }
        return "".join(f"{_json(line)}\n" for line in (head, *_lines(self.rows))).encode()

    @classmethod
    def loads(cls, content: bytes) -> Self:
        """ValueError, KeyError or TypeError where it is none."""
        # Not splitlines(): a name may hold a character that it takes for a line's end.
        head, *lines = map(json.loads, content.decode().rstrip("\n").split("\n"))
        rows = tuple((table, row) for line in lines for table, row in line.items())
        return cls(head["segment"], head["previous"], head["format"], head["copy"], rows)


def _lines(rows: Sequence[Row]) -> Iterator[dict[str, Mapping[str, Any]]]:
    return ({table: row} for table, row in rows)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def digest(content: bytes) -> str:
    """What the next segment names this one by."""
    return hashlib.sha256(content).hexdigest()


def file_name(number: int, at: datetime) -> str:
    """Where a segment stands on the branch: a folder per month."""
    return f"{at:%Y-%m}/{number:06}.jsonl"


def numbered(names: Sequence[str], where: str) -> list[tuple[int, str]]:
    """The segments among a branch's files, in order. LedgerError where one is missing or twice."""
    found = sorted((int(match[1]), name) for name in names if (match := _NAME.fullmatch(name)))
    for expected, (number, name) in enumerate(found, start=1):
        if number != expected:
            wrong = f"{name} is there twice" if number < expected else f"segment {expected} is gone"
            raise damaged(wrong, where)
    return found


def checked(
    name: str, number: int, content: bytes, previous: str, newest_format: int, where: str
) -> Segment:
    """A segment that fits the one before it, of whose digest is ``previous``.

    Raises LedgerError where it, or the one before, is not what was written, and LedgerMismatch
    where a newer program wrote it.
    """
    try:
        segment = Segment.loads(content)
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(f"{name} cannot be read ({error})", where) from error
    if segment.number != number:
        raise damaged(f"{name} holds segment {segment.number}", where)
    if segment.previous != previous:
        raise damaged(f"segment {number - 1} is not as it was when {name} was written", where)
    if segment.format > newest_format:
        raise LedgerMismatch(
            f"{name} has format {segment.format}; this program knows formats up to {newest_format}",
            where=where,
            remedy="use the newer program that wrote it",
        )
    return segment


def damaged(what: str, where: str) -> LedgerError:
    """What to raise for a branch that is not as it was written."""
    return LedgerError(
        f"the ledger is damaged: {what}",
        where=where,
        remedy="restore that file from an older commit of the branch; nothing was changed here",
    )
