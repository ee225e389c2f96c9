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


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file; line and column start at 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"
