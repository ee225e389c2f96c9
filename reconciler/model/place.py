"""Where in the configuration something stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """A value's file (relative to the configuration's parent) and its path inside the document.

    Line and column are found only when somebody asks, by reading that one file again with care.
    """

    file: str
    path: tuple[str | int, ...] = ()

    @property
    def file_name(self) -> str:
        """The same in two configurations, of which one may be checked out elsewhere."""
        return self.file.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file; line and column start at 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"
