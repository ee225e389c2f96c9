"""Usage in CSV and JSON files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reconciler.model.errors import SourceError
from reconciler.usage.csv_rows import read_csv
from reconciler.usage.json_rows import read_json, read_json_lines
from reconciler.usage.pattern import found
from reconciler.usage.problems import BadRows
from reconciler.usage.rows import RowReader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from reconciler.model.reading import Reading

_READERS: Final = {
    ".csv": read_csv,
    ".json": read_json,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
}


@dataclass(frozen=True, slots=True)
class FileUsage:
    """Every file that fits a pattern, relative to a directory. Together they are one answer."""

    label: str
    pattern: str
    directory: Path

    def collect(self, today: date) -> Sequence[Reading]:
        """The readings of all files.

        Raises `BadRows` with the problems of all of them, or `SourceError` when no file fits the
        pattern: that is not the same as no usage.
        """
        rows = RowReader(self.label, today)
        for path in self._paths():
            if self._leads_out(path):
                rows.refuse(
                    self._shown(path),
                    0,
                    "",
                    "the file is a link that leads out of the configuration's folder",
                    "put the file itself there, or name its own place as `path` in billing.yaml",
                )
            else:
                read_file(path, rows, self._shown(path))
        if rows.problems:
            raise BadRows(self.label, rows.problems)
        return rows.readings

    def _paths(self) -> list[Path]:
        paths = [self.directory / name for name in found(self.pattern, self.directory)]
        # A pipe would be waited for.
        files = [path for path in paths if path.is_file() or not path.exists()]
        if not files:
            raise SourceError(
                "no file fits the pattern",
                where=str(self.directory / self.pattern),
                remedy="put the export there, or correct `path` in billing.yaml",
            )
        return files

    def _leads_out(self, path: Path) -> bool:
        """Who may add usage must not have this machine's files read and told: one of them holds
        what the run was given, passwords too."""
        place, target = Path(os.path.normpath(path)), Path(os.path.realpath(path))
        inside = place.is_relative_to(os.path.normpath(self.directory))
        return inside and not target.is_relative_to(os.path.realpath(self.directory))

    def _shown(self, path: Path) -> str:
        return os.path.relpath(path, self.directory)


def read_file(path: Path, rows: RowReader, shown: str) -> None:
    """Adds a file's rows to ``rows``; what it cannot read at all becomes a problem of the file."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        rows.refuse(
            shown,
            0,
            "",
            f"{path.suffix or 'no ending'!r} is not a kind of usage file",
            f"use one of {', '.join(_READERS)}",
        )
        return
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader(stream, rows, shown)
    except UnicodeDecodeError:
        rows.refuse(
            shown,
            0,
            "",
            "the file is not UTF-8",
            "save it as UTF-8",
        )
    except OSError as error:
        rows.refuse(
            shown,
            0,
            "",
            f"the file cannot be read: {error.strerror or error}",
            "check that it exists and that this user may read it",
        )
