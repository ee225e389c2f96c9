"""Rows of a CSV file."""

from __future__ import annotations

import csv
from difflib import get_close_matches
from typing import TYPE_CHECKING

from reconciler.usage.rows import COLUMNS, REQUIRED

if TYPE_CHECKING:
    from typing import TextIO

    from reconciler.usage.rows import RowReader


def read_csv(stream: TextIO, rows: RowReader, file: str) -> None:
    """Adds every row. The header names the columns, in any order; names are split at ``;``."""
    lines = csv.reader(stream, strict=True)
    try:
        header = [name.strip() for name in next(lines, [])]
        if not _header_fits(header, rows, file):
            return
        missing = {column: "" for column in COLUMNS if column not in header}
        for line in lines:
            if not line:
                continue
            if len(line) != len(header):
                rows.refuse(
                    file,
                    lines.line_num,
                    "",
                    f"has {len(line)} values for {len(header)} columns",
                    "quote values that contain a comma",
                )
            else:
                fields = dict(zip(header, map(str.strip, line), strict=True)) | missing
                rows.add(file, lines.line_num, fields, _names(fields["names"]))
            if rows.full:
                return
    except csv.Error as error:
        rows.refuse(file, lines.line_num, "", f"is not CSV: {error}", "check quotes and line ends")


def _names(text: str) -> tuple[str, ...]:
    if not text:
        return ()
    return tuple(name for name in map(str.strip, text.split(";")) if name)


def _header_fits(header: list[str], rows: RowReader, file: str) -> bool:
    before = len(rows.problems)
    if not any(header):
        rows.refuse(file, 1, "", "the file has no header", f"start it with {','.join(COLUMNS)}")
        return False
    for name in header:
        if name not in COLUMNS:
            near = get_close_matches(name.lower(), COLUMNS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(COLUMNS)}"
            rows.refuse(file, 1, name, "is not a column of usage", hint)
    for name in sorted({name for name in header if header.count(name) > 1}):
        rows.refuse(file, 1, name, "stands twice in the header", "keep one of them")
    for name in REQUIRED:
        if name not in header:
            rows.refuse(file, 1, name, "the column is missing", "add it")
    if "organization" not in header and "organization_id" not in header:
        rows.refuse(
            file, 1, "organization", "the column is missing", "add it, or organization_id, or both"
        )
    return len(rows.problems) == before
